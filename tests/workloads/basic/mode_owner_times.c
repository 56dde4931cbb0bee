#include "../workload.h"
int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("a", "x");
	CHECK(symlink("a", "to_a") == 0);
	workload_mark_begin();

	OK(CALL(open, "a", O_RDWR));
	GIVES(0, CALL(chmod, "a", 0600));
	GIVES(0, CALL(fchmod, 3, 0600));
	GIVES(0, CALL(fchmodat, AT_FDCWD, "a", 0600));
	GIVES(0, CALL(chown, "to_a", 0, 0));
	GIVES(0, CALL(lchown, "to_a", 0, 0));
	GIVES(0, CALL(fchown, 3, 0, 0));
	GIVES(0, CALL(fchownat, 3, "", 0, 0, AT_EMPTY_PATH));
	GIVES(0, CALL(utimensat, AT_FDCWD, "a", NULL, 0));
	GIVES(0, CALL(utimensat, 3, NULL, NULL, 0));
	GIVES(0, CALL(utimes, "a", NULL));
	GIVES(0, CALL(utime, "a", NULL));
	GIVES(0, CALL(futimesat, AT_FDCWD, "a", NULL));
	GIVES(022, CALL(umask, 022));
	FAILS(ENOENT, CALL(chmod, "none", 0600));
	FAILS(EBADF, CALL(fchmod, 44, 0600));
	FAILS(ENOENT, CALL(fchmodat, AT_FDCWD, "none", 0600));
	FAILS(ENOENT, CALL(lchown, "none", 0, 0));
	FAILS(EBADF, CALL(fchown, 44, 0, 0));
	FAILS(EBADF, CALL(fchownat, 44, "", 0, 0, AT_EMPTY_PATH));
	FAILS(ENOENT, CALL(utimensat, AT_FDCWD, "none", NULL, 0));
	FAILS(EBADF, CALL(utimensat, 44, NULL, NULL, 0));

	workload_end();
	return 0;
}
