#include "../workload.h"
#include <sys/file.h>
#include <sys/vfs.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDWR));
	OK(CALL(fchmod, 3, 0600));
	OK(CALL(fchown, 3, -1, -1));
	OK(CALL(ftruncate, 3, 3));
	OK(CALL(fallocate, 3, 0, 0, 4096));
	OK(CALL(fadvise64, 3, 0, 0, 0));
	OK(CALL(flock, 3, LOCK_EX));
	OK(CALL(fsync, 3));
	OK(CALL(fdatasync, 3));
	OK(CALL(fstat, 3, (struct stat[1]){}));
	OK(CALL(fstatfs, 3, (struct statfs[1]){}));
	OK(CALL(utimensat, 3, 0, 0, 0));
	FAILS(ENOTTY, CALL(ioctl, 3, 0x5401, (char[64]){}));
	OK(CALL(fsetxattr, 3, "user.x", "abc", 3, 0));
	OK(CALL(fremovexattr, 3, "user.x"));
	workload_end();
	return 0;
}
