/*
 * Reads a file through a mapping, in the steps that it is told:
 *   mapped FILE STEP…
 *     evict   drive the file out of the page cache
 *     touch   read a byte of each page of the mapping, from begin to end
 *     tail    the same of the second half
 *     random  the kernel reads nothing ahead from now on
 *     read    read the first half with read(2)
 *     unlink  remove the file
 *     fork    a child does what follows as well, at the same time
 *     churn   another thread changes the address space all the time from now on
 * Prints how many major page faults it made, by the kernel's own count.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned char sum;

static void touch(const unsigned char *map, off_t from, off_t to)
{
	for (off_t at = from; at < to; at += sysconf(_SC_PAGESIZE))
		sum += map[at];
}

static void read_half(int fd, off_t bytes)
{
	char *buffer = malloc(65536);

	for (off_t at = 0; at < bytes; at += 65536)
		if (pread(fd, buffer, 65536, at) < 0)
			err(1, "pread");
	free(buffer);
}

static void *churn(void *none)
{
	for (;;) {
		void *map = mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map != MAP_FAILED)
			munmap(map, 1 << 20);
	}
	return none;
}

int main(int argc, char **argv)
{
	struct stat status;
	struct rusage usage;
	pthread_t thread;
	pid_t child = 0;

	if (argc < 2)
		errx(1, "no file");
	int fd = open(argv[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &status))
		err(1, "%s", argv[1]);
	off_t bytes = status.st_size;
	unsigned char *map = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		err(1, "mmap");
	for (int i = 2; i < argc; i++) {
		const char *step = argv[i];
		if (!strcmp(step, "evict")) {
			if (fsync(fd) || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED))
				err(1, "posix_fadvise");
		} else if (!strcmp(step, "touch")) {
			touch(map, 0, bytes);
		} else if (!strcmp(step, "tail")) {
			touch(map, bytes / 2, bytes);
		} else if (!strcmp(step, "random")) {
			if (madvise(map, bytes, MADV_RANDOM))
				err(1, "madvise");
		} else if (!strcmp(step, "read")) {
			if (posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM))
				err(1, "posix_fadvise");
			read_half(fd, bytes / 2);
		} else if (!strcmp(step, "unlink")) {
			if (unlink(argv[1]))
				err(1, "unlink");
		} else if (!strcmp(step, "fork")) {
			child = fork();
			if (child < 0)
				err(1, "fork");
		} else if (!strcmp(step, "churn")) {
			if (pthread_create(&thread, NULL, churn, NULL))
				errx(1, "pthread_create");
		} else {
			errx(1, "unknown step %s", step);
		}
	}
	if (getrusage(RUSAGE_SELF, &usage))
		err(1, "getrusage");
	printf("%d %ld\n", getpid(), usage.ru_majflt);
	fflush(stdout);
	if (child > 0)
		waitpid(child, NULL, 0);
	return 0;
}
