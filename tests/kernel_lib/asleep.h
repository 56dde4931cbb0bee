/* Workloads in which a process waits for what another one does. */
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Returns when the process sleeps. It looks with pread64, which no trace of such a workload selects for this file. */
static inline void until_asleep(pid_t pid)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	int stat = open(path, O_RDONLY);

	for (char state = 0; state != 'S'; sched_yield()) {
		long length = pread(stat, text, sizeof(text) - 1, 0);

		if (length <= 0)
			_exit(95);
		text[length] = 0;
		state = strrchr(text, ')')[2];
	}
	close(stat);
}
