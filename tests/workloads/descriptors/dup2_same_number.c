#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(3, CALL(dup2, 3, 3));
	FAILS(EBADF, CALL(dup2, 9, 9));
	FAILS(EINVAL, CALL(dup3, 3, 3, 0));
	FAILS(EINVAL, CALL(dup3, 9, 9, 0));
	OK(CALL(close, 3));
	FAILS(EBADF, CALL(dup2, 3, 3));
	workload_end();
	return 0;
}
