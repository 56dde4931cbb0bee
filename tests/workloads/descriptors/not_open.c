#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	FAILS(EBADF, CALL(read, 3, buffer, 1));
	FAILS(EBADF, CALL(read, -1, buffer, 1));
	FAILS(EBADF, CALL(read, -5, buffer, 1));
	FAILS(EBADF, CALL(read, 0x7fffffff, buffer, 1));
	FAILS(EBADF, CALL(read, 63, buffer, 1));
	FAILS(EBADF, CALL(read, 64, buffer, 1));
	FAILS(EBADF, CALL(lseek, 77, 0, SEEK_SET));
	FAILS(EBADF, CALL(fsync, -1));
	FAILS(EBADF, CALL(fchdir, -7));
	workload_end();
	return 0;
}
