#include "../workload.h"
#include "interrupt.h"
#include <sys/file.h>

static int held;

static void script(void)
{
	/* Another process has the lock; closing its descriptor gives it up. */
	held = OK(CALL(open, "lock", O_RDWR));
	OK(CALL(flock, held, LOCK_EX));
	workload_reach(&workload_shared->step[0], 1);

	until_asleep(&subject, SYS_flock);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_flock);
	OK(CALL(kill, subject.pid, SIGUSR2));
	workload_wait(&workload_shared->step[0], 3);
	until_asleep(&subject, SYS_flock);
	OK(CALL(close, held));
}

static void handler(int signal)
{
	if (signal == SIGUSR2)
		workload_reach(&workload_shared->step[0], 3);
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_file("lock", "");
	int file = OK(open("lock", O_RDWR));
	on_signal(SIGUSR1, handler, 0);
	on_signal(SIGUSR2, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_wait(&workload_shared->step[0], 1);
	workload_mark_begin();

	FAILS(EINTR, CALL(flock, file, LOCK_EX));
	workload_reach(&workload_shared->step[0], 2);
	GIVES(0, CALL(flock, file, LOCK_EX));
	workload_end();
	workload_join(other);
	return 0;
}
