#include "../workload.h"

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	pid_t child = OK(CALL(clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0));
	if (child == 0) {
		GIVES(1, CALL(getpid));
		GIVES(1, CALL(write, file, "1", 1));
		pid_t grandchild = CALL(fork);
		if (grandchild == 0) {
			GIVES(2, CALL(getpid));
			GIVES(2, CALL(write, file, "22", 2));
			CALL(exit_group, 0);
		}
		GIVES(2, grandchild);
		GIVES(2, CALL(wait4, 2, 0, 0, 0));
		CALL(exit_group, 0);
	}
	workload_join(child);
	workload_end();
	return 0;
}
