#include "../workload.h"
int main(int argc, char **argv)
{
	void *file, *memory;

	workload_prepare(argc, argv);
	workload_file("a", "0123456789");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDONLY));
	file = (void *)OK(CALL(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0));
	memory = (void *)OK(CALL(mmap, NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	FAILS(EACCES, CALL(mmap, NULL, 4096, PROT_WRITE, MAP_SHARED, 3, 0));
	FAILS(EBADF, CALL(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, 44, 0));
	GIVES(0, CALL(mprotect, memory, 4096, PROT_READ));
	GIVES(0, CALL(msync, file, 4096, MS_ASYNC));
	GIVES(0, CALL(munmap, file, 4096));
	FAILS(EINVAL, CALL(munmap, 1, 4096));
	FAILS(ENOMEM, CALL(msync, file, 4096, MS_ASYNC));

	workload_end();
	return 0;
}
