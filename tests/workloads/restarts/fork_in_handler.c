#include "../workload.h"
#include "interrupt.h"

static int ends[2];
static pid_t child;

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_read);
	/* One byte for the process and one for its child. */
	GIVES(2, CALL(writev, ends[1], &(struct iovec){ "xy", 2 }, 1));
}

static void handler(int signal)
{
	child = OK(fork());
	if (child)
		workload_reach(&workload_shared->step[0], 1);
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
	if (child == 0)
		_exit(0);
	workload_join(child);
	workload_end();
	workload_join(other);
	return 0;
}
