#include "../workload.h"
#include "interrupt.h"
#include <sys/select.h>

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_select);
	stop_and_continue(&subject);
	UNTIL(state_of(&subject) == 'S');
	until_asleep(&subject, SYS_select);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));

	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_pselect6);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

int main(int argc, char **argv)
{
	fd_set set;
	struct timeval limit = { .tv_sec = 100 };

	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, count_signal, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	GIVES(1, CALL(select, ends[0] + 1, &set, 0, 0, &limit));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(-1, CALL(pselect6, 0, 0, 0, 0, 0, 0));
	CHECK(errno == EINTR && handled == 1);
	workload_end();
	workload_join(other);
	return 0;
}
