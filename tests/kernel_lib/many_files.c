/*
 * Many files and short processes, paced, for long: `many_files DIRECTORY FILES SECONDS`. Each second it makes about 50,000
 * calls on files of the directory chosen at random, and 200 processes that ask for files that are not there.
 *
 * After each second, or later on a busy machine, it writes "memory SECONDS KB" to standard output: what its parent has of
 * memory so long after the start. The random numbers are the same in each run.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pace.h"

#define PROCESSES_PER_TICK 4
#define CALLS_OF_PROCESS 20
#define FILES_PER_TICK 62
#define CALLS_OF_FILE 12
#define DIRECTORIES 50
#define MISSING_NAMES 100000

static unsigned state = 1;

static unsigned below(unsigned end)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % end;
}

static void fail(const char *what)
{
	dprintf(2, "many_files: %s: %m\n", what);
	_exit(99);
}

static void use_file(const char *directory, unsigned files)
{
	char name[256], bytes[16] = "";
	struct stat status;
	unsigned file = below(files);

	snprintf(name, sizeof(name), "%s/d%u/file-%u", directory, file % DIRECTORIES, file);
	int fd = open(name, O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		fail(name);
	for (int i = 0; i < CALLS_OF_FILE; i++)
		if (i % 2 ? pread(fd, bytes, sizeof(bytes), 0) < 0 : pwrite(fd, bytes, sizeof(bytes), 0) < 0)
			fail(name);
	stat(name, &status);
	close(fd);
}

static void make_process(const char *directory)
{
	unsigned first = below(MISSING_NAMES);
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid > 0)
		return;
	for (unsigned i = 0; i < CALLS_OF_PROCESS; i++) {
		char name[256];

		snprintf(name, sizeof(name), "%s/missing-%u", directory, (first + i) % MISSING_NAMES);
		access(name, F_OK);
	}
	_exit(0);
}

static long memory_of_parent(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", getppid());
	int fd = open(path, O_RDONLY);
	long kilobytes = resident_of(fd);

	if (kilobytes < 0)
		fail("reading the parent's status");
	close(fd);
	return kilobytes;
}

int main(int argc, char **argv)
{
	char name[256];
	struct timespec tick, now;

	if (argc != 4)
		return 98;
	for (int i = 0; i < DIRECTORIES; i++) {
		snprintf(name, sizeof(name), "%s/d%d", argv[1], i);
		if (mkdir(name, 0700))
			fail(name);
	}
	signal(SIGCHLD, SIG_IGN);
	clock_gettime(CLOCK_MONOTONIC, &tick);
	long start = tick.tv_sec, second = start;
	long end = start + atol(argv[3]);

	for (;;) {
		for (int i = 0; i < PROCESSES_PER_TICK; i++)
			make_process(argv[1]);
		for (int i = 0; i < FILES_PER_TICK; i++)
			use_file(argv[1], atol(argv[2]));
		rest(&tick);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec == second)
			continue;
		second = now.tv_sec;
		dprintf(1, "memory %ld %ld\n", second - start, memory_of_parent());
		if (second >= end)
			return 0;
	}
}
