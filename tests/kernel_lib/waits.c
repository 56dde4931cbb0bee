/*
 * Calls that wait for a known time: waits WORD... For each word it makes one call, and prints how long it took by its own
 * clock and how long the kernel says that it waited for a processor meanwhile (/proc/self/schedstat), both in nanoseconds.
 *
 *   pipe:MS        reads from a pipe that another process writes to MS after the read sleeps
 *   flock:FILE     locks a file that another process holds until 100 ms after the call sleeps
 *   poll:MS        waits for nothing
 *   busy:BYTES     fills a buffer from /dev/zero on a processor that another process is busy on
 *   direct:FILE    reads a mebibyte past the page cache
 *   interrupted:MS reads from a pipe as above; once it sleeps a signal comes, whose handler waits 50 ms in a call of its own
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static uint64_t run_delay(void)
{
	unsigned long long run, delay = 0;
	FILE *f = fopen("/proc/self/schedstat", "r");

	if (!f || fscanf(f, "%llu %llu", &run, &delay) != 2)
		exit(9);
	fclose(f);
	return delay;
}

static void on_signal(int signal)
{
	(void)signal;
	poll(NULL, 0, 50);
}

/* Starts a process that does something for the call; -1 in it. */
static pid_t helper;
static int begin(void)
{
	helper = fork();
	return helper == 0;
}

static void wait_in(const char *word, const char *value)
{
	int fds[2], fd = -1, number = atoi(value);
	char *buffer = NULL, byte;
	size_t bytes = 1 << 20;

	int is_interrupted = strcmp(word, "interrupted") == 0;

	helper = 0;
	if (is_interrupted) {
		struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
		sigaction(SIGUSR1, &action, NULL);
	}
	if (strcmp(word, "pipe") == 0 || is_interrupted) {
		if (pipe(fds))
			exit(8);
		if (begin()) {
			until_asleep(getppid());
			if (is_interrupted)
				kill(getppid(), SIGUSR1);
			usleep(1000 * number);
			_exit(write(fds[1], "x", 1) != 1);
		}
	} else if (strcmp(word, "flock") == 0) {
		fd = open(value, O_RDWR | O_CREAT, 0600);
		if (pipe(fds))
			exit(8);
		if (begin()) {
			flock(open(value, O_RDWR), LOCK_EX);
			if (write(fds[1], "x", 1) != 1)
				_exit(1);
			until_asleep(getppid());
			usleep(100000);
			_exit(0);
		}
		if (read(fds[0], &byte, 1) != 1)
			exit(7);
	} else if (strcmp(word, "busy") == 0) {
		cpu_set_t one;
		CPU_ZERO(&one);
		CPU_SET(sched_getcpu(), &one);
		sched_setaffinity(0, sizeof(one), &one);
		bytes = strtoull(value, NULL, 10);
		buffer = malloc(bytes);
		memset(buffer, 1, bytes);
		fd = open("/dev/zero", O_RDONLY);
		if (begin())
			for (;;)
				;
	} else if (strcmp(word, "direct") == 0) {
		fd = open(value, O_RDONLY | O_DIRECT);
		buffer = aligned_alloc(4096, bytes);
	}
	uint64_t start = now(), delay = run_delay();
	if (strcmp(word, "poll") == 0)
		poll(NULL, 0, number);
	else if (strcmp(word, "flock") == 0)
		flock(fd, LOCK_EX);
	else if (buffer && read(fd, buffer, bytes) < 0)
		exit(6);
	else if (!buffer && read(fds[0], &byte, 1) != 1)
		exit(5);
	delay = run_delay() - delay;
	printf("%s %llu %llu\n", word, (unsigned long long)(now() - start), (unsigned long long)delay);
	if (helper > 0) {
		kill(helper, SIGKILL);
		waitpid(helper, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *value = strchr(argv[i], ':');
		if (!value)
			return 2;
		*value = 0;
		wait_in(argv[i], value + 1);
	}
	return 0;
}
