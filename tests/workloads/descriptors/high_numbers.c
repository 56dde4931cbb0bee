#include "../workload.h"
#include <sys/resource.h>

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	struct rlimit limit = { 8192, 8192 };
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(1024, CALL(fcntl, 3, F_DUPFD, 1024));
	GIVES(1, CALL(read, 1024, buffer, 1));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	GIVES(4000, CALL(dup2, 4, 4000));
	GIVES(8191, CALL(dup2, 3, 8191));
	FAILS(EBADF, CALL(dup2, 3, 8192));
	OK(CALL(close_range, 3, 4, 0));
	GIVES(1, CALL(read, 8191, buffer, 1));
	GIVES(1, CALL(read, 4000, buffer, 1));
	OK(CALL(close, 4000));
	FAILS(EBADF, CALL(read, 4000, buffer, 1));
	GIVES(1, CALL(read, 1024, buffer, 1));
	workload_end();
	return 0;
}
