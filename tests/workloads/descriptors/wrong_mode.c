#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_WRONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	FAILS(EBADF, CALL(read, 3, buffer, 1));
	FAILS(EBADF, CALL(pread64, 3, buffer, 1, 0));
	FAILS(EBADF, CALL(write, 4, "x", 1));
	FAILS(EINVAL, CALL(ftruncate, 4, 0));
	FAILS(ENOTDIR, CALL(getdents64, 4, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
