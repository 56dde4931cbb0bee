#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_PATH));
	FAILS(EBADF, CALL(read, 3, buffer, 1));
	FAILS(EBADF, CALL(lseek, 3, 0, SEEK_SET));
	GIVES(O_PATH, CALL(fcntl, 3, F_GETFL));
	GIVES(4, CALL(dup, 3));
	OK(CALL(close, 3));
	OK(CALL(close, 4));
	workload_end();
	return 0;
}
