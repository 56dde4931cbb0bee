#include "../workload.h"
int main(int argc, char **argv)
{
	struct stat status;
	char buffer[512];

	workload_prepare(argc, argv);
	workload_file("a", "x");
	workload_mark_begin();

	FAILS(ENOENT, CALL(stat, "none", &status));
	FAILS(ENOTDIR, CALL(lstat, "a/b", &status));
	FAILS(EBADF, CALL(fstat, 44, &status));
	FAILS(ENOENT, CALL(newfstatat, AT_FDCWD, "none", &status, 0));
	FAILS(EINVAL, CALL(newfstatat, AT_FDCWD, "a", &status, 0x40000000));
	FAILS(EBADF, CALL(newfstatat, 44, "", &status, AT_EMPTY_PATH));
	FAILS(ENOENT, CALL(statx, AT_FDCWD, "d/none", 0, 0x7ff, buffer));
	FAILS(EFAULT, CALL(statx, AT_FDCWD, 16, 0, 0x7ff, buffer));
	FAILS(EFAULT, CALL(stat, "a", 16));
	FAILS(ENOENT, CALL(access, "none", F_OK));
	FAILS(EACCES, CALL(access, "a", X_OK));
	FAILS(ENOENT, CALL(faccessat, AT_FDCWD, "none", F_OK));
	FAILS(EBADF, CALL(faccessat2, 44, "none", F_OK, 0));
	FAILS(ENOENT, CALL(statfs, "none", buffer));
	FAILS(EBADF, CALL(fstatfs, 44, buffer));

	workload_end();
	return 0;
}
