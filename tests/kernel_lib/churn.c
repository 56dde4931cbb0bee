/*
 * Makes an exactly known number of calls that have little in common, paced:
 *
 *   churn files DIRECTORY COUNT PER_SECOND      so many files, one after the other: each is opened, written by pwrite64,
 *                                               closed and removed
 *   churn threads DIRECTORY COUNT PER_SECOND    so many threads, each of which writes one file by pwrite64 three times and
 *                                               ends
 *
 * A slow machine takes longer and makes the same calls. To standard output it writes "memory KB", what its parent has of
 * memory, after each tenth of the work, and at the end "made OPENAT PWRITE64 CLOSE": its calls of each.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "pace.h"

#define WRITES_OF_THREAD 3

static long opened, written, closed;
static int shared_fd;

static void fail(const char *what)
{
	dprintf(2, "churn: %s: %m\n", what);
	_exit(99);
}

static int open_file(const char *name, int flags)
{
	int fd = syscall(SYS_openat, AT_FDCWD, name, flags, 0600);

	if (fd < 0)
		fail(name);
	opened++;
	return fd;
}

static void write_byte(int fd)
{
	if (syscall(SYS_pwrite64, fd, "x", 1L, 0L) != 1)
		fail("pwrite64");
	__sync_fetch_and_add(&written, 1);
}

static void close_file(int fd)
{
	if (syscall(SYS_close, fd))
		fail("close");
	closed++;
}

static void *work(void *unused)
{
	for (int i = 0; i < WRITES_OF_THREAD; i++)
		write_byte(shared_fd);
	return unused;
}

static void one_file(const char *directory, long number)
{
	char name[256];

	snprintf(name, sizeof(name), "%s/file-%ld", directory, number);
	int fd = open_file(name, O_RDWR | O_CREAT);

	write_byte(fd);
	close_file(fd);
	if (unlink(name))
		fail(name);
}

static void one_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, NULL) || pthread_join(thread, NULL))
		fail("a thread");
}

static void tell_memory(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", getppid());
	int fd = open_file(path, O_RDONLY);
	long kilobytes = resident_of(fd);

	if (kilobytes < 0)
		fail(path);
	close_file(fd);
	dprintf(1, "memory %ld\n", kilobytes);
}

int main(int argc, char **argv)
{
	char name[256];
	struct timespec tick;

	if (argc != 5)
		return 98;
	int has_threads = strcmp(argv[1], "threads") == 0;
	long count = atol(argv[3]), per_tick = atol(argv[4]) / TICKS_PER_SECOND;

	snprintf(name, sizeof(name), "%s/shared", argv[2]);
	shared_fd = open_file(name, O_RDWR | O_CREAT);
	clock_gettime(CLOCK_MONOTONIC, &tick);
	for (long i = 0; i < count; i++) {
		if (i > 0 && i % per_tick == 0)
			rest(&tick);
		if (i % (count / 10) == 0)
			tell_memory();
		if (has_threads)
			one_thread();
		else
			one_file(argv[2], i);
	}
	dprintf(1, "made %ld %ld %ld\n", opened, written, closed);
	return 0;
}
