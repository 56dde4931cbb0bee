#include "../workload.h"
#include <pthread.h>
#include <sys/prctl.h>

static int file;

static void *thread_main(void *argument)
{
	/* The C library names the calling thread by prctl. */
	CHECK(pthread_setname_np(pthread_self(), "named-itself") == 0);
	GIVES(1, CALL(write, file, "1", 1));
	workload_shared->value[0] = CALL(gettid);
	workload_reach(&workload_shared->step[0], 1);
	workload_wait(&workload_shared->step[1], 1);
	GIVES(1, CALL(write, file, "2", 1));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char path[64];

	workload_prepare(argc, argv);
	OK(prctl(PR_SET_NAME, "leader"));
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	snprintf(path, sizeof(path), "/proc/self/task/%ld/comm", workload_shared->value[0]);
	GIVES(4, CALL(openat, AT_FDCWD, path, O_RDWR));
	GIVES(5, CALL(write, 4, "other", 5));
	OK(CALL(close, 4));
	GIVES(1, CALL(write, file, "3", 1));
	workload_reach(&workload_shared->step[1], 1);
	CHECK(pthread_join(thread, NULL) == 0);
	workload_end();
	return 0;
}
