#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	CHECK(CALL(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 3, 0) != -1);
	CHECK(CALL(mmap, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != -1);
	FAILS(EACCES, CALL(mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0));
	OK(CALL(close, 3));
	FAILS(EBADF, CALL(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 3, 0));
	workload_end();
	return 0;
}
