#include "../workload.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);
	char buffer[8];

	workload_prepare(argc, argv);
	CHECK(length == sizeof(struct sockaddr_in));
	workload_mark_begin();

	GIVES(3, CALL(socket, AF_INET, SOCK_STREAM, 0));
	GIVES(0, CALL(bind, 3, &address, sizeof(address)));
	GIVES(0, CALL(listen, 3, 5));
	GIVES(0, CALL(getsockname, 3, &address, &length));
	GIVES(4, CALL(socket, AF_INET, SOCK_STREAM, 0));
	FAILS(EADDRINUSE, CALL(bind, 4, &address, sizeof(address)));
	GIVES(0, CALL(connect, 4, &address, sizeof(address)));
	GIVES(5, CALL(accept4, 3, NULL, NULL, SOCK_CLOEXEC));
	GIVES(5, CALL(sendto, 4, "hello", 5, 0, NULL, 0));
	GIVES(5, CALL(recvfrom, 5, buffer, sizeof(buffer), 0, NULL, NULL));
	GIVES(2, CALL(write, 5, "hi", 2));
	GIVES(2, CALL(read, 4, buffer, sizeof(buffer)));
	FAILS(EAGAIN, CALL(recvfrom, 5, buffer, sizeof(buffer), MSG_DONTWAIT, NULL, NULL));
	GIVES(0, CALL(fcntl, 3, F_SETFL, O_NONBLOCK));
	FAILS(EAGAIN, CALL(accept, 3, NULL, NULL));
	GIVES(0, CALL(shutdown, 4, SHUT_WR));
	GIVES(0, CALL(recvfrom, 5, buffer, sizeof(buffer), 0, NULL, NULL));
	OK(CALL(close, 4));
	OK(CALL(close, 5));
	OK(CALL(close, 3));
	GIVES(3, CALL(socket, AF_INET, SOCK_STREAM, 0));
	FAILS(ECONNREFUSED, CALL(connect, 3, &address, sizeof(address)));
	FAILS(ENOTCONN, CALL(shutdown, 3, SHUT_RDWR));
	FAILS(ENOTSOCK, CALL(sendto, 0, "x", 1, 0, NULL, 0));
	FAILS(EBADF, CALL(listen, 44, 1));
	FAILS(EAFNOSUPPORT, CALL(socket, 77, SOCK_STREAM, 0));

	workload_end();
	return 0;
}
