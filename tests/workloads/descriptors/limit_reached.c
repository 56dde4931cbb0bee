#include "../workload.h"
#include <sys/resource.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	struct rlimit limit = { 4, 4 };
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	FAILS(EMFILE, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	FAILS(EMFILE, CALL(dup, 3));
	FAILS(EINVAL, CALL(fcntl, 3, F_DUPFD, 100));
	OK(CALL(close, 3));
	GIVES(3, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	workload_end();
	return 0;
}
