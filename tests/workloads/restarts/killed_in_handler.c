#include "../workload.h"
#include "interrupt.h"

static int outer[2], inner[2];

static void handler(int signal)
{
	char byte;

	workload_reach(&workload_shared->step[0], 1);
	CALL(read, inner[0], &byte, 1);
	workload_fail("the process was to be killed", __LINE__, 0);
}

int main(int argc, char **argv)
{
	char byte;
	int status;

	workload_prepare(argc, argv);
	OK(pipe(outer));
	OK(pipe(inner));
	on_signal(SIGUSR1, handler, SA_RESTART);
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		CALL(read, outer[0], &byte, 1);
		workload_fail("the process was to be killed", __LINE__, 0);
	}
	struct watched w = watch(child, child);
	until_asleep(&w, SYS_read);
	OK(kill(child, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&w, SYS_read);
	OK(kill(child, SIGKILL));
	GIVES(child, CALL(wait4, child, &status, 0, 0));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	workload_end();
	return 0;
}
