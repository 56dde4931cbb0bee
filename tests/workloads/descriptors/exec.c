#include "../workload.h"

extern char **environ;

int main(int argc, char **argv)
{
	char buffer[64];

	if (argc > 2) {
		FAILS(EBADF, CALL(read, 3, buffer, 1));
		GIVES(5, CALL(read, 4, buffer, sizeof(buffer)));
		GIVES(3, CALL(openat, AT_FDCWD, "b", O_RDONLY));
		OK(CALL(close, 4));
		workload_end();
		return 0;
	}
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY | O_CLOEXEC));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	FAILS(ENOENT, CALL(execve, (long)"nowhere", argv, environ));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(execve, (long)"/proc/self/exe", ((char *[]){ argv[0], argv[1], "again", NULL }), environ));
	workload_end();
	return 0;
}
