/*
 * Uses many keys in turn, paced: `keys DIRECTORY FILES THREADS ROUNDS PER_SECOND`. In each round each thread goes over the same
 * open files, and writes three bytes by pwrite64, reads two by pread64, sets the length by ftruncate and asks for a byte at an
 * impossible place by pread64, which fails with EINVAL: four keys of each thread and file. All threads together make PER_SECOND
 * calls a second; on a machine that is too slow for that they take longer.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pace.h"

#define CALLS 4

static int files, rounds, files_per_tick, *fds;

static void *work(void *unused)
{
	struct timespec tick;
	char bytes[3] = "abc";

	clock_gettime(CLOCK_MONOTONIC, &tick);
	for (int i = 0; i < rounds * files; i++) {
		int fd = fds[i % files];
		if (syscall(SYS_pwrite64, fd, bytes, 3L, 0L) != 3 || syscall(SYS_pread64, fd, bytes, 2L, 0L) != 2 ||
		    syscall(SYS_ftruncate, fd, 3L) != 0 || syscall(SYS_pread64, fd, bytes, 1L, -1L) != -1)
			exit(99);
		if (i % files_per_tick == files_per_tick - 1)
			rest(&tick);
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread[64];
	char path[4096];
	int threads = argc == 6 ? atoi(argv[3]) : 0;

	if (threads < 1 || threads > 64)
		return 98;
	files = atoi(argv[2]);
	rounds = atoi(argv[4]);
	files_per_tick = atoi(argv[5]) / (threads * CALLS * TICKS_PER_SECOND);
	if (files_per_tick < 1)
		return 98;
	fds = malloc(files * sizeof(*fds));
	struct rlimit limit = { files + 64, files + 64 };
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 97;
	for (int file = 0; file < files; file++) {
		snprintf(path, sizeof(path), "%s/%d", argv[1], file);
		fds[file] = open(path, O_RDWR | O_CREAT, 0600);
		if (fds[file] < 0)
			return 96;
	}
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, work, NULL) != 0)
			return 95;
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
