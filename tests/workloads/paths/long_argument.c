#include "../workload.h"

int main(int argc, char **argv)
{
	static char path[8192];
	struct stat facts;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	/* "./" over and over, then "a". */
	for (int i = 0; i < 4094; i += 2)
		memcpy(path + i, "./", 2);
	strcpy(path + 4094, "a");
	OK(CALL(stat, (long)path, &facts));
	GIVES(3, CALL(openat, AT_FDCWD, path, O_RDONLY));
	/* Components of 15 bytes and a slash. */
	for (int i = 0; i < 8190; i += 16)
		memcpy(path + i, "/componentcompon", 16);
	path[4095] = 0;
	FAILS(ENOENT, CALL(stat, (long)path, &facts));
	FAILS(ENOENT, CALL(openat, AT_FDCWD, path, O_RDONLY));
	path[4095] = 'n';
	path[4096] = 0;
	FAILS(ENAMETOOLONG, CALL(stat, (long)path, &facts));
	path[4096] = '/';
	path[8190] = 0;
	FAILS(ENAMETOOLONG, CALL(openat, AT_FDCWD, path, O_RDONLY));
	FAILS(ENAMETOOLONG, CALL(rename, (long)"a", path));
	workload_end();
	return 0;
}
