/*
 * What every scenario workload shares; the README of this folder describes the format.
 *
 * A workload makes its calls through CALL, so that it makes exactly the calls it spells out, between workload_begin and
 * workload_end. It checks every step with CHECK or OK: a scenario that does not happen must fail and not pass.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "twins.h"

/* Status of a workload whose scenario did not happen. */
#define WORKLOAD_FAILED 99

/* How long workload_wait waits, seconds. Only reached when the scenario does not happen. */
#define WORKLOAD_DEADLINE_S 20

/* What a processor does while it spins. */
#ifdef __x86_64__
#define WORKLOAD_PAUSE() __builtin_ia32_pause()
#else
#define WORKLOAD_PAUSE() __asm__ volatile("yield")
#endif

/* Memory that children and threads share with the workload, mapped before the begin marker. */
struct workload_shared {
	/* Steps to wait for with workload_wait; all begin as 0. */
	_Atomic int step[64];
	/* For results that another process is to see. */
	_Atomic long value[64];
	char text[4096];
};

static struct workload_shared *workload_shared __attribute__((unused));
static char *workload_dir __attribute__((unused));

/* Ends the process group's scenario loudly. */
static inline __attribute__((noreturn)) void workload_fail(const char *what, int line, long found)
{
	fprintf(stderr, "%s:%d: %s (found %ld, errno %d %s)\n", program_invocation_name, line, what, found, errno,
		strerror(errno));
	_exit(WORKLOAD_FAILED);
}

/* Arguments of a call, pointers and numbers alike; what is not given is 0. */
struct workload_arguments {
	long a, b, c, d, e, f;
};

#pragma GCC diagnostic ignored "-Wint-conversion"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static inline long workload_call(long number, struct workload_arguments with)
{
#ifdef TWINS
	if (is_twin(number))
		return twin_call(number, with.a, with.b, with.c);
#endif
	return syscall(number, with.a, with.b, with.c, with.d, with.e, with.f);
}

/* Makes one system call, by its name in the headers: CALL(read, fd, buffer, 1). Returns -1 and sets errno on failure. */
#define CALL(name, ...) workload_call(SYS_##name, (struct workload_arguments){ __VA_ARGS__ })

/* The same by number, for what the C library's headers do not know yet. */
#define CALL_NR(number, ...) workload_call(number, (struct workload_arguments){ __VA_ARGS__ })

/* The scenario goes on only when this holds. */
#define CHECK(condition) \
	do { \
		if (!(condition)) \
			workload_fail("this does not hold: " #condition, __LINE__, 0); \
	} while (0)

/* Value of a call that must succeed: int fd = OK(CALL(openat, …)). */
#define OK(call) \
	({ \
		long found_ = (call); \
		if (found_ < 0) \
			workload_fail("this fails: " #call, __LINE__, found_); \
		found_; \
	})

/* A call that must fail with this error: FAILS(EBADF, CALL(close, 77)). */
#define FAILS(error, call) \
	do { \
		long found_ = (call); \
		if (found_ != -1 || errno != (error)) \
			workload_fail("this does not fail with " #error ": " #call, __LINE__, found_); \
	} while (0)

/* A call that must return exactly this: GIVES(5, CALL(write, fd, "hello", 5)). */
#define GIVES(value, call) \
	do { \
		long found_ = (call); \
		if (found_ != (long)(value)) \
			workload_fail("this does not give " #value ": " #call, __LINE__, found_); \
	} while (0)

/* Rows after the first of these count. */
static inline void workload_mark_begin(void)
{
	FAILS(EBADF, CALL(write, -1, "begin", 5));
}

/* Rows before the last of these count. Call it when all processes of the scenario have done their part. */
static inline void workload_end(void)
{
	FAILS(EBADF, CALL(write, -1, "end", 3));
}

/* Goes into the fresh directory given as first argument and prepares the shared memory, without the begin marker. */
static inline void workload_prepare(int argc, char **argv)
{
	CHECK(argc >= 2);
	workload_dir = argv[1];
	OK(chdir(workload_dir));
	umask(022);
	/* What the surroundings left open is not the scenario's: the first free descriptor is 3. */
	close_range(3, ~0U, 0);
	workload_shared = mmap(NULL, sizeof(*workload_shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(workload_shared != MAP_FAILED);
}

/* workload_prepare, then the begin marker. */
static inline void workload_begin(int argc, char **argv)
{
	workload_prepare(argc, argv);
	workload_mark_begin();
}

/* Seconds of the monotonic clock; no system call. */
static inline double workload_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Waits without any system call until `step` is at least `value`. */
static inline void workload_wait(_Atomic int *step, int value)
{
	double deadline = workload_seconds() + WORKLOAD_DEADLINE_S;

	for (unsigned long turns = 1; atomic_load(step) < value; turns++) {
		WORKLOAD_PAUSE();
		if (turns % 65536 == 0 && workload_seconds() > deadline)
			workload_fail("the other side does not get here", value, atomic_load(step));
	}
}

/* The other end of workload_wait. */
static inline void workload_reach(_Atomic int *step, int value)
{
	atomic_store(step, value);
}

/* Waits for a child that must have ended with status 0 (a wait4 call, family Process). */
static inline void workload_join(pid_t child)
{
	int status = -1;

	GIVES(child, CALL(wait4, child, &status, 0, 0));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Writes a file as preparation, before the begin marker. */
static inline void workload_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(close(fd) == 0);
}

#endif
