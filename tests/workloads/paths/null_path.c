#include "../workload.h"

int main(int argc, char **argv)
{
	struct stat facts;
	char target[8];

	workload_prepare(argc, argv);
	OK(symlink("there", "link"));
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY));
	GIVES(4, CALL(openat, AT_FDCWD, "link", O_PATH | O_NOFOLLOW));
	FAILS(EFAULT, CALL(unlinkat, 3, 0, 0));
	FAILS(EFAULT, CALL(newfstatat, 3, 0, &facts, 0));
	FAILS(EFAULT, CALL(execveat, 3, 0, 0, 0, AT_EMPTY_PATH));
	FAILS(EFAULT, CALL(linkat, 3, 0, AT_FDCWD, "new", AT_EMPTY_PATH));
	OK(CALL(utimensat, 3, 0, 0, 0));
	FAILS(EFAULT, CALL(utimensat, AT_FDCWD, 0, 0, 0));
	FAILS(ENOENT, CALL(utimensat, 3, "", 0, 0));
	FAILS(ENOENT, CALL(openat, 3, "", O_RDONLY));
	FAILS(ENOENT, CALL(execve, (long)"", 0, 0));
	FAILS(ENOENT, CALL(rename, (long)"", "x"));
	GIVES(5, CALL(readlinkat, 4, "", target, sizeof(target)));
	workload_end();
	return 0;
}
