#include "../workload.h"
#include "interrupt.h"

/* Handlers on top of each other, each in a read of a pipe of its own. */
#define DEPTH 6

static int ends[DEPTH + 1][2];

static void script(void)
{
	for (int i = 0; i < DEPTH; i++) {
		workload_wait(&workload_shared->step[0], i);
		until_asleep(&subject, SYS_read);
		OK(CALL(kill, subject.pid, SIGRTMIN + i));
	}
	for (int i = DEPTH; i >= 0; i--) {
		workload_wait(&workload_shared->step[1], DEPTH - i);
		until_asleep(&subject, SYS_read);
		GIVES(1, CALL(writev, ends[i][1], &(struct iovec){ "x", 1 }, 1));
	}
}

static void handler(int signal)
{
	int depth = signal - SIGRTMIN + 1;
	char byte;

	workload_reach(&workload_shared->step[0], depth);
	GIVES(1, CALL(read, ends[depth][0], &byte, 1));
	workload_reach(&workload_shared->step[1], DEPTH + 1 - depth);
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(CALL(close_range, 3, ~0U, 0));
	for (int i = 0; i <= DEPTH; i++)
		OK(pipe(ends[i]));
	for (int i = 0; i < DEPTH; i++)
		on_signal(SIGRTMIN + i, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0][0], &byte, 1));
	workload_end();
	workload_join(other);
	return 0;
}
