#include "../workload.h"
#include "interrupt.h"

static int ends[2];

static void script(void)
{
	for (int i = 0; i < 2; i++) {
		workload_wait(&workload_shared->step[0], i);
		until_asleep(&subject, SYS_read);
		OK(CALL(kill, subject.pid, SIGUSR1));
	}
	workload_wait(&workload_shared->step[0], 2);
	/* One byte for each of the three reads, the innermost first. */
	for (int i = 0; i < 3; i++) {
		workload_wait(&workload_shared->step[1], i);
		until_asleep(&subject, SYS_read);
		GIVES(1, CALL(writev, ends[1], &(struct iovec){ "abc" + i, 1 }, 1));
	}
}

static void read_one(void)
{
	char byte;

	GIVES(1, CALL(read, ends[0], &byte, 1));
	atomic_fetch_add(&workload_shared->step[1], 1);
}

static void handler(int signal)
{
	atomic_fetch_add(&workload_shared->step[0], 1);
	read_one();
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(pipe(ends));
	on_signal(SIGUSR1, handler, SA_RESTART | SA_NODEFER);
	pid_t other = start_other(script);
	workload_mark_begin();

	read_one();
	workload_end();
	workload_join(other);
	return 0;
}
