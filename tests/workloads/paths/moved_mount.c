#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_of_our_own();
	OK(mkdir("m", 0755));
	OK(mkdir("n", 0755));
	OK(mount("none", "m", "tmpfs", 0, NULL));
	OK(mkdir("m/sub", 0755));
	workload_file("m/sub/f", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "m/sub/f", O_RDONLY));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(mount, (long)"m", "n", 0, MS_MOVE, 0));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(move_mount, AT_FDCWD, "n", AT_FDCWD, "m", 0));
	OK(CALL(fstat, 3, &facts));
	FAILS(EBUSY, CALL(rename, (long)"m", "o"));
	OK(CALL(fstat, 3, &facts));
	workload_end();
	return 0;
}
