#include "../workload.h"

int main(int argc, char **argv)
{
	int pidfd = -1;
	pid_t child;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(close, 3));
	child = OK(CALL(clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd));
	if (child == 0)
		_exit(0);
	CHECK(pidfd == 3);
	GIVES(FD_CLOEXEC, CALL(fcntl, 3, F_GETFD));
	OK(CALL(close, 3));
	workload_join(child);
	workload_end();
	return 0;
}
