#include "../workload.h"
#include <linux/close_range.h>

extern char **environ;

int main(int argc, char **argv)
{
	char buffer[64];

	if (argc > 2) {
		FAILS(EBADF, CALL(read, 3, buffer, 1));
		GIVES(1, CALL(read, 20, buffer, 1));
		GIVES(3, CALL(openat, AT_FDCWD, "c", O_RDONLY));
		GIVES(1, CALL(read, 3, buffer, sizeof(buffer)));
		workload_end();
		return 0;
	}
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_file("c", "!");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	GIVES(20, CALL(dup2, 4, 20));
	OK(CALL(close_range, 3, 10, CLOSE_RANGE_CLOEXEC));
	GIVES(2, CALL(read, 3, buffer, 2));
	OK(CALL(execve, (long)"/proc/self/exe", ((char *[]){ argv[0], argv[1], "again", NULL }), environ));
	workload_end();
	return 0;
}
