#include "../workload.h"
int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	workload_mark_begin();

	OK(CALL(open, "a", O_RDWR | O_CREAT, 0644));
	GIVES(0, CALL(rename, "a", "b"));
	GIVES(1, CALL(write, 3, "x", 1));
	GIVES(0, CALL(renameat, AT_FDCWD, "b", AT_FDCWD, "d/c"));
	GIVES(1, CALL(write, 3, "x", 1));
	OK(CALL(creat, "e", 0644));
	GIVES(0, CALL(renameat2, AT_FDCWD, "e", AT_FDCWD, "d/c", 2 /* RENAME_EXCHANGE */));
	GIVES(1, CALL(write, 3, "x", 1));
	FAILS(EEXIST, CALL(renameat2, AT_FDCWD, "e", AT_FDCWD, "d/c", 1 /* RENAME_NOREPLACE */));
	FAILS(ENOENT, CALL(rename, "none", "x/"));
	FAILS(EINVAL, CALL(rename, "d", "d/below"));
	GIVES(0, CALL(rename, "d/", "d2"));
	GIVES(1, CALL(write, 4, "x", 1));

	workload_end();
	return 0;
}
