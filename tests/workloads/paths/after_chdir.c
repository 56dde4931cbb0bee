#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_file("sub/a", "hello");
	workload_mark_begin();

	FAILS(ENOENT, CALL(stat, (long)"a", &facts));
	OK(CALL(chdir, (long)"sub"));
	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	OK(CALL(stat, (long)"a", &facts));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, "missing", O_RDONLY));
	FAILS(ENOENT, CALL(chdir, (long)"sub"));
	OK(CALL(chdir, (long)".."));
	FAILS(ENOENT, CALL(stat, (long)"a", &facts));
	OK(CALL(chdir, (long)"/proc"));
	OK(CALL(stat, (long)"self", &facts));
	OK(CALL(chdir, (long)"/"));
	OK(CALL(stat, (long)"proc", &facts));
	workload_end();
	return 0;
}
