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
	OK(CALL(rename, (long)"b", "a"));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(1, CALL(read, 4, buffer, 1));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	GIVES(5, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(close, 5));
	OK(CALL(close, 4));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
