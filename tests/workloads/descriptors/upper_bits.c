#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(5, CALL(read, 0x100000003, buffer, sizeof(buffer)));
	GIVES(0, CALL(lseek, 0x7fffffff00000003, 0, SEEK_SET));
	GIVES(4, CALL(dup, 0xffffffff00000003));
	OK(CALL(close, 0x100000004));
	FAILS(EBADF, CALL(close, 0xffffffff));
	workload_end();
	return 0;
}
