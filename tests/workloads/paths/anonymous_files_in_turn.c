#include "../workload.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_mark_begin();

	for (int i = 0; i < 2; i++) {
		GIVES(3, CALL(epoll_create1, 0));
		OK(CALL(close, 3));
		GIVES(3, CALL(timerfd_create, CLOCK_MONOTONIC, 0));
		OK(CALL(close, 3));
		GIVES(3, CALL(eventfd2, 0, 0));
		OK(CALL(close, 3));
		GIVES(3, CALL(inotify_init1, 0));
		OK(CALL(close, 3));
	}
	workload_end();
	return 0;
}
