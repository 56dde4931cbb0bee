#include "../workload.h"

int main(int argc, char **argv)
{
	uint64_t signals = 1 << (SIGUSR1 - 1), count = 1;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(eventfd2, 0, 0));
	GIVES(4, CALL(timerfd_create, CLOCK_MONOTONIC, 0));
	GIVES(5, CALL(signalfd4, -1, &signals, 8, 0));
	GIVES(6, CALL(epoll_create1, 0));
	GIVES(5, CALL(signalfd4, 5, &signals, 8, 0));
	FAILS(EINVAL, CALL(signalfd4, 3, &signals, 8, 0));
	FAILS(EINVAL, CALL(eventfd2, 0, -1));
	GIVES(8, CALL(write, 3, &count, 8));
	GIVES(8, CALL(read, 3, &count, 8));
	for (int fd = 3; fd < 7; fd++)
		OK(CALL(close, fd));
	workload_end();
	return 0;
}
