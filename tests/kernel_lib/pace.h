/* Workloads that go at a pace and watch the memory of their parent. */
#pragma once

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICKS_PER_SECOND 50

/* Rests until the next tick; what was missed is left out, so that a slow machine has less to do and not ever more. */
static inline void rest(struct timespec *tick)
{
	struct timespec now;

	tick->tv_nsec += 1000000000 / TICKS_PER_SECOND;
	if (tick->tv_nsec >= 1000000000) {
		tick->tv_nsec -= 1000000000;
		tick->tv_sec++;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > tick->tv_sec || (now.tv_sec == tick->tv_sec && now.tv_nsec > tick->tv_nsec))
		*tick = now;
	else
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, tick, NULL);
}

/* The resident memory that an open /proc/PID/status tells, kilobytes; -1 when it cannot be read. */
static inline long resident_of(int status)
{
	char text[8192];
	long length = read(status, text, sizeof(text) - 1);

	if (length <= 0)
		return -1;
	text[length] = 0;
	const char *line = strstr(text, "VmRSS:");

	return line ? strtol(line + strlen("VmRSS:"), NULL, 10) : 0;
}
