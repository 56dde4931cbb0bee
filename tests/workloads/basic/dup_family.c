#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	GIVES(4, CALL(dup, 3));
	GIVES(7, CALL(dup3, 4, 7, O_CLOEXEC));
	GIVES(9, CALL(fcntl, 7, F_DUPFD, 9));
	GIVES(10, CALL(fcntl, 9, F_DUPFD_CLOEXEC, 9));
	GIVES(FD_CLOEXEC, CALL(fcntl, 10, F_GETFD));
	GIVES(0, CALL(fcntl, 10, F_SETFD, 0));
	OK(CALL(close, 3));
	OK(CALL(close, 4));
	GIVES(1, CALL(write, 10, "x", 1));
	FAILS(EBADF, CALL(dup, 3));
	FAILS(EINVAL, CALL(dup3, 7, 7, 0));
	FAILS(EBADF, CALL(dup3, 7, -1, 0));
	FAILS(EBADF, CALL(fcntl, 3, F_DUPFD, 0));
	FAILS(EINVAL, CALL(fcntl, 7, F_DUPFD, -1));

	workload_end();
	return 0;
}
