#include "../workload.h"
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	char *const arguments[] = { "anything", argc > 1 ? argv[1] : NULL, "again", NULL };

	if (argc > 2) {
		GIVES(2, CALL(write, 3, "hi", 2));
		OK(CALL(prctl, PR_SET_NAME, "later"));
		GIVES(2, CALL(write, 3, "hi", 2));
		workload_end();
		return 0;
	}
	workload_prepare(argc, argv);
	GIVES(3, open("log", O_WRONLY | O_CREAT, 0644));
	GIVES(4, open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	OK(prctl(PR_SET_NAME, "before"));
	workload_mark_begin();

	FAILS(EBADF, CALL(execveat, 77, "", arguments, arguments + 3, AT_EMPTY_PATH));
	FAILS(ENOENT, CALL(execveat, AT_FDCWD, "missing", arguments, arguments + 3, 0));
	CALL(execveat, 4, "", arguments, arguments + 3, AT_EMPTY_PATH);
	workload_fail("exec fails", __LINE__, 0);
}
