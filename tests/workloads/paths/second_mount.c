#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_of_our_own();
	OK(mkdir("m", 0755));
	workload_file("m/f", "below");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "m/f", O_RDONLY));
	OK(CALL(mount, (long)"none", "m", "tmpfs", 0, 0));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "m/f", O_RDONLY));
	OK(CALL(mkdir, (long)"m/deep", 0755));
	GIVES(4, CALL(openat, AT_FDCWD, "m/deep/f", O_RDWR | O_CREAT, 0644));
	OK(CALL(mount, (long)"none", "m/deep", "tmpfs", 0, 0));
	GIVES(5, CALL(openat, AT_FDCWD, "m/deep/f", O_RDWR | O_CREAT, 0644));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(fstat, 5, &facts));
	OK(CALL(rename, (long)"m/deep/f", "m/deep/g"));
	FAILS(EXDEV, CALL(rename, (long)"m/deep/g", "m/g"));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(fstat, 5, &facts));
	workload_end();
	return 0;
}
