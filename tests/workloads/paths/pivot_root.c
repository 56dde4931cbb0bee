#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_known_root();
	OK(mkdir("old", 0755));
	workload_file("f", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "f", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "/proc/version", O_RDONLY));
	OK(CALL(pivot_root, (long)".", "old"));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(chdir, (long)"/"));
	GIVES(5, CALL(openat, AT_FDCWD, "/f", O_RDONLY));
	GIVES(6, CALL(openat, AT_FDCWD, "/old/proc/version", O_RDONLY));
	OK(CALL(umount2, (long)"/old", MNT_DETACH));
	FAILS(ENOENT, CALL(stat, (long)"/old/proc", &facts));
	OK(CALL(stat, (long)"/f", &facts));
	workload_end();
	return 0;
}
