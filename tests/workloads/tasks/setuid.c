#include "../workload.h"

#define OWNER 4242
#define OTHER 4343

static int file;

static void note(void)
{
	GIVES(1, CALL(write, file, "x", 1));
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		note();
		/* Only the effective user: the owner of the process is still root. */
		OK(CALL(setresuid, -1, OWNER, -1));
		note();
		OK(CALL(setresuid, -1, 0, -1));
		OK(CALL(setreuid, OTHER, -1));
		note();
		OK(CALL(setresuid, 0, 0, 0));
		note();
		OK(CALL(setuid, OWNER));
		note();
		FAILS(EPERM, CALL(setuid, 0));
		note();
		pid_t grandchild = OK(fork());
		if (grandchild == 0) {
			note();
			_exit(0);
		}
		workload_join(grandchild);
		_exit(0);
	}
	workload_join(child);
	note();
	workload_end();
	return 0;
}
