#include "../workload.h"
#include <sys/fanotify.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(mkdir("w", 0755));
	workload_file("w/f", "");
	workload_mark_begin();

	GIVES(3, CALL(fanotify_init, FAN_CLASS_NOTIF | FAN_NONBLOCK, O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "w", O_PATH));
	OK(CALL(fanotify_mark, 3, FAN_MARK_ADD, FAN_MODIFY, AT_FDCWD, "w/f"));
	OK(CALL(fanotify_mark, 3, FAN_MARK_ADD, FAN_MODIFY, 4, "f"));
	FAILS(ENOENT, CALL(fanotify_mark, 3, FAN_MARK_ADD, FAN_MODIFY, 4, "missing"));
	FAILS(EBADF, CALL(fanotify_mark, 99, FAN_MARK_ADD, FAN_MODIFY, 4, "f"));
	OK(CALL(close, 4));
	GIVES(4, CALL(openat, AT_FDCWD, "w", O_RDONLY));
	OK(CALL(fanotify_mark, 3, FAN_MARK_ADD, FAN_OPEN, 4, 0));
	workload_end();
	return 0;
}
