/*
 * hold_thread PID NAME: stops the thread of that name, and no other one of its process, until the process ends. Prints a line
 * when it stands still. A signal would stop the whole process; a debugger stops a thread.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int thread_named(const char *pid, const char *name)
{
	char path[64], comm[32];
	struct dirent *entry;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/%s/task/%.16s/comm", pid, entry->d_name);
		FILE *file = fopen(path, "r");
		if (!file)
			continue;
		if (!fgets(comm, sizeof(comm), file))
			comm[0] = 0;
		fclose(file);
		comm[strcspn(comm, "\n")] = 0;
		if (strcmp(comm, name) == 0)
			return atoi(entry->d_name);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int tid = argc == 3 ? thread_named(argv[1], argv[2]) : 0;

	if (tid == 0 || ptrace(PTRACE_SEIZE, tid, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, tid, 0, 0) < 0 ||
	    waitpid(tid, NULL, __WALL) != tid) {
		perror("Cannot hold the thread");
		return 1;
	}
	puts("held");
	fflush(stdout);
	/* A process is gone only when its debugger has seen its threads end. */
	while (waitpid(tid, NULL, __WALL) == tid)
		;
	return 0;
}
