#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char path[4096];

	workload_prepare(argc, argv);
	OK(mkdir("one", 0755));
	OK(mkdir("two", 0755));
	workload_file("one/a", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "one", O_PATH));
	GIVES(4, CALL(openat, AT_FDCWD, "two", O_RDONLY | O_DIRECTORY));
	GIVES(5, CALL(openat, 3, "a", O_RDONLY));
	OK(CALL(newfstatat, 3, "a", &facts, 0));
	FAILS(ENOENT, CALL(newfstatat, 4, "a", &facts, 0));
	OK(CALL(renameat, 3, "a", 4, "b"));
	OK(CALL(linkat, 4, "b", 3, "c", 0));
	OK(CALL(mkdirat, 4, "deep/", 0755));
	OK(CALL(symlinkat, (long)"../b", 4, "deep/link"));
	GIVES(6, CALL(openat, 4, "deep/link", O_RDONLY));
	OK(CALL(unlinkat, 4, "b", 0));
	FAILS(EBADF, CALL(openat, 99, "a", O_RDONLY));
	FAILS(EBADF, CALL(renameat, 99, "a", 4, "x"));
	FAILS(EBADF, CALL(renameat, 4, "x", 99, "dir/a"));
	FAILS(ENOTDIR, CALL(openat, 5, "a", O_RDONLY));
	snprintf(path, sizeof(path), "%s/one", workload_dir);
	OK(CALL(newfstatat, 99, path, &facts, 0));
	workload_end();
	return 0;
}
