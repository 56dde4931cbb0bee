#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_of_our_own();
	OK(mkdir("m", 0755));
	OK(mount("none", "m", "tmpfs", 0, NULL));
	OK(mkdir("m/sub", 0755));
	workload_file("m/sub/f", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "m/sub/f", O_RDONLY));
	OK(CALL(umount2, (long)"m", MNT_DETACH));
	OK(CALL(fstat, 3, &facts));
	GIVES(4, CALL(open_tree, AT_FDCWD, ".", OPEN_TREE_CLONE));
	FAILS(ENOENT, CALL(newfstatat, 4, "missing", &facts, 0));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
