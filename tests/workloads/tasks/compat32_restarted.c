#include "../workload.h"
#include "../restarts/interrupt.h"
#include "compat32.h"

static int ends[2];

/* Numbers of /proc/PID/syscall are those of the table that the call was made through. */
static void script(void)
{
	until_asleep(&subject, NR32_READ);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, NR32_READ);
	OK(CALL(kill, subject.pid, SIGUSR2));
	UNTIL(workload_shared->step[1]);
	until_asleep(&subject, NR32_READ);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

static void note(int signal)
{
	workload_shared->step[1] = 1;
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	char *byte = low_memory();
	OK(pipe(ends));
	on_signal(SIGUSR1, count_signal, 0);
	on_signal(SIGUSR2, note, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(-EINTR, CALL32(READ, ends[0], byte, 1));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL32(READ, ends[0], byte, 1));
	CHECK(handled == 1);
	workload_end();
	workload_join(other);
	return 0;
}
