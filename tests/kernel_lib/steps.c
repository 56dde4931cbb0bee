/*
 * Makes calls step by step, each step when it is let go: `steps PER_MS STEP...`. A step is a number of calls, or `-` for
 * calls until it is let go. A call is a pread64 from /dev/zero that returns the number of its step, from 1 on, and
 * nothing else in it calls pread64. PER_MS of them are made each millisecond, and what was missed is made up for; 0 is as
 * fast as can be.
 *
 * After each step it writes "step CALLS KB" to standard output: the calls of the step, and the largest memory that its
 * parent has had so far. Then it waits for a byte from standard input, whose end lets all steps go; the
 * byte that ends a step without a number also lets the next one go.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CALLS_AT_ONCE 100000
#define LARGEST_STEP 4096

static long per_ms;
static int zero;

static void fail(const char *what)
{
	dprintf(2, "steps: %s: %m\n", what);
	_exit(99);
}

static void make_calls(long calls, long step)
{
	char bytes[LARGEST_STEP];

	for (long i = 0; i < calls; i++)
		if (syscall(SYS_pread64, zero, bytes, step, 0L) != step)
			fail("pread64");
}

/* Rests until the millisecond after `t`, which may be over. */
static void rest(struct timespec *t)
{
	t->tv_nsec += 1000000;
	if (t->tv_nsec >= 1000000000) {
		t->tv_nsec -= 1000000000;
		t->tv_sec++;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, t, NULL);
}

static int is_let_go(void)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };

	return poll(&input, 1, 0) > 0;
}

static void wait_to_be_let_go(void)
{
	char byte;

	if (read(0, &byte, 1) < 0)
		fail("read");
}

static long make_step(long step, long calls)
{
	long made = 0;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	while (calls == 0 ? !is_let_go() : made < calls) {
		long some = per_ms ? per_ms : CALLS_AT_ONCE;

		if (calls && some > calls - made)
			some = calls - made;
		make_calls(some, step);
		made += some;
		if (per_ms)
			rest(&t);
	}
	return made;
}

static long memory_of_parent(void)
{
	char path[64], text[8192];

	snprintf(path, sizeof(path), "/proc/%d/status", getppid());
	int fd = open(path, O_RDONLY);
	long length = read(fd, text, sizeof(text) - 1);

	if (length <= 0)
		fail("reading the parent's status");
	close(fd);
	text[length] = 0;
	const char *line = strstr(text, "VmHWM:");

	/* A parent that has ended has none. */
	return line ? strtol(line + strlen("VmHWM:"), NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc - 2 > LARGEST_STEP)
		return 98;
	per_ms = atol(argv[1]);
	zero = open("/dev/zero", O_RDONLY);
	if (zero < 0)
		fail("open");
	for (int i = 2; i < argc; i++) {
		long made = make_step(i - 1, strcmp(argv[i], "-") ? atol(argv[i]) : 0);

		dprintf(1, "step %ld %ld\n", made, memory_of_parent());
		if (i + 1 < argc)
			wait_to_be_let_go();
	}
	return 0;
}
