/*
 * ior-launch start MASK BUNDLES ROOT PROGRAM WORD...: notes what the runtime changes before ior's first line runs, then
 * becomes it. BUNDLES and ROOT: see bundle.h.
 * ior-launch read MASK BUNDLES ROOT PROGRAM WORD...: the same for a runtime that traces nothing: it gets no privileges.
 *
 * The note is the environment variable IOR_STARTED, read by engine/launch/started.ts: numbers separated by spaces
 *   pid  ignored-signals  blocked-signals  closed-descriptors  directory  given-capabilities  {resource soft hard}...
 * The signals, closed descriptors and capabilities are masks. The directory is a descriptor of the working directory if the
 * runtime cannot start there, else -1 as an unsigned number.
 */
#ifndef START_H
#define START_H

#include "text.h"
#include "memory_limit.h"
#include "privileges.h"

#define GIB (1024 * MIB)
#define NOTE "IOR_STARTED"
#define NOTE_BYTES 512
#define PATH_BYTES 4096
/* Lower descriptors are left to the command and the shell. */
#define DIRECTORY_AT_LEAST 10
#define TOO_LONG "its arguments or variables are too long\n  Give it fewer or shorter ones"

/*
 * What the runtime and ior need, and what users call it. With less, the runtime panics or aborts, or the programs are
 * not loaded. Measured with a report, a recording and a flamegraph at once, of all that is known of a call, 2026-11: 111 to
 * 120 open files, 500 KiB of stack, 49 GiB of addresses that V8 reserves, 2 to 3 GiB of data.
 */
static const struct need {
	int resource;
	u64 at_least;
	u64 unit;
	const char *unit_name;
	const char *what;
	const char *option; /* of ulimit */
} NEEDS[] = {
	{ RLIMIT_NOFILE, 128, 1, "", "open files", "-n" },
	{ RLIMIT_STACK, MIB, 1024, " KiB", "the stack", "-s" },
	{ RLIMIT_AS, 52 * GIB, 1024, " KiB", "address space", "-v" },
	{ RLIMIT_DATA, 3 * GIB, 1024, " KiB", "data", "-d" },
};
#define NEED_COUNT (sizeof(NEEDS) / sizeof(NEEDS[0]))

static _Noreturn void refuse_limit(const struct need *need, u64 found)
{
	char line[256];
	char *end = put_text(line, "ior: Cannot start: the limit of ");
	end = put_text(end, need->what);
	end = put_text(end, " is ");
	end = put_number(end, found / need->unit);
	end = put_text(end, need->unit_name);
	end = put_text(end, ", at least ");
	end = put_number(end, need->at_least / need->unit);
	end = put_text(end, " is needed\n  Raise it: ulimit ");
	end = put_text(end, need->option);
	*end++ = ' ';
	end = put_number(end, need->at_least / need->unit);
	*end++ = '\n';
	write_all(2, line, end - line);
	leave(1);
}

/* Limits of NEEDS. */
struct limits {
	struct limit of[NEED_COUNT];
};

/* Raises the limits that are too low for ior, and returns what they were: the command is started with those. */
static struct limits raise_limits(void)
{
	struct limits found;
	for (u64 i = 0; i < NEED_COUNT; i++) {
		const struct need *need = &NEEDS[i];
		struct limit *now = &found.of[i];
		call4(SYS_prlimit64, 0, need->resource, 0, now);
		if (now->soft >= need->at_least)
			continue;
		/* Raising the hard limit takes CAP_SYS_RESOURCE, which root usually has. */
		struct limit more = { need->at_least, now->hard > need->at_least ? now->hard : need->at_least };
		if (call4(SYS_prlimit64, 0, need->resource, &more, 0) < 0)
			refuse_limit(need, now->hard);
	}
	return found;
}

static char *put_limits(char *note, const struct limits *limits)
{
	for (u64 i = 0; i < NEED_COUNT; i++) {
		*note++ = ' ';
		note = put_number(note, NEEDS[i].resource);
		*note++ = ' ';
		note = put_number(note, limits->of[i].soft);
		*note++ = ' ';
		note = put_number(note, limits->of[i].hard);
	}
	return note;
}

/* ior-launch limits: reports a limit that is too low before the launcher starts anything that would abort under it. */
static _Noreturn void check_limits(void)
{
	raise_limits();
	leave(0);
}

/* The signals that are ignored. */
static u64 ignored_signals(void)
{
	u64 ignored = 0;
	for (int signal = 1; signal <= SIGNALS; signal++) {
		struct action action;
		if (call4(SYS_rt_sigaction, signal, 0, &action, sizeof(action.mask)) == 0 &&
		    action.handler == HANDLER_IGNORE)
			ignored |= SIGNAL_BIT(signal);
	}
	return ignored;
}

static void set_handler(int signal, u64 handler)
{
	struct action action = { .handler = handler };
	call4(SYS_rt_sigaction, signal, &action, 0, sizeof(action.mask));
}

/*
 * Moves to /proc if the working directory has no name or one that is not UTF-8, in which the runtime cannot start, and
 * returns a descriptor of it; -1 if the process stays where it is.
 */
static u64 leave_directory(void)
{
	u8 path[PATH_BYTES];
	s64 bytes = call2(SYS_getcwd, path, sizeof(path));
	/* The name of a directory outside the root is not a path: "(unreachable)/...". */
	if (bytes > 0 && path[0] == '/' && is_utf8(path))
		return -1;
	s64 opened = call3(SYS_openat, AT_FDCWD, ".", O_PATH | O_DIRECTORY);
	if (opened < 0)
		return -1;
	s64 fd = call3(SYS_fcntl, opened, F_DUPFD, DIRECTORY_AT_LEAST);
	if (fd < 0)
		return -1;
	call1(SYS_close, opened);
	/* Where no file can be made or is found by mistake: ior's own relative names start from the descriptor. */
	if (call1(SYS_chdir, "/proc") < 0)
		return -1;
	return fd;
}

/*
 * `blocked`: the mask of blocked signals that ior was started with, which the shell may have changed since. `limits`: those that
 * it was started with.
 */
static _Noreturn void start(int traces, u64 blocked, const struct limits *limits, char **words, char **environment)
{
	static char note[NOTE_BYTES];
	char *end = put_text(note, NOTE "=");
	end = put_number(end, call1(SYS_getpid, 0));

	u64 ignored = ignored_signals();
	*end++ = ' ';
	end = put_number(end, ignored);
	/* SIGUSR1 would open the runtime's inspector to every local user; it stays blocked until ior handles it. */
	u64 ours = SIGNAL_BIT(SIGUSR1);
	call4(SYS_rt_sigprocmask, SIG_SETMASK, &ours, 0, sizeof(ours));
	*end++ = ' ';
	end = put_number(end, blocked);
	set_handler(SIGCHLD, HANDLER_DEFAULT); /* if ignored, the command's status is lost */
	set_handler(SIGXFSZ, HANDLER_IGNORE); /* a write beyond the limit fails as on a full disk */

	u64 closed = 0;
	for (int fd = 0; fd < 3; fd++)
		if (call3(SYS_fcntl, fd, F_GETFD, 0) < 0)
			closed |= 1UL << fd;
	*end++ = ' ';
	end = put_number(end, closed);
	*end++ = ' ';
	end = put_number(end, leave_directory());
	*end++ = ' ';
	end = put_number(end, traces ? pass_given_capabilities() : 0);
	end = put_limits(end, limits);
	if (traces)
		check_memory_limit();
	else
		drop_all_but_files();
	*end = 0;

	u64 count = 0;
	while (environment[count])
		count++;
	/* Under a small limit the stack has little room: the list has its own memory. */
	char **variables = new_memory((count + 2) * sizeof(char *));
	u64 kept = 0;
	for (u64 i = 0; i < count; i++)
		if (!value_of(environment[i], NOTE))
			variables[kept++] = environment[i];
	variables[kept++] = note;
	variables[kept] = 0;

	s64 failed = call3(SYS_execve, words[0], words, variables);
	char line[sizeof(TOO_LONG) + 1];
	end = failed == -E_2BIG ? put_text(line, TOO_LONG) : put_number(put_text(line, "error "), -failed);
	*end++ = '\n';
	write_text(2, "ior: Cannot start ");
	write_text(2, words[0]);
	write_text(2, ": ");
	write_all(2, line, end - line);
	leave(1);
}

#endif
