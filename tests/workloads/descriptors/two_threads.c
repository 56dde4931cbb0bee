#include "../workload.h"
#include <pthread.h>

static void *turns(void *number)
{
	char buffer[64];
	int me = (long)number;

	for (int turn = me; turn < 6; turn += 2) {
		workload_wait(&workload_shared->step[0], turn);
		GIVES(3, CALL(openat, AT_FDCWD, me ? "b" : "a", O_RDONLY));
		GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
		OK(CALL(close, 3));
		workload_reach(&workload_shared->step[0], turn + 1);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	pthread_t threads[2];

	for (long i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, turns, (void *)i) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	FAILS(EBADF, CALL(close, 3));
	workload_end();
	return 0;
}
