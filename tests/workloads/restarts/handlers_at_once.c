#include "../workload.h"
#include "interrupt.h"

static int ends[2], inner[2];

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGSTOP));
	UNTIL(state_of(&subject) == 'T');
	OK(CALL(kill, subject.pid, SIGUSR1));
	OK(CALL(kill, subject.pid, SIGUSR2));
	OK(CALL(kill, subject.pid, SIGCONT));
	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

static void handler(int signal)
{
	char byte;

	GIVES(1, CALL(read, inner[0], &byte, 1));
	atomic_fetch_add(&workload_shared->step[0], 1);
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	OK(pipe(inner));
	GIVES(2, write(inner[1], "ab", 2));
	on_signal(SIGUSR1, handler, SA_RESTART);
	on_signal(SIGUSR2, handler, 0);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0], &byte, 1));
	CHECK(workload_shared->step[0] == 2 && byte == 'x');
	workload_end();
	workload_join(other);
	return 0;
}
