/*
 * Threads that move from CPU to CPU: `migrants DIR THREADS ROUNDS`. In each round a thread writes the
 * number of the round as a count of bytes to /dev/null, opens, queries and removes a file of its own, and stats a path that is
 * relative to a directory of its own; every few rounds it moves to the next CPU, and now and then takes another name. Threads
 * change names of directories that others are in, so names are new all the time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS_ON_CPU 7
#define ROUNDS_OF_NAME 100

static const char *directory;
static int rounds, null_fd;
static char bytes[1 << 16];

static void move(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *run(void *argument)
{
	int number = (intptr_t)argument, dir;
	char own[256], moved[270], path[64], name[16];
	struct stat st;

	snprintf(own, sizeof(own), "%s/%d", directory, number);
	snprintf(moved, sizeof(moved), "%s-moved", own);
	if (mkdir(own, 0700) || (dir = open(own, O_RDONLY | O_DIRECTORY)) < 0)
		exit(1);
	for (int round = 1; round <= rounds; round++) {
		if (round % ROUNDS_ON_CPU == 0)
			move(number + round / ROUNDS_ON_CPU);
		if (round % ROUNDS_OF_NAME == 0) {
			snprintf(name, sizeof(name), "m%d-%d", number, round);
			prctl(PR_SET_NAME, name);
			if (rename(round / ROUNDS_OF_NAME % 2 ? own : moved, round / ROUNDS_OF_NAME % 2 ? moved : own))
				exit(1);
		}
		if (write(null_fd, bytes, round) != round)
			exit(1);
		snprintf(path, sizeof(path), "file-%d", round);
		int fd = openat(dir, path, O_CREAT | O_RDWR, 0600);
		if (fd < 0 || fstat(fd, &st) || close(fd) || fstatat(dir, path, &st, 0) || unlinkat(dir, path, 0))
			exit(1);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[2]) : 0;
	pthread_t threads[64];

	if (count < 1 || count > 64)
		return 2;
	directory = argv[1];
	rounds = atoi(argv[3]);
	null_fd = open("/dev/null", O_WRONLY);
	for (intptr_t i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, run, (void *)i))
			return 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
