#include "../workload.h"
int main(int argc, char **argv)
{
	struct stat status;
	char buffer[64];

	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	CHECK(mkdir("e", 0755) == 0);
	workload_mark_begin();

	OK(CALL(open, "d", O_RDONLY | O_DIRECTORY));
	OK(CALL(open, "e", O_PATH | O_DIRECTORY));
	GIVES(5, CALL(openat, 3, "f", O_RDWR | O_CREAT, 0644));
	GIVES(0, CALL(mkdirat, 3, "g/", 0755));
	GIVES(0, CALL(newfstatat, 3, "./f", &status, 0));
	GIVES(0, CALL(faccessat2, 4, "../d/f", F_OK, 0));
	GIVES(0, CALL(renameat2, 3, "f", 4, "h", 0));
	GIVES(0, CALL(linkat, 4, "h", 3, "i", 0));
	GIVES(0, CALL(symlinkat, "h", 4, "s"));
	GIVES(1, CALL(readlinkat, 4, "s", buffer, sizeof(buffer)));
	GIVES(0, CALL(fchmodat, 4, "h", 0600));
	GIVES(0, CALL(unlinkat, 4, "s", 0));
	GIVES(0, CALL(unlinkat, 3, "g", AT_REMOVEDIR));
	GIVES(0, CALL(newfstatat, 3, "/dev/null", &status, 0));
	GIVES(0, CALL(newfstatat, 3, "..", &status, 0));
	FAILS(ENOTDIR, CALL(openat, 5, "x", O_RDONLY));
	FAILS(EBADF, CALL(mkdirat, 44, "x", 0755));
	FAILS(EBADF, CALL(renameat2, 3, "i", 44, "x", 0));
	FAILS(ENOENT, CALL(unlinkat, 3, "", 0));

	workload_end();
	return 0;
}
