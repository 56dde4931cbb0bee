#include "../workload.h"
#include "interrupt.h"
#include <sys/ptrace.h>

int main(int argc, char **argv)
{
	int ends[2], status;
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		GIVES(1, CALL(read, ends[0], &byte, 1));
		_exit(0);
	}
	struct watched w = watch(child, child);
	until_asleep(&w, SYS_read);
	OK(ptrace(PTRACE_SEIZE, child, 0, 0));
	for (int i = 0; i < 2; i++) {
		OK(ptrace(PTRACE_INTERRUPT, child, 0, 0));
		GIVES(child, CALL(wait4, child, &status, __WALL, 0));
		CHECK(WIFSTOPPED(status));
		OK(ptrace(PTRACE_CONT, child, 0, 0));
		until_asleep(&w, SYS_read);
	}
	/* A detach also stops and goes on. */
	OK(ptrace(PTRACE_INTERRUPT, child, 0, 0));
	GIVES(child, CALL(wait4, child, &status, __WALL, 0));
	OK(ptrace(PTRACE_DETACH, child, 0, 0));
	until_asleep(&w, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
	workload_join(child);
	workload_end();
	return 0;
}
