#include "../workload.h"
#include "interrupt.h"
#include <sys/epoll.h>

static void script(void)
{
	until_asleep(&subject, SYS_epoll_wait);
	stop_and_continue(&subject);
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_epoll_wait);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

int main(int argc, char **argv)
{
	struct epoll_event event;

	workload_prepare(argc, argv);
	int poll = OK(epoll_create1(0));
	on_signal(SIGUSR1, count_signal, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(epoll_wait, poll, &event, 1, -1));
	workload_reach(&workload_shared->step[0], 1);
	FAILS(EINTR, CALL(epoll_wait, poll, &event, 1, -1));
	CHECK(handled == 1);
	workload_end();
	workload_join(other);
	return 0;
}
