#include "../workload.h"
#include <sys/socket.h>

int main(int argc, char **argv)
{
	int ends[2];
	char bytes[3][16] = { "one", "three", "" };
	struct iovec parts[3] = { { bytes[0], 3 }, { bytes[1], 5 }, { bytes[2], 16 } };
	struct mmsghdr messages[3] = { { .msg_hdr = { .msg_iov = &parts[0], .msg_iovlen = 1 } },
				       { .msg_hdr = { .msg_iov = &parts[1], .msg_iovlen = 1 } },
				       { .msg_hdr = { .msg_iov = &parts[2], .msg_iovlen = 1 } } };

	workload_prepare(argc, argv);
	OK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	workload_mark_begin();

	GIVES(2, CALL(sendmmsg, ends[1], messages, 2, 0));
	GIVES(2, CALL(recvmmsg, ends[0], messages, 3, MSG_DONTWAIT, 0));
	FAILS(EAGAIN, CALL(recvmmsg, ends[0], messages, 3, MSG_DONTWAIT, 0));
	workload_end();
	return 0;
}
