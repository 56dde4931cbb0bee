#include "../workload.h"
int main(int argc, char **argv)
{
	if (argc > 2) {
		GIVES(1, CALL(write, 3, "x", 1));
		FAILS(EBADF, CALL(write, 4, "x", 1));
		workload_end();
		return 0;
	}
	workload_prepare(argc, argv);
	workload_file("text", "x");
	char *again[] = { "again", argv[1], "again", NULL };
	char self[4096] = "";
	CHECK(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	CHECK(symlink(self, "renamed") == 0);
	workload_mark_begin();

	OK(CALL(openat, AT_FDCWD, "a", O_RDWR | O_CREAT, 0644));
	OK(CALL(openat, AT_FDCWD, "b", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	FAILS(ENOENT, CALL(execve, "./none", again, environ));
	FAILS(EACCES, CALL(execve, "text", again, environ));
	FAILS(EFAULT, CALL(execve, 8, again, environ));
	OK(CALL(execve, "renamed", again, environ));
	return 1;
}
