/*
 * Sleeps of known lengths, each measured by the program itself: one line "nanoseconds" a sleep on standard error. It runs
 * before all others where that is permitted, so that nothing comes between the end of a call and the clock.
 */
#include <sched.h>
#include <stdio.h>
#include <time.h>

static long long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void)
{
	struct sched_param first = { .sched_priority = 1 };
	sched_setscheduler(0, SCHED_FIFO, &first);

	/* Nine in ten short, then longer, few long: a distribution whose quantiles lie far apart. */
	for (int i = 0; i < 200; i++) {
		long long length = i % 100 == 99 ? 30000000 : i % 10 == 9 ? 5000000 : 300000;
		struct timespec t = { 0, length };
		long long before = now();
		if (nanosleep(&t, NULL))
			return 1;
		fprintf(stderr, "%lld\n", now() - before);
	}
	return 0;
}
