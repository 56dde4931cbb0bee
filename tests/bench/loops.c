/* Loops that time themselves: loops KIND SECONDS prints "calls nanoseconds". */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static unsigned long long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int in, out;
static char path[64];

/* One-byte reads and writes: two calls. */
static void read_write(void)
{
	char c;
	if (read(in, &c, 1) != 1 || write(out, &c, 1) != 1)
		exit(1);
}

/* Four calls on a file of its own. */
static void open_stat_read_close(void)
{
	struct stat st;
	char c;
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) || read(fd, &c, 1) != 1 || close(fd))
		exit(1);
}

static void stat_path(void)
{
	struct stat st;
	if (stat(path, &st))
		exit(1);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	void (*body)(void) = !strcmp(argv[1], "read-write") ? read_write : !strcmp(argv[1], "stat") ? stat_path : open_stat_read_close;
	unsigned per_round = body == read_write ? 2 : body == stat_path ? 1 : 4;
	double seconds = atof(argv[2]);
	in = open("/dev/zero", O_RDONLY);
	out = open("/dev/null", O_WRONLY);
	snprintf(path, sizeof path, "/tmp/ior-bench-%d", getpid());
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	if (write(fd, "x", 1) != 1)
		return 1;
	close(fd);
	unsigned long long calls = 0, start = now(), end = start + (unsigned long long)(seconds * 1e9), t;
	do {
		for (int i = 0; i < 1000; i++)
			body();
		calls += 1000 * per_round;
		t = now();
	} while (t < end);
	unlink(path);
	fprintf(stderr, "%llu %llu\n", calls, t - start);
	return 0;
}
