/*
 * Calls that carry their number: `serials THREADS`. Each thread closes the descriptors FIRST, FIRST + 1, …, none of which is
 * open, until standard input ends. Between it computes for some microseconds, so that a reader on the same cores keeps up. Then "THREAD_ID CALLS" is written for each. Nothing else in it
 * closes a descriptor of such a number.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST 1000000L
#define THREADS 8
#define STEPS 5000

static volatile int is_over;

struct work {
	pthread_t thread;
	long id, calls;
};

static void *make_calls(void *given)
{
	struct work *work = given;

	work->id = syscall(SYS_gettid);
	while (!is_over) {
		syscall(SYS_close, FIRST + work->calls++);
		for (volatile int step = 0; step < STEPS; step++)
			;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static struct work work[THREADS];
	int threads = argc == 2 ? atoi(argv[1]) : 0;
	char byte;

	if (threads < 1 || threads > THREADS)
		return 98;
	for (int i = 0; i < threads; i++)
		if (pthread_create(&work[i].thread, NULL, make_calls, &work[i]) != 0)
			return 97;
	while (read(0, &byte, 1) > 0)
		;
	is_over = 1;
	for (int i = 0; i < threads; i++) {
		pthread_join(work[i].thread, NULL);
		printf("%ld %ld\n", work[i].id, work[i].calls);
	}
	return 0;
}
