#include "../workload.h"
#include "interrupt.h"
#include <poll.h>

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_poll);
	stop_and_continue(&subject);
	until_asleep(&subject, SYS_restart_syscall);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));

	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_poll);
	stop_and_continue(&subject);
	until_asleep(&subject, SYS_restart_syscall);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, count_signal, SA_RESTART);
	pid_t other = start_other(script);
	struct pollfd wait = { .fd = ends[0], .events = POLLIN };
	workload_mark_begin();

	GIVES(1, CALL(poll, &wait, 1, 100000));
	GIVES(1, CALL(read, ends[0], &byte, 1));
	workload_reach(&workload_shared->step[0], 1);
	FAILS(EINTR, CALL(poll, &wait, 1, 100000));
	workload_end();
	workload_join(other);
	return 0;
}
