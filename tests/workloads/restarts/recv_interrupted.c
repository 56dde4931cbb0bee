#include "../workload.h"
#include "interrupt.h"
#include <sys/socket.h>

static int ends[2];

static void script(void)
{
	until_asleep(&subject, SYS_recvfrom);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_recvfrom);
	OK(CALL(kill, subject.pid, SIGUSR2));
	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_recvfrom);
	GIVES(3, CALL(writev, ends[1], &(struct iovec){ "abc", 3 }, 1));
	workload_wait(&workload_shared->step[0], 3);
	until_asleep(&subject, SYS_recvfrom);
	OK(CALL(kill, subject.pid, SIGUSR2));
}

static void handler(int signal)
{
	if (signal == SIGUSR2 && workload_shared->step[0] < 2)
		workload_reach(&workload_shared->step[0], 2);
}

int main(int argc, char **argv)
{
	char bytes[8];
	struct timeval limit = { .tv_sec = 100 };

	workload_prepare(argc, argv);
	OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	on_signal(SIGUSR1, handler, 0);
	on_signal(SIGUSR2, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(recvfrom, ends[0], bytes, 8, 0, 0, 0));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(3, CALL(recvfrom, ends[0], bytes, 8, 0, 0, 0));
	/* With a limit of its own a receive does not start again, whatever the handler asks for. */
	OK(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	workload_reach(&workload_shared->step[0], 3);
	FAILS(EINTR, CALL(recvfrom, ends[0], bytes, 8, 0, 0, 0));
	workload_end();
	workload_join(other);
	return 0;
}
