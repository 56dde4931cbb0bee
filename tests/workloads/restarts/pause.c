#include "../workload.h"
#include "interrupt.h"

static void script(void)
{
	until_asleep(&subject, SYS_pause);
	stop_and_continue(&subject);
	UNTIL(state_of(&subject) == 'S');
	until_asleep(&subject, SYS_pause);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	on_signal(SIGUSR1, count_signal, SA_RESTART);
	pid_t other = start_other(script);
	workload_mark_begin();

	FAILS(EINTR, CALL(pause));
	CHECK(handled == 1);
	workload_end();
	workload_join(other);
	return 0;
}
