#include "../workload.h"
#include "interrupt.h"

static int ends[2];

static void script(void)
{
	for (int i = 0; i < 2; i++) {
		until_asleep(&subject, SYS_read);
		stop_and_continue(&subject);
		/* It was stopped inside the call: asleep in it again, it has entered anew. */
		UNTIL(state_of(&subject) == 'S');
	}
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, ends[1], &(struct iovec){ "x", 1 }, 1));
}

int main(int argc, char **argv)
{
	char byte;

	workload_prepare(argc, argv);
	OK(pipe(ends));
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, ends[0], &byte, 1));
	workload_end();
	workload_join(other);
	return 0;
}
