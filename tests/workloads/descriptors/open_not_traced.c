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
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(3, CALL(dup2, 4, 3));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(close, 4));
	GIVES(1, CALL(read, 3, buffer, 1));
	FAILS(EBADF, CALL(read, 4, buffer, 1));
	workload_end();
	return 0;
}
