#include "../workload.h"
#include "../restarts/interrupt.h"
#include <pthread.h>
#include <sys/prctl.h>

static int ends[2];

static void *thread_main(void *argument)
{
	char byte;

	OK(prctl(PR_SET_NAME, "at-the-enter"));
	workload_shared->value[0] = CALL(gettid);
	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, ends[0], &byte, 1));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char path[64];

	workload_prepare(argc, argv);
	OK(pipe(ends));
	workload_mark_begin();

	CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
	workload_wait(&workload_shared->step[0], 1);
	struct watched w = watch(getpid(), workload_shared->value[0]);
	until_asleep(&w, SYS_read);
	snprintf(path, sizeof(path), "/proc/self/task/%ld/comm", workload_shared->value[0]);
	int name = OK(CALL(open, path, O_RDWR));
	GIVES(11, CALL(writev, name, &(struct iovec){ "at-the-exit", 11 }, 1));
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
	CHECK(pthread_join(thread, NULL) == 0);
	workload_end();
	return 0;
}
