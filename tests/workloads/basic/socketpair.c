#include "../workload.h"
#include <sys/socket.h>
int main(int argc, char **argv)
{
	int ends[2];
	char buffer[8];

	workload_prepare(argc, argv);
	memset(buffer, 0, sizeof(buffer));
	workload_mark_begin();

	GIVES(0, CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, ends));
	GIVES(5, CALL(write, 3, "hello", 5));
	GIVES(5, CALL(read, 4, buffer, sizeof(buffer)));
	GIVES(2, CALL(sendto, 4, "hi", 2, 0, NULL, 0));
	GIVES(2, CALL(recvfrom, 3, buffer, sizeof(buffer), 0, NULL, NULL));
	GIVES(0, CALL(socketpair, AF_UNIX, SOCK_DGRAM, 0, ends));
	GIVES(3, CALL(write, 5, "dgm", 3));
	FAILS(EAGAIN, CALL(recvfrom, 3, buffer, sizeof(buffer), MSG_DONTWAIT, NULL, NULL));
	FAILS(EAFNOSUPPORT, CALL(socketpair, 77, SOCK_STREAM, 0, ends));

	workload_end();
	return 0;
}
