#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(20, CALL(fcntl, 3, F_DUPFD, 20));
	GIVES(21, CALL(fcntl, 20, F_DUPFD_CLOEXEC, 20));
	GIVES(FD_CLOEXEC, CALL(fcntl, 21, F_GETFD));
	OK(CALL(close, 3));
	GIVES(5, CALL(read, 21, buffer, sizeof(buffer)));
	GIVES(0, CALL(fcntl, 20, F_GETFD));
	FAILS(EBADF, CALL(fcntl, 3, F_DUPFD, 0));
	FAILS(EINVAL, CALL(fcntl, 20, F_DUPFD, -1));
	workload_end();
	return 0;
}
