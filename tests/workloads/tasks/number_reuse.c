#include "../workload.h"
#include <linux/sched.h>
#include <sys/prctl.h>

static int file;

/* Forks a process with this number, 0 for any, which names itself, makes one call and ends. */
static pid_t run_child(pid_t number, const char *name, const char *text)
{
	struct clone_args how = { .exit_signal = SIGCHLD };

	if (number) {
		how.set_tid = (uintptr_t)&number;
		how.set_tid_size = 1;
	}
	pid_t child = OK(CALL(clone3, &how, sizeof(how)));
	if (child == 0) {
		if (name)
			OK(CALL(prctl, PR_SET_NAME, name));
		GIVES(strlen(text), CALL(write, file, text, strlen(text)));
		CALL(exit_group, 0);
	}
	workload_join(child);
	return child;
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	pid_t number = run_child(0, "first", "1");
	GIVES(number, run_child(number, "second", "22"));
	GIVES(number, run_child(number, NULL, "333"));
	workload_end();
	return 0;
}
