#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	GIVES(10, CALL(dup2, 3, 10));
	GIVES(3, CALL(dup2, 4, 3));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(1, CALL(read, 10, buffer, 1));
	FAILS(EBADF, CALL(dup2, 8, 3));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(3, CALL(dup2, 10, 3));
	OK(CALL(close, 10));
	GIVES(1, CALL(read, 3, buffer, 1));
	workload_end();
	return 0;
}
