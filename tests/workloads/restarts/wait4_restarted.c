#include "../workload.h"
#include "interrupt.h"

static void script(void)
{
	until_asleep(&subject, SYS_wait4);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_wait4);
	workload_reach(&workload_shared->step[1], 1);
}

static void handler(int signal)
{
	workload_reach(&workload_shared->step[0], 1);
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	pid_t child = OK(fork());
	if (child == 0) {
		workload_wait(&workload_shared->step[1], 1);
		GIVES(1, CALL(write, file, "c", 1));
		_exit(0);
	}
	workload_join(child);
	workload_end();
	workload_join(other);
	return 0;
}
