#include "../workload.h"

extern char **environ;

int main(int argc, char **argv)
{
	char buffer[64];
	pid_t child;

	if (argc > 2) {
		GIVES(5, CALL(read, 0, buffer, sizeof(buffer)));
		GIVES(0, CALL(read, 0, buffer, sizeof(buffer)));
		_exit(0);
	}
	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	workload_mark_begin();

	child = OK(fork());
	if (child == 0) {
		GIVES(3, CALL(openat, AT_FDCWD, "a", O_RDONLY | O_CLOEXEC));
		GIVES(0, CALL(dup2, 3, 0));
		OK(CALL(execve, (long)"/proc/self/exe", ((char *[]){ argv[0], argv[1], "again", NULL }), environ));
	}
	workload_join(child);
	GIVES(0, CALL(read, 0, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
