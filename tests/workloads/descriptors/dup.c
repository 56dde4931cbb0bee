#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(dup, 3));
	GIVES(2, CALL(read, 3, buffer, 2));
	GIVES(3, CALL(read, 4, buffer, sizeof(buffer)));
	OK(CALL(close, 3));
	GIVES(0, CALL(read, 4, buffer, sizeof(buffer)));
	GIVES(3, CALL(dup, 4));
	OK(CALL(close, 4));
	GIVES(0, CALL(read, 3, buffer, sizeof(buffer)));
	OK(CALL(close, 3));
	FAILS(EBADF, CALL(dup, 4));
	workload_end();
	return 0;
}
