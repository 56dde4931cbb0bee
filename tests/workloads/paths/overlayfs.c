#include "../workload.h"
#include "mounts.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	mounts_of_our_own();
	/* An upper directory cannot lie on every file system; on a tmpfs it can. */
	OK(mount("none", ".", "tmpfs", 0, NULL));
	OK(chdir(workload_dir));
	OK(mkdir("lower", 0755));
	OK(mkdir("upper", 0755));
	OK(mkdir("work", 0755));
	OK(mkdir("m", 0755));
	workload_file("lower/f", "hello");
	workload_file("lower/g", "world");
	workload_mark_begin();

	OK(CALL(mount, (long)"none", "m", "overlay", 0, "lowerdir=lower,upperdir=upper,workdir=work"));
	GIVES(3, CALL(openat, AT_FDCWD, "m/f", O_RDONLY));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(4, CALL(openat, AT_FDCWD, "m/f", O_RDWR));
	GIVES(1, CALL(write, 4, "j", 1));
	GIVES(5, CALL(openat, AT_FDCWD, "upper/f", O_RDONLY));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(6, CALL(openat, AT_FDCWD, "m/g", O_RDONLY));
	OK(CALL(unlink, (long)"m/g"));
	GIVES(1, CALL(read, 6, buffer, 1));
	GIVES(7, CALL(openat, AT_FDCWD, "lower/g", O_RDONLY));
	OK(CALL(rename, (long)"m/f", "m/h"));
	GIVES(1, CALL(read, 4, buffer, 1));
	workload_end();
	return 0;
}
