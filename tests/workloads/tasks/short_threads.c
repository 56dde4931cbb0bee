#include "../workload.h"
#include <pthread.h>

#define THREADS 50

static int file;

static void *thread_main(void *argument)
{
	char name[16];

	snprintf(name, sizeof(name), "short-%ld", (long)argument);
	CHECK(pthread_setname_np(pthread_self(), name) == 0);
	GIVES(1, CALL(write, file, "x", 1));
	return NULL;
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	for (long i = 1; i <= THREADS; i++) {
		pthread_t thread;
		CHECK(pthread_create(&thread, NULL, thread_main, (void *)i) == 0);
		CHECK(pthread_join(thread, NULL) == 0);
	}
	workload_end();
	return 0;
}
