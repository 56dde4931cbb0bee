#include "../workload.h"
#include "interrupt.h"

static const struct timespec LONG = { .tv_sec = 100 };

static void script(void)
{
	const long numbers[] = { SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_nanosleep };

	for (int i = 0; i < 3; i++) {
		workload_wait(&workload_shared->step[0], i);
		until_asleep(&subject, numbers[i]);
		OK(CALL(kill, subject.pid, SIGUSR1));
	}
}

int main(int argc, char **argv)
{
	struct timespec left, at;

	workload_prepare(argc, argv);
	on_signal(SIGUSR1, count_signal, SA_RESTART);
	pid_t other = start_other(script);
	OK(clock_gettime(CLOCK_MONOTONIC, &at));
	at.tv_sec += 100;
	workload_mark_begin();

	FAILS(EINTR, CALL(nanosleep, &LONG, &left));
	workload_reach(&workload_shared->step[0], 1);
	FAILS(EINTR, CALL(clock_nanosleep, CLOCK_REALTIME, 0, &LONG, &left));
	workload_reach(&workload_shared->step[0], 2);
	FAILS(EINTR, CALL(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &at, 0));
	CHECK(handled == 3);
	workload_end();
	workload_join(other);
	return 0;
}
