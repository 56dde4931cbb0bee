#include "../workload.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t length = sizeof(address);
	char byte;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(socket, AF_INET6, SOCK_STREAM, 0));
	OK(CALL(bind, 3, &address, sizeof(address)));
	OK(CALL(listen, 3, 5));
	OK(CALL(getsockname, 3, &address, &length));
	GIVES(4, CALL(socket, AF_INET6, SOCK_STREAM, 0));
	OK(CALL(connect, 4, &address, sizeof(address)));
	GIVES(5, CALL(accept4, 3, 0, 0, 0));
	GIVES(2, CALL(write, 4, "hi", 2));
	GIVES(1, CALL(read, 5, &byte, 1));
	GIVES(1, CALL(recvfrom, 5, &byte, 1, 0, 0, 0));
	GIVES(1, CALL(sendto, 5, "x", 1, 0, 0, 0));
	OK(CALL(getpeername, 4, &address, &length));
	FAILS(EBADF, CALL(accept4, 99, 0, 0, 0));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
