#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_file("sub/a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "sub", O_RDONLY | O_DIRECTORY));
	GIVES(4, CALL(openat, 3, "a", O_RDONLY));
	OK(CALL(unlink, (long)"sub/a"));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(rmdir, (long)"sub"));
	OK(CALL(fstat, 3, &facts));
	OK(CALL(fstat, 4, &facts));
	OK(CALL(mkdir, (long)"sub", 0755));
	OK(CALL(fstat, 3, &facts));
	GIVES(5, CALL(openat, AT_FDCWD, "sub/a", O_RDWR | O_CREAT, 0644));
	OK(CALL(fstat, 5, &facts));
	workload_end();
	return 0;
}
