#include "../workload.h"
#include <pthread.h>

static void *other_thread(void *unused)
{
	struct stat facts;

	OK(CALL(chdir, (long)"sub"));
	workload_reach(&workload_shared->step[0], 1);
	workload_wait(&workload_shared->step[1], 1);
	OK(CALL(unshare, CLONE_FS));
	OK(CALL(chdir, (long)"/"));
	FAILS(ENOENT, CALL(stat, (long)"a-file-that-is-not-there", &facts));
	workload_reach(&workload_shared->step[0], 2);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	struct stat facts;

	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_mark_begin();

	CHECK(pthread_create(&thread, NULL, other_thread, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	FAILS(ENOENT, CALL(stat, (long)"a", &facts));
	workload_reach(&workload_shared->step[1], 1);
	workload_wait(&workload_shared->step[0], 2);
	FAILS(ENOENT, CALL(stat, (long)"a", &facts));
	CHECK(pthread_join(thread, NULL) == 0);
	workload_end();
	return 0;
}
