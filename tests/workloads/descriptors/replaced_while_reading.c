#include "../workload.h"
#include <pthread.h>

static void *reader(void *unused)
{
	char byte;

	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, 3, &byte, 1));
	CHECK(byte == 'x');
	return NULL;
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	int ends[2];

	CHECK(pipe(ends) == 0 && ends[0] == 3 && ends[1] == 4);
	workload_mark_begin();

	pthread_t thread;

	GIVES(5, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	CHECK(pthread_create(&thread, NULL, reader, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	/* Long enough for the reader to be asleep in its call. */
	usleep(100000);
	GIVES(3, CALL(dup2, 5, 3));
	GIVES(1, CALL(write, 4, "x", 1));
	CHECK(pthread_join(thread, NULL) == 0);
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
