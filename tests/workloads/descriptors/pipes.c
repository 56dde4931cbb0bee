#include "../workload.h"

int main(int argc, char **argv)
{
	int ends[2];
	char buffer[64];

	workload_begin(argc, argv);
	OK(CALL(pipe2, ends, 0));
	CHECK(ends[0] == 3 && ends[1] == 4);
	GIVES(2, CALL(write, 4, "hi", 2));
	GIVES(5, CALL(dup, 3));
	GIVES(1, CALL(read, 5, buffer, 1));
	GIVES(6, CALL(openat, AT_FDCWD, "/proc/self/fd/3", O_RDONLY));
	GIVES(1, CALL(read, 6, buffer, 1));
	FAILS(EBADF, CALL(write, 3, "x", 1));
	OK(CALL(close, 4));
	GIVES(0, CALL(read, 3, buffer, 1));
	FAILS(ESPIPE, CALL(lseek, 3, 0, SEEK_SET));
	workload_end();
	return 0;
}
