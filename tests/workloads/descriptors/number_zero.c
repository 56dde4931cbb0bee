#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	OK(close(0));
	workload_mark_begin();

	GIVES(0, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(5, CALL(read, 0, buffer, sizeof(buffer)));
	GIVES(3, CALL(dup, 0));
	OK(CALL(close, 0));
	FAILS(EBADF, CALL(close, 0));
	GIVES(0, CALL(dup, 3));
	GIVES(0, CALL(lseek, 0, 0, SEEK_SET));
	workload_end();
	return 0;
}
