#include "../workload.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr unconnected = { .sa_family = AF_UNSPEC };
	socklen_t length = sizeof(address);
	char buffer[8];

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(socket, AF_INET, SOCK_DGRAM, 0));
	OK(CALL(bind, 3, &address, sizeof(address)));
	OK(CALL(getsockname, 3, &address, &length));
	GIVES(4, CALL(socket, AF_INET, SOCK_DGRAM, 0));
	GIVES(2, CALL(sendto, 4, "hi", 2, 0, &address, sizeof(address)));
	GIVES(2, CALL(recvfrom, 3, buffer, sizeof(buffer), 0, 0, 0));
	GIVES(2, CALL(sendto, 4, "hi", 2, 0, &address, sizeof(address)));
	OK(CALL(connect, 4, &address, sizeof(address)));
	GIVES(1, CALL(write, 4, "x", 1));
	OK(CALL(connect, 4, &unconnected, sizeof(unconnected)));
	OK(CALL(close, 3));
	address.sin_port = 0;
	OK(CALL(connect, 4, &address, sizeof(address)));
	OK(CALL(close, 4));
	workload_end();
	return 0;
}
