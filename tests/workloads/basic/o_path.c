#include "../workload.h"
int main(int argc, char **argv)
{
	struct stat status;

	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	workload_file("d/a", "x");
	CHECK(symlink("a", "d/to_a") == 0);
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "d/a", O_PATH));
	GIVES(4, CALL(openat, AT_FDCWD, "d", O_PATH | O_DIRECTORY));
	GIVES(5, CALL(openat, AT_FDCWD, "d/to_a", O_PATH | O_NOFOLLOW));
	FAILS(EBADF, CALL(read, 3, &status, 1));
	FAILS(EBADF, CALL(write, 3, &status, 1));
	GIVES(0, CALL(fstat, 3, &status));
	GIVES(6, CALL(openat, 4, "a", O_RDONLY));
	GIVES(0, CALL(fstat, 5, &status));
	CHECK(S_ISLNK(status.st_mode));
	FAILS(EBADF, CALL(fchmod, 3, 0600));
	OK(CALL(close, 3));

	workload_end();
	return 0;
}
