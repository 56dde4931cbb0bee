#include "../workload.h"
#include <sys/socket.h>

int main(int argc, char **argv)
{
	int ends[2];
	char bytes[64];
	struct iovec part = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	workload_prepare(argc, argv);
	OK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	workload_mark_begin();

	GIVES(5, CALL(sendto, ends[1], "hello", 5, 0, 0, 0));
	GIVES(5, CALL(recvfrom, ends[0], bytes, 64, MSG_PEEK, 0, 0));
	GIVES(5, CALL(recvmsg, ends[0], &message, MSG_PEEK));
	GIVES(2, CALL(recvfrom, ends[0], bytes, 2, 0, 0, 0));
	GIVES(3, CALL(recvmsg, ends[0], &message, 0));
	FAILS(EAGAIN, CALL(recvfrom, ends[0], bytes, 64, MSG_PEEK | MSG_DONTWAIT, 0, 0));
	FAILS(EAGAIN, CALL(recvmsg, ends[0], &message, MSG_DONTWAIT));
	/* Sending knows no MSG_PEEK and takes it for nothing. */
	GIVES(4, CALL(sendto, ends[1], "once", 4, MSG_PEEK, 0, 0));
	workload_end();
	return 0;
}
