#include "../workload.h"
#include "interrupt.h"

static int file;

static void handler(int signal)
{
	handled++;
	GIVES(1, CALL(write, file, "h", 1));
}

int main(int argc, char **argv)
{
	unsigned long blocked = 1UL << (SIGUSR1 - 1) | 1UL << (SIGUSR2 - 1), none = 0;

	workload_prepare(argc, argv);
	file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	on_signal(SIGUSR1, handler, 0);
	on_signal(SIGUSR2, handler, SA_RESTART);
	OK(CALL(rt_sigprocmask, SIG_BLOCK, &blocked, 0, 8));
	OK(kill(getpid(), SIGUSR1));
	OK(kill(getpid(), SIGUSR2));
	CHECK(handled == 0);
	workload_mark_begin();

	/* Both wait: the kernel puts one handler's frame on top of the other's. */
	FAILS(EINTR, CALL(rt_sigsuspend, &none, 8));
	CHECK(handled == 2);
	workload_end();
	return 0;
}
