#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDWR));
	OK(CALL(setxattr, (long)"a", "user.x", "abc", 3, 0));
	GIVES(3, CALL(getxattr, (long)"a", "user.x", buffer, sizeof(buffer)));
	GIVES(3, CALL(fgetxattr, 3, "user.x", buffer, sizeof(buffer)));
	FAILS(ENODATA, CALL(lgetxattr, (long)"a", "user.y", buffer, sizeof(buffer)));
	OK(CALL(removexattr, (long)"a", "user.x"));
	OK(CALL(mknod, (long)"fifo", S_IFIFO | 0644, 0));
	OK(CALL(truncate, (long)"a", 1));
	OK(CALL(chmod, (long)"a", 0600));
	OK(CALL(lchown, (long)"fifo", -1, -1));
	OK(CALL(utimensat, AT_FDCWD, "a", 0, 0));
	GIVES(4, CALL(openat, AT_FDCWD, "fifo", O_RDWR));
	GIVES(1, CALL(write, 4, "x", 1));
	workload_end();
	return 0;
}
