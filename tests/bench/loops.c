/*
 * Loops that time themselves: loops CPUS SECONDS KIND... runs one after the other, on each of so many processors at
 * once, and prints "KIND calls nanoseconds" for each loop and processor.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILES 1000
#define BODIES_PER_LOOK 100

static int in, out;
static char files[FILES][64], created[FILES][64], renamed[FILES][64];

static void must(int holds, const char *what)
{
	if (holds)
		return;
	perror(what);
	exit(1);
}

static unsigned long long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* One-byte reads and writes. */
static void read_write(int file)
{
	char c;
	(void)file;
	must(read(in, &c, 1) == 1 && write(out, &c, 1) == 1, "read and write");
}

static void open_fstat_read_close(int file)
{
	struct stat st;
	char c;
	int fd = open(files[file], O_RDONLY);
	must(fd >= 0 && !fstat(fd, &st) && read(fd, &c, 1) == 1 && !close(fd), "open, fstat, read and close");
}

static void stat_path(int file)
{
	struct stat st;
	must(!stat(files[file], &st), "stat");
}

/* Nine calls, five of them by path. */
static void mix(int file)
{
	struct stat st;
	char c;
	int fd;
	must(!stat(files[file], &st), "stat");
	fd = open(files[file], O_RDONLY);
	must(fd >= 0 && read(fd, &c, 1) == 1 && !close(fd), "open, read and close");
	fd = open(created[file], O_CREAT | O_WRONLY, 0600);
	must(fd >= 0 && write(fd, &c, 1) == 1 && !close(fd), "create, write and close");
	must(!rename(created[file], renamed[file]) && !unlink(renamed[file]), "rename and unlink");
}

static const struct loop {
	const char *name;
	void (*body)(int file);
	int calls;
} loops[] = {
	{ "read-write", read_write, 2 },
	{ "open-fstat-read-close", open_fstat_read_close, 4 },
	{ "stat", stat_path, 1 },
	{ "mix", mix, 9 },
};

static const struct loop *named(const char *name)
{
	for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
		if (!strcmp(loops[i].name, name))
			return &loops[i];
	fprintf(stderr, "Unknown loop %s\n", name);
	exit(2);
}

static void run(const struct loop *loop, double seconds)
{
	unsigned long long calls = 0, start = now(), end = start + (unsigned long long)(seconds * 1e9), t;
	int file = 0;
	do {
		for (int i = 0; i < BODIES_PER_LOOK; i++) {
			loop->body(file);
			file = (file + 1) % FILES;
		}
		calls += BODIES_PER_LOOK * loop->calls;
		t = now();
	} while (t < end);
	printf("%s %llu %llu\n", loop->name, calls, t - start);
	fflush(stdout);
}

/* Moves this process to the n-th of the processors that it may use. */
static void pin(int n)
{
	cpu_set_t allowed, one;
	int cpu = -1;
	must(!sched_getaffinity(0, sizeof allowed, &allowed), "sched_getaffinity");
	for (int seen = -1; seen < n;)
		if (++cpu >= CPU_SETSIZE) {
			fprintf(stderr, "There are no %d processors\n", n + 1);
			exit(2);
		} else if (CPU_ISSET(cpu, &allowed))
			seen++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	must(!sched_setaffinity(0, sizeof one, &one), "sched_setaffinity");
}

/* All loops on one processor, in a directory of its own in memory, so that no disk takes part. */
static void run_all(int cpu, double seconds, char **kinds)
{
	char directory[] = "/dev/shm/ior-bench-XXXXXX";
	pin(cpu);
	must(mkdtemp(directory) != NULL, "mkdtemp");
	in = open("/dev/zero", O_RDONLY);
	out = open("/dev/null", O_WRONLY);
	for (int i = 0; i < FILES; i++) {
		snprintf(files[i], sizeof files[i], "%s/file-%d", directory, i);
		snprintf(created[i], sizeof created[i], "%s/new-%d", directory, i);
		snprintf(renamed[i], sizeof renamed[i], "%s/renamed-%d", directory, i);
		int fd = open(files[i], O_CREAT | O_WRONLY, 0600);
		must(fd >= 0 && write(fd, "x", 1) == 1 && !close(fd), files[i]);
	}
	for (; *kinds; kinds++)
		run(named(*kinds), seconds);
	for (int i = 0; i < FILES; i++)
		unlink(files[i]);
	rmdir(directory);
}

int main(int argc, char **argv)
{
	int failed = 0, status;
	if (argc < 4)
		return 2;
	for (int i = 3; i < argc; i++)
		named(argv[i]);
	for (int cpu = 1; cpu < atoi(argv[1]); cpu++)
		if (fork() == 0) {
			run_all(cpu, atof(argv[2]), argv + 3);
			return 0;
		}
	run_all(0, atof(argv[2]), argv + 3);
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}
