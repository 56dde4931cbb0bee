#include "../workload.h"
#include "../restarts/interrupt.h"
#include <pthread.h>

#define OWNER 4242

static int ends[2];

static void *reader(void *argument)
{
	char byte;

	workload_shared->value[0] = CALL(gettid);
	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, ends[0], &byte, 1));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		CHECK(pthread_create(&thread, NULL, reader, NULL) == 0);
		workload_wait(&workload_shared->step[0], 1);
		struct watched w = watch(getpid(), workload_shared->value[0]);
		until_asleep(&w, SYS_read);
		/* The C library makes every thread change its user, by a signal to each. */
		OK(setuid(OWNER));
		GIVES(1, CALL(write, ends[1], "x", 1));
		CHECK(pthread_join(thread, NULL) == 0);
		_exit(0);
	}
	workload_join(child);
	workload_end();
	return 0;
}
