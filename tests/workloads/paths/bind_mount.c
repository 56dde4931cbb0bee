#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	mounts_of_our_own();
	OK(mkdir("sub", 0755));
	OK(mkdir("m", 0755));
	workload_file("sub/f", "hello");
	workload_mark_begin();

	OK(CALL(mount, (long)"sub", "m", 0, MS_BIND, 0));
	GIVES(3, CALL(openat, AT_FDCWD, "sub/f", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "m/f", O_RDONLY));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(fstat, 3, &facts));
	FAILS(EBUSY, CALL(umount2, (long)"m", 0));
	OK(CALL(unlink, (long)"m/f"));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(close, 4));
	OK(CALL(umount2, (long)"m", 0));
	FAILS(EINVAL, CALL(umount2, (long)"m", 0));
	FAILS(ENOENT, CALL(mount, (long)"sub", "missing", 0, MS_BIND, 0));
	workload_end();
	return 0;
}
