#include "../workload.h"
int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	workload_file("top", "x");
	workload_mark_begin();

	GIVES(0, CALL(chdir, "d"));
	OK(CALL(open, "f", O_RDWR | O_CREAT, 0644));
	GIVES(0, CALL(mkdir, "../e", 0755));
	OK(CALL(open, "../top", O_RDONLY));
	GIVES(0, CALL(chdir, "../e"));
	GIVES(0, CALL(unlink, "../d/f"));
	OK(CALL(open, "../d", O_RDONLY | O_DIRECTORY));
	GIVES(0, CALL(fchdir, 5));
	GIVES(0, CALL(mkdir, "g", 0755));
	FAILS(ENOENT, CALL(chdir, "none"));
	FAILS(ENOTDIR, CALL(fchdir, 4));
	FAILS(EBADF, CALL(fchdir, 44));
	GIVES(0, CALL(chdir, "/"));
	GIVES(2, CALL(getcwd, buffer, sizeof(buffer)));
	GIVES(0, CALL(access, "dev/null", F_OK));
	FAILS(ERANGE, CALL(getcwd, buffer, 1));

	workload_end();
	return 0;
}
