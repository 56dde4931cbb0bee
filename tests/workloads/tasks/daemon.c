#include "../workload.h"
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	/* The daemon becomes this process's child when its parent ends, so that its end can be waited for. */
	OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		GIVES(1, CALL(write, file, "1", 1));
		OK(setsid());
		if (OK(fork()) == 0) {
			OK(CALL(chdir, "/"));
			while (getppid() != (pid_t)workload_shared->value[0])
				CALL(sched_yield);
			OK(prctl(PR_SET_NAME, "the-daemon"));
			GIVES(2, CALL(write, file, "22", 2));
			_exit(0);
		}
		_exit(0);
	}
	workload_shared->value[0] = getpid();
	while (wait(NULL) > 0)
		;
	CHECK(errno == ECHILD);
	GIVES(1, CALL(write, file, "3", 1));
	workload_end();
	return 0;
}
