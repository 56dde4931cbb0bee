#include "../workload.h"
#include <sys/socket.h>

static void send_descriptor(int socket, int fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec part = { "x", 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};

	control.header = (struct cmsghdr){ CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	GIVES(1, CALL(sendmsg, socket, &message, 0));
}

static int receive_descriptor(int socket)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	int fd;

	GIVES(1, CALL(recvmsg, socket, &message, 0));
	CHECK(control.header.cmsg_type == SCM_RIGHTS);
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(int));
	return fd;
}

int main(int argc, char **argv)
{
	char buffer[64];
	int ends[2];
	pid_t child;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && ends[0] == 3 && ends[1] == 4);
	workload_mark_begin();

	child = OK(fork());
	if (child == 0) {
		GIVES(5, CALL(openat, AT_FDCWD, "b", O_RDONLY));
		OK(CALL(close, 5));
		CHECK(receive_descriptor(4) == 5);
		GIVES(5, CALL(read, 5, buffer, sizeof(buffer)));
		OK(CALL(close, 5));
		_exit(0);
	}
	GIVES(5, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	send_descriptor(3, 5);
	OK(CALL(close, 5));
	workload_join(child);
	workload_end();
	return 0;
}
