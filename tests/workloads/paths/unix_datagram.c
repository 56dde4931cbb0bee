#include "../workload.h"
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length;
	int pair[2];
	char buffer[8];

	workload_prepare(argc, argv);
	/* Abstract names are one space for the machine. */
	length = offsetof(struct sockaddr_un, sun_path) + 1 +
		 snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "ior-workload-%d", getpid());
	workload_mark_begin();

	GIVES(3, CALL(socket, AF_UNIX, SOCK_DGRAM, 0));
	OK(CALL(bind, 3, &address, length));
	GIVES(4, CALL(socket, AF_UNIX, SOCK_DGRAM, 0));
	OK(CALL(connect, 4, &address, length));
	GIVES(2, CALL(write, 4, "hi", 2));
	GIVES(2, CALL(read, 3, buffer, sizeof(buffer)));
	OK(CALL(socketpair, AF_UNIX, SOCK_SEQPACKET, 0, pair));
	GIVES(1, CALL(write, pair[0], "x", 1));
	OK(CALL(close, pair[1]));
	OK(CALL(close, pair[0]));
	workload_end();
	return 0;
}
