#include "../workload.h"
#include "interrupt.h"
#include <pthread.h>

static int leaders[2], threads[2];

static void script(void)
{
	workload_wait(&workload_shared->step[0], 1);
	pid_t thread = workload_shared->value[0];
	struct watched w = watch(subject.pid, thread);

	until_asleep(&subject, SYS_read);
	until_asleep(&w, SYS_read);
	OK(CALL(tgkill, subject.pid, thread, SIGUSR1));
	workload_wait(&workload_shared->step[1], 1);
	until_asleep(&w, SYS_read);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, threads[1], &(struct iovec){ "t", 1 }, 1));
	workload_wait(&workload_shared->step[2], 1);
	GIVES(1, CALL(writev, leaders[1], &(struct iovec){ "l", 1 }, 1));
}

static void handler(int signal)
{
	CHECK(CALL(gettid) == workload_shared->value[0]);
	workload_reach(&workload_shared->step[1], 1);
}

static void *thread_main(void *argument)
{
	char byte;

	workload_shared->value[0] = CALL(gettid);
	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, threads[0], &byte, 1));
	workload_reach(&workload_shared->step[2], 1);
	return NULL;
}

int main(int argc, char **argv)
{
	char byte;
	pthread_t thread;

	workload_prepare(argc, argv);
	OK(pipe(leaders));
	OK(pipe(threads));
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	CHECK(pthread_create(&thread, NULL, thread_main, NULL) == 0);
	GIVES(1, CALL(read, leaders[0], &byte, 1));
	CHECK(pthread_join(thread, NULL) == 0);
	workload_end();
	workload_join(other);
	return 0;
}
