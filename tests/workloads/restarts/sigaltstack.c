#include "../workload.h"
#include "interrupt.h"

static int outer[2], inner[2];
static char stack[65536];

static void script(void)
{
	until_asleep(&subject, SYS_read);
	OK(CALL(kill, subject.pid, SIGUSR1));
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_read);
	/* Interrupts the read that the first handler makes on the other stack. */
	OK(CALL(kill, subject.pid, SIGUSR2));
	workload_wait(&workload_shared->step[0], 2);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, inner[1], &(struct iovec){ "i", 1 }, 1));
	workload_wait(&workload_shared->step[0], 3);
	until_asleep(&subject, SYS_read);
	GIVES(1, CALL(writev, outer[1], &(struct iovec){ "o", 1 }, 1));
}

static void on_other_stack(int signal)
{
	char byte;

	CHECK(&byte >= stack && &byte < stack + sizeof(stack));
	workload_reach(&workload_shared->step[0], 1);
	GIVES(1, CALL(read, inner[0], &byte, 1));
	workload_reach(&workload_shared->step[0], 3);
}

static void second(int signal)
{
	workload_reach(&workload_shared->step[0], 2);
}

int main(int argc, char **argv)
{
	char byte;
	stack_t other_stack = { .ss_sp = stack, .ss_size = sizeof(stack) };

	workload_prepare(argc, argv);
	OK(pipe(outer));
	OK(pipe(inner));
	OK(sigaltstack(&other_stack, NULL));
	on_signal(SIGUSR1, on_other_stack, SA_RESTART | SA_ONSTACK);
	on_signal(SIGUSR2, second, SA_RESTART | SA_ONSTACK);
	pid_t other = start_other(script);
	workload_mark_begin();

	GIVES(1, CALL(read, outer[0], &byte, 1));
	workload_end();
	workload_join(other);
	return 0;
}
