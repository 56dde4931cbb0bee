#include "../workload.h"
#include "interrupt.h"

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGCHLD));
	OK(CALL(kill, subject.pid, SIGWINCH));
	OK(CALL(kill, subject.pid, SIGUSR1));
	OK(CALL(kill, subject.pid, SIGUSR2));
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

int main(int argc, char **argv)
{
	char byte;
	sigset_t blocked;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, SIG_IGN, 0);
	on_signal(SIGUSR2, count_signal, 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	OK(sigprocmask(SIG_BLOCK, &blocked, NULL));
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0], &byte, 1));
	CHECK(handled == 0);
	workload_end();
	workload_join(other);
	return 0;
}
