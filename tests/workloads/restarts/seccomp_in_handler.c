#include "../workload.h"
#include "interrupt.h"
#include "seccomp.h"

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

/* The interrupted call's own number, answered by the filter: an exit without an enter. */
static void handler(int signal)
{
	char byte;

	FAILS(EPERM, CALL(read, 99, &byte, 1));
	FAILS(EPERM, CALL(read, 99, &byte, 1));
	workload_reach(&workload_shared->step[0], 1);
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	filter_calls(SYS_read, 99, SECCOMP_RET_ERRNO | EPERM, 0);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0], &byte, 1));
	workload_end();
	workload_join(other);
	return 0;
}
