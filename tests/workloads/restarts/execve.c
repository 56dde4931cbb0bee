#include "../workload.h"
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	char program[4096] = "";
	char *const nothing[] = { NULL };

	if (argc > 2) {
		/* The new program, in the same process: its descriptors are the same. */
		GIVES(2, CALL(write, 3, "hi", 2));
		workload_end();
		return 0;
	}
	workload_prepare(argc, argv);
	OK(readlink("/proc/self/exe", program, sizeof(program) - 1));
	OK(symlink(program, "new-name"));
	GIVES(3, open("log", O_WRONLY | O_CREAT, 0644));
	workload_file("plain", "no program\n");
	workload_file("script-without-interpreter", "no program\n");
	OK(chmod("script-without-interpreter", 0755));
	OK(prctl(PR_SET_NAME, "before"));
	workload_mark_begin();

	char *const arguments[] = { "new-name", argv[1], "again", NULL };
	FAILS(ENOENT, CALL(execve, "missing", nothing, nothing));
	FAILS(EACCES, CALL(execve, "plain", nothing, nothing));
	FAILS(ENOEXEC, CALL(execve, "script-without-interpreter", nothing, nothing));
	FAILS(EFAULT, CALL(execve, 1, nothing, nothing));
	CALL(execve, "new-name", arguments, nothing);
	workload_fail("exec fails", __LINE__, 0);
}
