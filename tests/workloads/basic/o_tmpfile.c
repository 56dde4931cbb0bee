#include "../workload.h"
int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "d", O_RDWR | O_TMPFILE, 0600));
	GIVES(2, CALL(write, 3, "hi", 2));
	GIVES(0, CALL(linkat, AT_FDCWD, "/proc/self/fd/3", AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
	OK(CALL(close, 3));
	GIVES(3, CALL(openat, AT_FDCWD, "named", O_RDONLY));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "none", O_RDWR | O_TMPFILE, 0600));

	workload_end();
	return 0;
}
