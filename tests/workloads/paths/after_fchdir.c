#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_file("sub/a", "hello");
	workload_file("plain", "");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY));
	GIVES(4, CALL(openat, AT_FDCWD, "sub", O_RDONLY | O_DIRECTORY));
	GIVES(5, CALL(openat, AT_FDCWD, "plain", O_RDONLY));
	OK(CALL(fchdir, 4));
	OK(CALL(lstat, (long)"a", &facts));
	OK(CALL(close, 4));
	OK(CALL(rename, (long)"../sub", "../moved"));
	OK(CALL(lstat, (long)"a", &facts));
	FAILS(ENOTDIR, CALL(fchdir, 5));
	FAILS(EBADF, CALL(fchdir, 4));
	OK(CALL(fchdir, 3));
	FAILS(ENOENT, CALL(lstat, (long)"a", &facts));
	workload_end();
	return 0;
}
