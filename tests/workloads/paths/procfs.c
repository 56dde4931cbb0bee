#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "/proc/self/comm", O_RDONLY));
	OK(CALL(stat, (long)"/proc/self/comm", &facts));
	GIVES(5, CALL(openat, AT_FDCWD, "/proc/self/fd/3", O_RDONLY));
	GIVES(6, CALL(openat, AT_FDCWD, "/proc/self/cwd/a", O_RDONLY));
	GIVES(7, CALL(openat, AT_FDCWD, "/proc/thread-self/comm", O_RDONLY));
	GIVES(8, CALL(openat, AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY));
	OK(CALL(unlink, (long)"a"));
	GIVES(9, CALL(openat, AT_FDCWD, "/proc/self/fd/3", O_RDONLY));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "/proc/self/fd/99", O_RDONLY));
	FAILS(ENOENT, CALL(readlink, (long)"/proc/self/fd/99", buffer, sizeof(buffer)));
	GIVES(7, CALL(readlink, (long)"/proc/self/fd/0", buffer, 7));
	OK(CALL(close, 8));
	workload_end();
	return 0;
}
