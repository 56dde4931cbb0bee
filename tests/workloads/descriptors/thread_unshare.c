#include "../workload.h"
#include <pthread.h>

static void *other_thread(void *unused)
{
	char buffer[64];

	OK(CALL(unshare, CLONE_FILES));
	OK(CALL(close, 3));
	GIVES(3, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	workload_reach(&workload_shared->step[0], 1);
	workload_wait(&workload_shared->step[1], 1);
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	return NULL;
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	char buffer[64];
	pthread_t thread;

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	CHECK(pthread_create(&thread, NULL, other_thread, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	GIVES(2, CALL(read, 3, buffer, 2));
	workload_reach(&workload_shared->step[1], 1);
	CHECK(pthread_join(thread, NULL) == 0);
	GIVES(3, CALL(read, 3, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
