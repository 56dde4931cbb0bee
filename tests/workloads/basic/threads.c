#include "../workload.h"
#include <pthread.h>
#include <sys/prctl.h>

static void *worker(void *unused)
{
	CHECK(prctl(PR_SET_NAME, "worker") == 0);
	GIVES(1, CALL(write, 3, "w", 1));
	GIVES(4, CALL(open, "b", O_RDWR | O_CREAT, 0644));
	workload_reach(&workload_shared->step[0], 1);
	workload_wait(&workload_shared->step[1], 1);
	FAILS(EBADF, CALL(write, 3, "w", 1));
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	workload_begin(argc, argv);

	GIVES(3, CALL(open, "a", O_RDWR | O_CREAT, 0644));
	CHECK(pthread_create(&thread, NULL, worker, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	GIVES(2, CALL(write, 4, "mm", 2));
	OK(CALL(close, 3));
	workload_reach(&workload_shared->step[1], 1);
	CHECK(pthread_join(thread, NULL) == 0);

	workload_end();
	return 0;
}
