#include "../workload.h"
#include <sys/fanotify.h>

int main(int argc, char **argv)
{
	struct fanotify_event_metadata event;
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("watched", 0755));
	workload_file("watched/a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(fanotify_init, FAN_CLASS_NOTIF, O_RDONLY));
	OK(CALL(fanotify_mark, 3, FAN_MARK_ADD, FAN_OPEN | FAN_EVENT_ON_CHILD, AT_FDCWD, "watched"));
	GIVES(4, CALL(openat, AT_FDCWD, "watched/a", O_RDONLY));
	OK(CALL(close, 4));
	GIVES(sizeof(event), CALL(read, 3, &event, sizeof(event)));
	CHECK(event.fd == 4);
	GIVES(5, CALL(read, 4, buffer, sizeof(buffer)));
	OK(CALL(close, 4));
	workload_end();
	return 0;
}
