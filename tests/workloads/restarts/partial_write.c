#include "../workload.h"
#include "interrupt.h"

static int ends[2];
static char block[100000];

static void script(void)
{
	until_asleep(&subject, SYS_write);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	/* Now the pipe is full from the begin. */
	until_asleep(&subject, SYS_write);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(pipe(ends));
	GIVES(65536, fcntl(ends[1], F_GETPIPE_SZ));
	on_signal(SIGUSR1, count_signal, 0);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(65536, CALL(write, ends[1], block, sizeof(block)));
	workload_reach(&workload_shared->step[0], 1);
	FAILS(EINTR, CALL(write, ends[1], block, sizeof(block)));
	workload_end();
	workload_join(other);
	return 0;
}
