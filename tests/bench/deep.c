/* deep FRAMES SECONDS: reads and writes a byte by turns, below so many functions; prints "read-write", calls and nanoseconds of the processor. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static __attribute__((noinline)) long loop(int frames, long ns, int ends[2])
{
	long calls = 0, start = now_ns(), until = start + ns, end;
	char byte = 0;

	if (frames > 0) {
		calls = loop(frames - 1, ns, ends);
		/* What follows keeps the call from being a jump. */
		__asm__ volatile("");
		return calls;
	}
	do {
		for (int i = 0; i < 1000; i++) {
			if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
				exit(1);
		}
		calls += 2000;
	} while ((end = now_ns()) < until);
	printf("read-write %ld %ld\n", calls, end - start);
	return calls;
}

int main(int count, char **words)
{
	int ends[2];

	if (count != 3 || pipe(ends))
		return 1;
	loop(atoi(words[1]), atof(words[2]) * 1e9, ends);
	return 0;
}
