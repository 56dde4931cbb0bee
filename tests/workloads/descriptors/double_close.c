#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(close, 3));
	FAILS(EBADF, CALL(close, 3));
	GIVES(3, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	OK(CALL(close, 3));
	FAILS(EBADF, CALL(close, 3));
	workload_end();
	return 0;
}
