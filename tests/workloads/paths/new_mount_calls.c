#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_of_our_own();
	OK(mkdir("m", 0755));
	workload_mark_begin();

	GIVES(3, CALL(fsopen, (long)"tmpfs", 0));
	OK(CALL(fsconfig, 3, FSCONFIG_CMD_CREATE, 0, 0, 0));
	GIVES(4, CALL(fsmount, 3, 0, 0));
	OK(CALL(mkdirat, 4, "sub", 0755));
	GIVES(5, CALL(openat, 4, "sub", O_PATH));
	OK(CALL(move_mount, 4, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
	GIVES(6, CALL(openat, 4, "sub/f", O_RDWR | O_CREAT, 0644));
	OK(CALL(fstat, 5, &facts));
	FAILS(EBADF, CALL(fsmount, 99, 0, 0));
	workload_end();
	return 0;
}
