#include "../workload.h"
#include <pthread.h>

static void *thread_main(void *argument)
{
	CALL(exit, 0);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	int status;

	workload_prepare(argc, argv);
	workload_mark_begin();

	CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	pid_t child = OK(fork());
	if (child == 0)
		CALL(exit_group, 7);
	GIVES(child, CALL(wait4, child, &status, 0, 0));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	child = OK(fork());
	if (child == 0)
		CALL(exit, 8);
	GIVES(child, CALL(wait4, child, &status, 0, 0));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 8);
	workload_end();
	return 0;
}
