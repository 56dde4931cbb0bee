#include "../workload.h"
#include "interrupt.h"

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

static void handler(int signal)
{
	char byte;

	GIVES(1, CALL(write, ends[1], "i", 1));
	GIVES(1, CALL(read, ends[0], &byte, 1));
	FAILS(EBADF, CALL(close, 77));
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, handler, 0);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(read, ends[0], &byte, 1));
	OK(CALL(close, ends[0]));
	workload_end();
	workload_join(other);
	return 0;
}
