#include "../workload.h"
#include "seccomp.h"

int main(int argc, char **argv)
{
	int status;

	workload_prepare(argc, argv);
	int file = OK(open("a", O_RDWR | O_CREAT, 0644));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		filter_calls(SYS_unlink, ANY_ARGUMENT, SECCOMP_RET_KILL_PROCESS, 0);
		GIVES(1, CALL(write, file, "1", 1));
		CALL(unlink, "a");
		workload_fail("the process was to be killed", __LINE__, 0);
	}
	GIVES(child, CALL(wait4, child, &status, 0, 0));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	GIVES(0, CALL(access, "a", F_OK));
	workload_end();
	return 0;
}
