#include "../workload.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define PARTS 40

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	char out[200] = "x", in[PARTS];
	struct iovec parts[PARTS];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = PARTS };

	for (int i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){ in + i, 1 };
	workload_prepare(argc, argv);
	int receiver = OK(socket(AF_INET, SOCK_DGRAM, 0)), sender = OK(socket(AF_INET, SOCK_DGRAM, 0));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	OK(bind(receiver, (struct sockaddr *)&address, length));
	OK(getsockname(receiver, (struct sockaddr *)&address, &length));
	GIVES(200, sendto(sender, out, 200, 0, (struct sockaddr *)&address, length));
	workload_mark_begin();

	GIVES(200, CALL(recvmsg, receiver, &message, MSG_TRUNC));
	workload_end();
	return 0;
}
