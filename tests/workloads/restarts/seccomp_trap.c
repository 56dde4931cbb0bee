#include "../workload.h"
#include "interrupt.h"
#include "seccomp.h"
#include <ucontext.h>

static int file;

static void handler(int signal, siginfo_t *info, void *context)
{
	CHECK(info->si_syscall == SYS_unlink);
	handled++;
	GIVES(4, CALL(write, file, "trap", 4));
	/* What a sandbox's broker does: the result of the call, by the registers. */
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = -EROFS;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };

	workload_prepare(argc, argv);
	file = OK(open("a", O_RDWR | O_CREAT, 0644));
	OK(sigaction(SIGSYS, &action, NULL));
	filter_calls(SYS_unlink, ANY_ARGUMENT, SECCOMP_RET_TRAP, 0);
	workload_mark_begin();

	FAILS(EROFS, CALL(unlink, "a"));
	CHECK(handled == 1);
	GIVES(1, CALL(write, file, "1", 1));
	workload_end();
	return 0;
}
