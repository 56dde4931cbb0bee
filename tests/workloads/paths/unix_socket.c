#include "../workload.h"
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
	socklen_t length = offsetof(struct sockaddr_un, sun_path) + sizeof("socket");
	struct stat facts;
	char byte;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(socket, AF_UNIX, SOCK_STREAM, 0));
	OK(CALL(bind, 3, &address, length));
	OK(CALL(listen, 3, 5));
	OK(CALL(stat, (long)"socket", &facts));
	GIVES(4, CALL(socket, AF_UNIX, SOCK_STREAM, 0));
	OK(CALL(connect, 4, &address, length));
	GIVES(5, CALL(accept, 3, 0, 0));
	GIVES(2, CALL(write, 4, "hi", 2));
	GIVES(1, CALL(read, 5, &byte, 1));
	OK(CALL(unlink, (long)"socket"));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
