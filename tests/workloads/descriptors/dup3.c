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
	GIVES(9, CALL(dup3, 3, 9, O_CLOEXEC));
	FAILS(EINVAL, CALL(dup3, 9, 4, O_APPEND));
	GIVES(4, CALL(dup3, 9, 4, 0));
	OK(CALL(close, 3));
	GIVES(5, CALL(read, 4, buffer, sizeof(buffer)));
	OK(CALL(close, 9));
	FAILS(EBADF, CALL(read, 9, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
