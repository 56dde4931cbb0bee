/*
 * ior-launch gate FD: reads on a socket which command to become, answers, waits for the go-ahead, and becomes it.
 *
 * engine/launch/order.ts writes the order: ORDER_WORDS numbers of 64 bits, then the groups, the limits (resource, soft,
 * hard), and the arguments and variables, each ended by a null byte.
 *
 * It answers with one of the letters below, followed by a path, or by the errno as text when the problem is not a
 * path. Any byte from ior is the go-ahead; the end of the socket, as when ior dies, ends the process.
 */
#ifndef GATE_H
#define GATE_H

#include "text.h"
#include "privileges.h"

enum {
	ORDER_BYTES, /* of the whole message */
	ORDER_FLAGS,
	ORDER_CLOSED, /* mask of the descriptors 0 to 2 that are closed for the command */
	ORDER_DIRECTORY, /* descriptor of the working directory; all ones: stay in the present one */
	ORDER_IGNORED, /* mask of signals */
	ORDER_BLOCKED, /* mask of signals */
	ORDER_UID,
	ORDER_GID,
	ORDER_CAPABILITIES, /* mask of those that the launch helper's file was given: the command does not have them */
	ORDER_GROUPS,
	ORDER_LIMITS,
	ORDER_ARGUMENTS,
	ORDER_VARIABLES,
	ORDER_WORDS,
};
#define FLAG_STDOUT_TO_STDERR 1
#define FLAG_CHANGE_USER 2

#define ANSWER_READY 'r'
#define ANSWER_NOT_FOUND 'n'
#define ANSWER_NO_PERMISSION 'p'
#define ANSWER_FORBIDDEN 'f'
#define ANSWER_IS_DIRECTORY 'd'
#define ANSWER_NO_WAY 's'
#define ANSWER_NO_USER 'u'
#define ANSWER_NO_LIMIT 'l'
#define ANSWER_NO_DIRECTORY 'w'

#define NOBODY_AT_ALL 0xffffffffUL
#define FOR_ALL 0111 /* to execute */

/* Exit statuses, as in env(1). */
#define NOT_STARTED 125
#define NOT_EXECUTABLE 126
#define NOT_FOUND 127

/* Where execvp(3) looks when PATH is not set. */
#define DEFAULT_PATH "/bin:/usr/bin"
#define SHELL "/bin/sh"

static _Noreturn void refuse(int gate, char answer, s64 failed)
{
	char text[32];
	text[0] = answer;
	write_all(gate, text, put_number(text + 1, -failed) - text);
	leave(NOT_STARTED);
}

static void read_all(int fd, u8 *to, u64 bytes)
{
	while (bytes) {
		s64 count = call3(SYS_read, fd, to, bytes);
		if (count <= 0)
			leave(NOT_STARTED);
		to += count;
		bytes -= count;
	}
}

/* Pointers to `count` texts that lie one after the other, then null; one more word is free in front of the list. */
static char **list_of(char **texts, u64 count)
{
	char **list = new_memory((count + 2) * sizeof(char *));
	*list++ = 0;
	for (u64 i = 0; i < count; i++) {
		list[i] = *texts;
		*texts += length_of(*texts) + 1;
	}
	return list;
}

/* Iterates over the paths that a command name may stand for. */
struct search {
	const char *name;
	const char *rest; /* of PATH; 0 after its end */
	char *path;
};

static struct search search_for(const char *name, char **variables)
{
	const char *path = DEFAULT_PATH;
	for (; *variables; variables++) {
		const char *value = value_of(*variables, "PATH");
		if (value) {
			path = value;
			break;
		}
	}
	struct search search = { name, path, new_memory(length_of(path) + length_of(name) + 2) };
	return search;
}

/* The next path; 0 after the last. */
static char *next_path(struct search *search)
{
	if (!search->rest)
		return 0;
	if (has_slash(search->name)) {
		search->rest = 0;
		*put_text(search->path, search->name) = 0;
		return search->path;
	}
	char *end = search->path;
	const char *from = search->rest;
	while (*from && *from != ':')
		*end++ = *from++;
	if (end > search->path && end[-1] != '/')
		*end++ = '/';
	*put_text(end, search->name) = 0;
	search->rest = *from ? from + 1 : 0;
	return search->path;
}

/* True for the failures after which execvp(3) tries the next path. */
static int looks_on(s64 failed)
{
	return failed == -E_NOENT || failed == -E_NOTDIR || failed == -E_NODEV || failed == -E_STALE ||
	       failed == -E_TIMEDOUT || failed == -E_ACCES;
}

/* Answers that the command can be started, or why not. */
static void answer(int gate, const char *name, char **variables)
{
	char reply = ANSWER_NOT_FOUND;
	char *refused = 0;
	struct search search = search_for(name, variables);
	for (char *path; *name && (path = next_path(&search));) {
		u8 info[STATX_BYTES];
		s64 failed = call5(SYS_statx, AT_FDCWD, path, 0, STATX_TYPE_MODE, info);
		if (failed < 0 && failed != -E_ACCES)
			continue;
		u16 mode = *(u16 *)(info + STATX_MODE_OFFSET), type = mode & S_IFMT;
		if (failed == 0 && type == S_IFREG && call3(SYS_faccessat, AT_FDCWD, path, X_OK) == 0) {
			reply = ANSWER_READY;
			break;
		}
		if (refused)
			continue;
		int is_permitted = type == S_IFREG && (mode & FOR_ALL) == FOR_ALL;
		reply = failed < 0	? ANSWER_NO_WAY :
			type == S_IFDIR ? ANSWER_IS_DIRECTORY :
			is_permitted	? ANSWER_FORBIDDEN :
					  ANSWER_NO_PERMISSION;
		refused = new_memory(length_of(path) + 1);
		*put_text(refused, path) = 0;
	}
	write_all(gate, &reply, 1);
	if (reply == ANSWER_READY)
		return;
	if (refused)
		write_text(gate, refused);
	leave(NOT_STARTED);
}

/* Why the kernel refused, in words. */
static const char *reason_of(s64 failed)
{
	switch (-failed) {
	case E_NOENT:
		return "its interpreter was not found\n  Check the first line of the script, or the loader of the program";
	case E_ACCES:
		return "permission denied\n  Check that it and its interpreter may be executed";
	case E_2BIG:
		return TOO_LONG;
	case E_TXTBSY:
		return "it is open for writing\n  Try again when it is closed";
	case E_NOMEM:
		return "there is too little memory\n  Check the limits: ulimit -a";
	default:
		return "the kernel refuses it\n  Check that it is a program for this machine";
	}
}

/* Becomes the command as execvp(3) does. */
static _Noreturn void become(char **arguments, char **variables)
{
	struct search search = search_for(arguments[0], variables);
	s64 failed = -E_NOENT;
	for (char *path; (path = next_path(&search));) {
		s64 now = call3(SYS_execve, path, arguments, variables);
		if (now == -E_NOEXEC) {
			/* A script whose first line names no interpreter. */
			arguments[-1] = SHELL;
			arguments[0] = path;
			now = call3(SYS_execve, SHELL, arguments - 1, variables);
		}
		if (failed != -E_ACCES)
			failed = now;
		if (!looks_on(now))
			break;
	}
	write_text(2, "ior: Cannot execute ");
	write_text(2, arguments[0]);
	write_text(2, ": ");
	write_text(2, reason_of(failed));
	write_text(2, "\n");
	leave(failed == -E_NOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

static void change_user(int gate, const u64 *order, const u64 *groups)
{
	/* All ones would leave the user unchanged, and a larger number could be cut to root's. */
	if (order[ORDER_UID] >= NOBODY_AT_ALL || order[ORDER_GID] >= NOBODY_AT_ALL)
		refuse(gate, ANSWER_NO_USER, -E_INVAL);
	u64 count = order[ORDER_GROUPS];
	u32 *list = new_memory(count * sizeof(u32) + 1);
	for (u64 i = 0; i < count; i++)
		list[i] = groups[i];
	s64 failed = call2(SYS_setgroups, count, list);
	if (failed == 0)
		failed = call3(SYS_setresgid, order[ORDER_GID], order[ORDER_GID], order[ORDER_GID]);
	if (failed == 0)
		failed = call3(SYS_setresuid, order[ORDER_UID], order[ORDER_UID], order[ORDER_UID]);
	if (failed < 0)
		refuse(gate, ANSWER_NO_USER, failed);
}

static void set_signals(u64 ignored, u64 blocked)
{
	for (int signal = 1; signal <= SIGNALS; signal++)
		set_handler(signal, ignored & SIGNAL_BIT(signal) ? HANDLER_IGNORE : HANDLER_DEFAULT);
	call4(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, 0, sizeof(blocked));
}

static void set_descriptors(u64 closed, u64 flags)
{
	for (int fd = 0; fd < 3; fd++)
		if (closed & (1UL << fd))
			call1(SYS_close, fd);
	if (flags & FLAG_STDOUT_TO_STDERR && call3(SYS_dup3, 2, 1, 0) < 0)
		call1(SYS_close, 1);
}

static _Noreturn void wait_at_gate(int gate)
{
	call3(SYS_fcntl, gate, F_SETFD, FD_CLOEXEC);
	u64 bytes;
	read_all(gate, (u8 *)&bytes, sizeof(bytes));
	u64 *order = new_memory(bytes);
	order[ORDER_BYTES] = bytes;
	read_all(gate, (u8 *)(order + 1), bytes - sizeof(bytes));
	u64 *groups = order + ORDER_WORDS;
	u64 *limits = groups + order[ORDER_GROUPS];
	char *texts = (char *)(limits + 3 * order[ORDER_LIMITS]);
	char **arguments = list_of(&texts, order[ORDER_ARGUMENTS]);
	char **variables = list_of(&texts, order[ORDER_VARIABLES]);

	if (order[ORDER_DIRECTORY] != -1UL) {
		call3(SYS_fcntl, order[ORDER_DIRECTORY], F_SETFD, FD_CLOEXEC);
		s64 failed = call1(SYS_fchdir, order[ORDER_DIRECTORY]);
		if (failed < 0)
			refuse(gate, ANSWER_NO_DIRECTORY, failed);
	}
	for (u64 i = 0; i < order[ORDER_LIMITS]; i++, limits += 3) {
		struct limit limit = { limits[1], limits[2] };
		s64 failed = call4(SYS_prlimit64, 0, limits[0], &limit, 0);
		if (failed < 0)
			refuse(gate, ANSWER_NO_LIMIT, failed);
	}
	if (order[ORDER_CAPABILITIES])
		drop_given_capabilities(order[ORDER_CAPABILITIES]);
	if (order[ORDER_FLAGS] & FLAG_CHANGE_USER)
		change_user(gate, order, groups);
	answer(gate, arguments[0], variables);

	u8 go;
	read_all(gate, &go, 1);
	/* Last: from here on, signals and descriptors are the command's. */
	set_descriptors(order[ORDER_CLOSED], order[ORDER_FLAGS]);
	set_signals(order[ORDER_IGNORED], order[ORDER_BLOCKED]);
	become(arguments, variables);
}

#endif
