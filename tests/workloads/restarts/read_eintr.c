#include "../workload.h"
#include "interrupt.h"

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, count_signal, 0);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(read, ends[0], &byte, 1));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, ends[0], &byte, 1));
	CHECK(handled == 1);
	workload_end();
	workload_join(other);
	return 0;
}
