#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_of_our_own();
	workload_file("a", "hello");
	workload_file("b", "");
	workload_mark_begin();

	OK(CALL(mount, (long)"a", "b", 0, MS_BIND, 0));
	GIVES(3, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(fstat, 3, &facts));
	CHECK(facts.st_size == 5);
	OK(CALL(rename, (long)"a", "c"));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	workload_end();
	return 0;
}
