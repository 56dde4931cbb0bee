#include "../workload.h"
#include "interrupt.h"

static int ends[2], file;

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

/* The same call on the same descriptor as the interrupted one, and on another. */
static void handler(int signal)
{
	char bytes[8];

	GIVES(5, CALL(write, ends[1], "inner", 5));
	GIVES(5, CALL(read, ends[0], bytes, 8));
	GIVES(4, CALL(read, file, bytes, 8));
	workload_reach(&workload_shared->step[0], 1);
}

int main(int argc, char **argv)
{
	char bytes[8];

	workload_prepare(argc, argv);
	workload_file("a", "text");
	OK(pipe(ends));
	file = OK(open("a", O_RDONLY));
	on_signal(SIGUSR1, handler, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0], bytes, 8));
	workload_end();
	workload_join(other);
	return 0;
}
