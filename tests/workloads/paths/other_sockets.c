#include "../workload.h"
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct stat facts;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(bind, 3, &address, sizeof(address)));
	OK(CALL(fstat, 3, &facts));
	GIVES(4, CALL(socket, AF_INET, SOCK_RAW, IPPROTO_ICMP));
	OK(CALL(fstat, 4, &facts));
	GIVES(5, CALL(socket, AF_PACKET, SOCK_RAW, 0));
	OK(CALL(fstat, 5, &facts));
	FAILS(EAFNOSUPPORT, CALL(socket, 250, SOCK_STREAM, 0));
	FAILS(ENOTSOCK, CALL(bind, 0, &address, sizeof(address)));
	workload_end();
	return 0;
}
