#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];
	pid_t child;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	child = OK(fork());
	if (child == 0) {
		GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
		workload_reach(&workload_shared->step[0], 1);
		workload_wait(&workload_shared->step[1], 1);
		_exit(0);
	}
	workload_wait(&workload_shared->step[0], 1);
	GIVES(3, CALL(pidfd_open, child, 0));
	GIVES(4, CALL(pidfd_getfd, 3, 3, 0));
	GIVES(5, CALL(read, 4, buffer, sizeof(buffer)));
	FAILS(EBADF, CALL(pidfd_getfd, 3, 9, 0));
	FAILS(EBADF, CALL(pidfd_getfd, 9, 3, 0));
	workload_reach(&workload_shared->step[1], 1);
	workload_join(child);
	OK(CALL(close, 4));
	workload_end();
	return 0;
}
