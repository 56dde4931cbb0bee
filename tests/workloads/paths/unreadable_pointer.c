#include "../workload.h"

int main(int argc, char **argv)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct stat facts;

	CHECK(page != MAP_FAILED && munmap(page + 4096, 4096) == 0);

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	FAILS(EFAULT, CALL(stat, 1, &facts));
	FAILS(EFAULT, CALL(stat, 0, &facts));
	FAILS(EFAULT, CALL(openat, AT_FDCWD, page + 4096, O_RDONLY));
	FAILS(EFAULT, CALL(openat, AT_FDCWD, -1, O_RDONLY));
	memcpy(page + 4092, "abcd", 4);
	FAILS(EFAULT, CALL(stat, (long)(page + 4092), &facts));
	FAILS(EFAULT, CALL(rename, (long)"a", 1));
	FAILS(EFAULT, CALL(rename, 1, "b"));
	FAILS(EFAULT, CALL(stat, (long)"a", 1));
	workload_end();
	return 0;
}
