#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_file("c", "!");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	GIVES(5, CALL(openat, AT_FDCWD, "c", O_RDONLY));
	GIVES(6, CALL(dup, 3));
	OK(CALL(close_range, 4, 5, 0));
	FAILS(EBADF, CALL(read, 4, buffer, 1));
	FAILS(EBADF, CALL(close, 5));
	GIVES(5, CALL(read, 6, buffer, sizeof(buffer)));
	GIVES(4, CALL(openat, AT_FDCWD, "c", O_RDONLY));
	GIVES(1, CALL(read, 4, buffer, sizeof(buffer)));
	FAILS(EINVAL, CALL(close_range, 6, 4, 0));
	workload_end();
	return 0;
}
