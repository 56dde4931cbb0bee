#include "../workload.h"
#include "../restarts/interrupt.h"
#include <pthread.h>
#include <sys/prctl.h>

static int file;

static void *thread_main(void *argument)
{
	struct watched leader = watch(getpid(), getpid());

	OK(prctl(PR_SET_NAME, "survivor"));
	workload_reach(&workload_shared->step[0], 1);
	UNTIL(state_of(&leader) == 'Z');
	GIVES(1, CALL(write, file, "t", 1));
	OK(CALL(close, file));
	CALL(exit_group, 0);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	workload_prepare(argc, argv);
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		OK(prctl(PR_SET_NAME, "leader"));
		CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
		workload_wait(&workload_shared->step[0], 1);
		GIVES(1, CALL(write, file, "l", 1));
		CALL(exit, 0);
	}
	workload_join(child);
	workload_end();
	return 0;
}
