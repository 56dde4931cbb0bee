#include "../workload.h"

int main(int argc, char **argv)
{
	static char name[300];
	struct stat facts;

	workload_prepare(argc, argv);
	workload_mark_begin();

	memset(name, 'n', 255);
	GIVES(3, CALL(openat, AT_FDCWD, name, O_RDWR | O_CREAT, 0644));
	GIVES(1, CALL(write, 3, "x", 1));
	OK(CALL(stat, (long)name, &facts));
	OK(CALL(unlink, (long)name));
	OK(CALL(fstat, 3, &facts));
	memset(name, 'n', 256);
	FAILS(ENAMETOOLONG, CALL(openat, AT_FDCWD, name, O_RDWR | O_CREAT, 0644));
	for (int i = 0; i < 85; i++)
		memcpy(name + 3 * i, "\xe2\x82\xac", 3);
	name[255] = 0;
	OK(CALL(mkdir, (long)name, 0755));
	GIVES(4, CALL(openat, AT_FDCWD, name, O_RDONLY | O_DIRECTORY));
	OK(CALL(rmdir, (long)name));
	OK(CALL(fstat, 4, &facts));
	workload_end();
	return 0;
}
