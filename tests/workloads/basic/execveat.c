#include "../workload.h"
int main(int argc, char **argv)
{
	if (argc > 3) {
		workload_end();
		return 0;
	}
	char *again[] = { "again", argv[1], "again", NULL, NULL };
	if (argc > 2) {
		again[3] = "once more";
		GIVES(0, CALL(chdir, ".."));
		OK(CALL(execveat, 3, "", again, environ, AT_EMPTY_PATH));
		return 1;
	}
	char self[4096] = "";
	workload_prepare(argc, argv);
	CHECK(mkdir("d", 0755) == 0);
	CHECK(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	CHECK(symlink(self, "d/renamed") == 0);
	workload_mark_begin();

	OK(CALL(openat, AT_FDCWD, self, O_RDONLY));
	OK(CALL(openat, AT_FDCWD, "d", O_RDONLY | O_DIRECTORY));
	GIVES(0, CALL(chdir, "d"));
	FAILS(ENOENT, CALL(execveat, 4, "none", again, environ, 0));
	FAILS(EBADF, CALL(execveat, 44, "", again, environ, AT_EMPTY_PATH));
	OK(CALL(execveat, 4, "./renamed", again, environ, 0));
	return 1;
}
