#include "../workload.h"
#include "interrupt.h"

static const struct timespec LONG = { .tv_sec = 100 };

static void script(void)
{
	until_asleep(&subject, SYS_nanosleep);
	stop_and_continue(&subject);
	until_asleep(&subject, SYS_restart_syscall);
	stop_and_continue(&subject);
	UNTIL(state_of(&subject) == 'S');
	until_asleep(&subject, SYS_restart_syscall);
	OK(CALL(kill, subject.pid, SIGUSR1));

	/* An absolute sleep has nothing to work out anew, so it is entered again under its own number. */
	workload_wait(&workload_shared->step[0], 1);
	until_asleep(&subject, SYS_clock_nanosleep);
	stop_and_continue(&subject);
	UNTIL(state_of(&subject) == 'S');
	until_asleep(&subject, SYS_clock_nanosleep);
	OK(CALL(kill, subject.pid, SIGUSR1));
}

int main(int argc, char **argv)
{
	struct timespec left, at;

	workload_prepare(argc, argv);
	on_signal(SIGUSR1, count_signal, 0);
	pid_t other = start_other(script);
	OK(clock_gettime(CLOCK_MONOTONIC, &at));
	at.tv_sec += 100;
	workload_mark_begin();

	FAILS(EINTR, CALL(nanosleep, &LONG, &left));
	workload_reach(&workload_shared->step[0], 1);
	FAILS(EINTR, CALL(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &at, 0));
	workload_end();
	workload_join(other);
	return 0;
}
