#include "../workload.h"
int main(int argc, char **argv)
{
	struct stat status;
	char buffer[512];

	workload_prepare(argc, argv);
	workload_file("a", "x");
	CHECK(symlink("a", "to_a") == 0);
	workload_mark_begin();

	OK(CALL(open, "a", O_RDONLY));
	GIVES(0, CALL(stat, "to_a", &status));
	GIVES(0, CALL(lstat, "to_a", &status));
	GIVES(0, CALL(fstat, 3, &status));
	GIVES(0, CALL(newfstatat, AT_FDCWD, "a", &status, 0));
	GIVES(0, CALL(newfstatat, 3, "", &status, AT_EMPTY_PATH));
	GIVES(0, CALL(statx, AT_FDCWD, "./a", 0, 0x7ff, buffer));
	GIVES(0, CALL(statx, 3, "", AT_EMPTY_PATH, 0x7ff, buffer));
	GIVES(0, CALL(access, "a", R_OK));
	GIVES(0, CALL(faccessat, AT_FDCWD, "a", R_OK));
	GIVES(0, CALL(faccessat2, AT_FDCWD, "a", R_OK, AT_EACCESS));
	GIVES(0, CALL(faccessat2, 3, "", R_OK, AT_EMPTY_PATH));
	GIVES(0, CALL(statfs, ".", buffer));
	GIVES(0, CALL(fstatfs, 3, buffer));

	workload_end();
	return 0;
}
