#include "../workload.h"
int main(int argc, char **argv)
{
	char buffer[16];

	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	OK(CALL(openat, AT_FDCWD, "a", O_WRONLY));
	OK(CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY));
	FAILS(EBADF, CALL(read, 3, buffer, 4));
	FAILS(EBADF, CALL(write, 4, buffer, 4));
	FAILS(EISDIR, CALL(read, 5, buffer, 4));
	FAILS(EFAULT, CALL(read, 4, 8, 4));
	FAILS(EFAULT, CALL(write, 3, 8, 4));
	FAILS(EBADF, CALL(read, 6, buffer, 4));
	FAILS(EBADF, CALL(write, 1000000, buffer, 4));
	FAILS(EBADF, CALL(read, -1, buffer, 4));
	FAILS(EBADF, CALL(pread64, -100, buffer, 4, 0));

	workload_end();
	return 0;
}
