#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	pid_t child;

	workload_prepare(argc, argv);
	workload_mark_begin();

	child = OK(fork());
	if (child == 0) {
		workload_wait(&workload_shared->step[0], 1);
		_exit(0);
	}
	GIVES(3, CALL(pidfd_open, child, 0));
	OK(CALL(fstat, 3, &facts));
	GIVES(4, CALL(dup, 3));
	FAILS(EINVAL, CALL(pidfd_open, -1, 0));
	workload_reach(&workload_shared->step[0], 1);
	workload_join(child);
	OK(CALL(close, 3));
	OK(CALL(close, 4));
	workload_end();
	return 0;
}
