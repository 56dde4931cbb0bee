#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_file("a", "hello");
	workload_file(".hidden", "");
	workload_file("..more", "");
	workload_mark_begin();

	OK(CALL(stat, (long)"./a", &facts));
	OK(CALL(stat, (long)"sub//.././/a", &facts));
	OK(CALL(stat, (long)"sub/", &facts));
	OK(CALL(stat, (long)"sub/.", &facts));
	OK(CALL(stat, (long)".", &facts));
	OK(CALL(stat, (long)"./", &facts));
	OK(CALL(stat, (long)"..", &facts));
	OK(CALL(stat, (long)"sub/..", &facts));
	OK(CALL(stat, (long)".hidden", &facts));
	OK(CALL(stat, (long)"..more", &facts));
	OK(CALL(stat, (long)"/", &facts));
	OK(CALL(stat, (long)"//", &facts));
	OK(CALL(stat, (long)"/.", &facts));
	OK(CALL(stat, (long)"/..", &facts));
	OK(CALL(stat, (long)"//proc///self//", &facts));
	FAILS(ENOTDIR, CALL(stat, (long)"a/", &facts));
	GIVES(3, CALL(openat, AT_FDCWD, "sub/.././/a", O_RDONLY));
	workload_end();
	return 0;
}
