#include "../workload.h"
#include <pthread.h>

static int file;

static void *thread_main(void *argument)
{
	GIVES(1, CALL(write, file, "t", 1));
	GIVES(1, CALL(write, file, "t", 1));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	workload_prepare(argc, argv);
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	GIVES(1, CALL(write, file, "m", 1));
	CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	GIVES(1, CALL(write, file, "m", 1));
	pid_t child = OK(fork());
	if (child == 0) {
		GIVES(1, CALL(write, file, "c", 1));
		GIVES(1, CALL(write, file, "c", 1));
		_exit(0);
	}
	workload_join(child);
	workload_end();
	return 0;
}
