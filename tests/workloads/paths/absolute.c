#include "../workload.h"

int main(int argc, char **argv)
{
	char path[4096];
	struct stat facts;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	snprintf(path, sizeof(path), "%s/a", workload_dir);
	GIVES(3, CALL(openat, AT_FDCWD, path, O_RDONLY));
	GIVES(4, CALL(open, (long)path, O_RDONLY));
	OK(CALL(stat, (long)path, &facts));
	OK(CALL(access, (long)path, R_OK));
	FAILS(EEXIST, CALL(mkdir, (long)path, 0755));
	FAILS(ENOTDIR, CALL(rmdir, (long)path));
	snprintf(path, sizeof(path), "%s/missing", workload_dir);
	FAILS(ENOENT, CALL(openat, AT_FDCWD, path, O_RDONLY));
	FAILS(ENOENT, CALL(stat, (long)path, &facts));
	FAILS(ENOENT, CALL(unlink, (long)path));
	GIVES(5, CALL(openat, AT_FDCWD, "/dev/null", O_WRONLY));
	GIVES(3, CALL(write, 5, "abc", 3));
	workload_end();
	return 0;
}
