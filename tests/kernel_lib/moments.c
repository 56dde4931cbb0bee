/*
 * Makes calls and says when: `moments FILE ACTION...`. FILE is opened once, at the start. Actions are
 *
 *   fN   N calls of pread64 from FILE, a millisecond apart
 *   bN   N of them at once
 *   s    a read from a pipe that takes at least 150 ms
 *   e    a pread64 from FILE that fails with EINVAL
 *
 * At the end it writes a line for each call of f, s and e: the action, and the time before and after the call, nanoseconds of
 * the boot clock, which is that of the kernel's records. Between a call and its times nothing else is done.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

#define MOST_CALLS 100000
#define SLOW_NS 150000000L

static struct { char action; long before, after; } calls[MOST_CALLS];
static long made;

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time.tv_sec * 1000000000L + time.tv_nsec;
}

static void pause_ns(long ns)
{
	struct timespec time = { 0, ns };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static void note(char action, long before)
{
	if (made == MOST_CALLS)
		exit(98);
	calls[made].action = action;
	calls[made].before = before;
	calls[made++].after = now();
}

static void slow(void)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		exit(97);
	pid_t writer = fork();
	if (writer == 0) {
		until_asleep(getppid());
		pause_ns(SLOW_NS);
		_exit(write(ends[1], "x", 1) != 1);
	}
	long before = now();
	if (read(ends[0], &byte, 1) != 1)
		exit(96);
	note('s', before);
	waitpid(writer, NULL, 0);
	close(ends[0]);
	close(ends[1]);
}

int main(int argc, char **argv)
{
	char byte;
	int file = open(argv[1], O_RDONLY);

	for (int i = 2; i < argc; i++) {
		long count = atol(argv[i] + 1);

		for (long j = 0; argv[i][0] == 'b' && j < count; j++)
			syscall(SYS_pread64, file, &byte, 1L, 0L);
		for (long j = 0; argv[i][0] == 'f' && j < count; j++) {
			long before = now();

			syscall(SYS_pread64, file, &byte, 1L, 0L);
			note('f', before);
			pause_ns(1000000);
		}
		if (argv[i][0] == 's')
			slow();
		if (argv[i][0] == 'e') {
			long before = now();

			syscall(SYS_pread64, file, &byte, 1L, -1L);
			note('e', before);
		}
	}
	for (long i = 0; i < made; i++)
		printf("%c %ld %ld\n", calls[i].action, calls[i].before, calls[i].after);
	return 0;
}
