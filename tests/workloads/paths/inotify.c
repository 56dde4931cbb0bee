#include "../workload.h"
#include <sys/inotify.h>

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("w", 0755));
	workload_file("w/f", "");
	workload_mark_begin();

	GIVES(3, CALL(inotify_init1, IN_NONBLOCK));
	GIVES(1, CALL(inotify_add_watch, 3, "w", IN_OPEN));
	GIVES(2, CALL(inotify_add_watch, 3, "w/../w/f", IN_OPEN));
	FAILS(ENOENT, CALL(inotify_add_watch, 3, "missing", IN_OPEN));
	FAILS(EBADF, CALL(inotify_add_watch, 99, "w", IN_OPEN));
	FAILS(EAGAIN, CALL(read, 3, buffer, sizeof(buffer)));
	OK(CALL(inotify_rm_watch, 3, 1));
	FAILS(EINVAL, CALL(inotify_rm_watch, 0, 1));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
