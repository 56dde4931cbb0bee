#include "../workload.h"
#include "../restarts/interrupt.h"
#include <pthread.h>

static int ends[2];

static void *reader(void *argument)
{
	char byte;

	workload_shared->value[0] = CALL(gettid);
	workload_reach(&workload_shared->step[0], 1);
	CALL(read, ends[0], &byte, 1);
	workload_fail("the process was to end", __LINE__, 0);
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
		CALL(exit_group, 0);
	}
	workload_join(child);
	workload_end();
	return 0;
}
