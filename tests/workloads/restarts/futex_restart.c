#include "../workload.h"
#include "interrupt.h"
#include <linux/futex.h>

static const struct timespec LONG = { .tv_sec = 100 };

static void script(void)
{
	_Atomic int *word = &workload_shared->step[10];

	until_asleep(&subject, SYS_futex);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[1], 1);
	until_asleep(&subject, SYS_futex);
	GIVES(1, CALL(futex, word, FUTEX_WAKE, 1));

	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_futex);
	stop_and_continue(&subject);
	until_asleep(&subject, SYS_restart_syscall);
	GIVES(1, CALL(futex, word, FUTEX_WAKE, 1));

	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_futex);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

static void handler(int signal)
{
	atomic_fetch_add(&workload_shared->step[1], 1);
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	_Atomic int *word = &workload_shared->step[10];
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(0, CALL(futex, word, FUTEX_WAIT, 0, 0));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(0, CALL(futex, word, FUTEX_WAIT, 0, &LONG));
	workload_reach(&workload_shared->step[0], 2);
	FAILS(EINTR, CALL(futex, word, FUTEX_WAIT, 0, &LONG));
	workload_end();
	workload_join(other);
	return 0;
}
