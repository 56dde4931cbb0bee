/*
 * Meets more names than any table holds: `many_names files|removed|threads DIRECTORY COUNT PAUSE_US`. For i from 0 to COUNT - 1
 *
 *   files    openat DIRECTORY/file_I (made by it), lseek to I, close
 *   removed  openat DIRECTORY/file_I (made by it), lseek to I, unlink, close: the kernel gives the next file the same memory
 *   threads  names itself task_I, then lseek to I
 *
 * so that the result of lseek says which name its row must have. It rests PAUSE_US after each 1,000, and writes to
 * standard output what memory its parent has used at most, in kB. None of that makes any of the calls above.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BETWEEN_RESTS 1000

static void check(int holds, const char *what, long i)
{
	if (!holds) {
		dprintf(2, "many_names: %s fails at %ld: %m\n", what, i);
		_exit(99);
	}
}

static void seek_to(int fd, long i)
{
	check(syscall(SYS_lseek, fd, i, (long)SEEK_SET) == i, "lseek", i);
}

static void meet_file(const char *path, long i, int removed)
{
	int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL, 0600);

	check(fd >= 0, "openat", i);
	seek_to(fd, i);
	if (removed)
		check(syscall(SYS_unlink, path) == 0, "unlink", i);
	check(syscall(SYS_close, fd) == 0, "close", i);
}

/* The largest resident memory of the parent; with open, not openat. */
static void tell_memory_of_parent(void)
{
	char path[64], text[8192];

	sprintf(path, "/proc/%d/status", getppid());
	int fd = syscall(SYS_open, path, O_RDONLY);
	long length = read(fd, text, sizeof(text) - 1);

	check(length > 0, "reading the parent's status", 0);
	text[length] = 0;
	const char *line = strstr(text, "VmHWM:");

	check(line != NULL, "finding VmHWM", 0);
	/* Not by stdio, which seeks. */
	sprintf(text, "%ld\n", atol(line + strlen("VmHWM:")));
	check(write(1, text, strlen(text)) > 0, "write", 0);
}

int main(int argc, char **argv)
{
	char name[4096];

	check(argc == 5, "reading the arguments", argc);
	long count = atol(argv[3]), pause_us = atol(argv[4]);
	int threads = strcmp(argv[1], "threads") == 0, removed = strcmp(argv[1], "removed") == 0;
	/* The first free descriptor is always the same. */
	int zero = threads ? syscall(SYS_memfd_create, "here", 0) : -1;

	for (long i = 0; i < count; i++) {
		if (threads) {
			snprintf(name, sizeof(name), "task_%ld", i);
			check(prctl(PR_SET_NAME, name) == 0, "prctl", i);
			seek_to(zero, i);
		} else {
			snprintf(name, sizeof(name), "%s/file_%ld", argv[2], i);
			meet_file(name, i, removed);
		}
		if (pause_us > 0 && i % BETWEEN_RESTS == BETWEEN_RESTS - 1)
			usleep(pause_us);
	}
	tell_memory_of_parent();
	_exit(0);
}
