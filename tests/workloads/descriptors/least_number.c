#include "../workload.h"
#include <limits.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_mark_begin();

	FAILS(EBADF, CALL(fsync, INT_MIN));
	FAILS(EBADF, CALL(readahead, INT_MIN, 0, 0));
	FAILS(EBADF, CALL(fsync, INT_MIN + 1));
	FAILS(EBADF, CALL(fsync, -1));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "none", O_RDONLY));
	workload_end();
	return 0;
}
