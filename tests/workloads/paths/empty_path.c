#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	struct statx more;

	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_file("a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(newfstatat, 3, "", &facts, AT_EMPTY_PATH));
	OK(CALL(statx, 3, "", AT_EMPTY_PATH, STATX_SIZE, &more));
	OK(CALL(newfstatat, AT_FDCWD, "", &facts, AT_EMPTY_PATH));
	OK(CALL(statx, AT_FDCWD, "", AT_EMPTY_PATH, STATX_SIZE, &more));
	OK(CALL(fchownat, 3, "", -1, -1, AT_EMPTY_PATH));
	FAILS(EBADF, CALL(newfstatat, 9, "", &facts, AT_EMPTY_PATH));
	OK(CALL(utimensat, 3, 0, 0, 0));
	OK(CALL(chdir, (long)"sub"));
	OK(CALL(newfstatat, AT_FDCWD, "", &facts, AT_EMPTY_PATH));
	FAILS(ENOENT, CALL(stat, (long)"", &facts));
	workload_end();
	return 0;
}
