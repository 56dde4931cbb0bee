#include "../workload.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	char out[100] = "x", in[100];
	struct iovec parts[2] = { { in, 4 }, { in + 10, 6 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);

	workload_prepare(argc, argv);
	int receiver = OK(socket(AF_INET, SOCK_DGRAM, 0)), sender = OK(socket(AF_INET, SOCK_DGRAM, 0));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	OK(bind(receiver, (struct sockaddr *)&address, length));
	OK(getsockname(receiver, (struct sockaddr *)&address, &length));
	for (int i = 0; i < 5; i++)
		GIVES(100, sendto(sender, out, 100, 0, (struct sockaddr *)&address, length));
	workload_mark_begin();

	/* The value is the datagram's length, not what came into the buffer. */
	GIVES(100, CALL(recvfrom, receiver, in, 10, MSG_TRUNC | MSG_PEEK, 0, 0));
	GIVES(100, CALL(recvfrom, receiver, in, 10, MSG_TRUNC, 0, 0));
	GIVES(100, CALL(recvmsg, receiver, &message, MSG_TRUNC));
	GIVES(10, CALL(recvfrom, receiver, in, 10, 0, 0, 0));
	GIVES(10, CALL(recvmsg, receiver, &message, 0));
	GIVES(100, CALL(recvfrom, receiver, in, 100, MSG_TRUNC, 0, 0));
	workload_end();
	return 0;
}
