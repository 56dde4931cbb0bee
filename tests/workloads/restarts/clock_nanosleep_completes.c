#include "../workload.h"
#include "interrupt.h"
#include <pthread.h>

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_clock_nanosleep);
	stop_and_continue(&subject);
	until_asleep(&subject, SYS_restart_syscall);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

/* Uses the processor time that the sleeper waits for, but not before the other process says so. */
static void *burn(void *argument)
{
	char byte;

	GIVES(1, CALL(readv, ends[0], &(struct iovec){ &byte, 1 }, 1));
	workload_wait(&workload_shared->step[0], 1);
	return NULL;
}

int main(int argc, char **argv)
{
	const struct timespec used = { .tv_nsec = 10000000 };
	struct timespec left;
	pthread_t burner;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	pid_t other = start_other(script);
	CHECK(pthread_create(&burner, NULL, burn, NULL) == 0);
	workload_mark_begin();

	GIVES(0, CALL(clock_nanosleep, CLOCK_PROCESS_CPUTIME_ID, 0, &used, &left));
	workload_reach(&workload_shared->step[0], 1);
	workload_end();
	CHECK(pthread_join(burner, NULL) == 0);
	workload_join(other);
	return 0;
}
