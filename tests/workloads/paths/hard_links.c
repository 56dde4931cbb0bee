#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	OK(CALL(link, (long)"a", "b"));
	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(unlink, (long)"a"));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	FAILS(EEXIST, CALL(link, (long)"b", "b"));
	OK(CALL(rename, (long)"b", "c"));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(fstat, 3, &facts));
	workload_end();
	return 0;
}
