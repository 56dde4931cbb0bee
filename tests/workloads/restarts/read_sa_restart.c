#include "../workload.h"
#include "interrupt.h"

static int ends[2];

static void script(void)
{
	for (int i = 0; i < 3; i++) {
		until_asleep(&subject, SYS_read);
		OK(CALL(kill, subject.pid, SIGUSR1));
		workload_wait(&workload_shared->step[0], i + 1);
	}
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

static void handler(int signal)
{
	atomic_fetch_add(&workload_shared->step[0], 1);
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0], &byte, 1));
	CHECK(workload_shared->step[0] == 3);
	workload_end();
	workload_join(other);
	return 0;
}
