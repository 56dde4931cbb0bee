/*
 * The limit on memory of the control groups that ior is in. The kernel kills what goes beyond it, without a word: a limit
 * that is too small is reported before anything starts.
 */
#ifndef MEMORY_LIMIT_H
#define MEMORY_LIMIT_H

#include "text.h"

#define MIB (1024UL * 1024)
/*
 * A trace of a short command takes 77 MiB, of which the kernel has 25 for the programs and their buffer; one of any length
 * 160 MB and 9 MiB (2026-11). Pages of files come on top, as many as there is room for.
 */
#define LEAST_MEMORY (96 * MIB)
#define AMPLE_MEMORY (192 * MIB)

#define GROUPS_BYTES 8192
#define LIMIT_PATH_BYTES 4096
#define NO_LIMIT (~0UL)

/* A hierarchy of control groups that can limit memory: where it is mounted, and the file with a group's limit. */
struct hierarchy {
	const char *root, *file;
};
static const struct hierarchy VERSION_1 = { "/sys/fs/cgroup/memory", "/memory.limit_in_bytes" };
static const struct hierarchy VERSION_2 = { "/sys/fs/cgroup", "/memory.max" };

/* The least limit found, and the file it is in. */
struct memory_limit {
	u64 bytes;
	char path[LIMIT_PATH_BYTES];
};

/* Reads a file as text, cut to `bytes` with its NUL; an empty text when it cannot be read. */
static void read_text(const char *path, char *text, u64 bytes)
{
	u64 length = 0;
	s64 fd = call3(SYS_openat, AT_FDCWD, path, 0), got = 0;
	if (fd >= 0) {
		while (length < bytes - 1 && (got = call3(SYS_read, fd, text + length, bytes - 1 - length)) > 0)
			length += got;
		call1(SYS_close, fd);
	}
	text[length] = 0;
}

/* Takes the limit of a group if it is less. `path` is that of its file; "max" is no limit. */
static void take_limit(struct memory_limit *least, const char *path)
{
	char text[24];
	read_text(path, text, sizeof(text));
	if (*text < '0' || *text > '9' || number_of(text) >= least->bytes)
		return;
	least->bytes = number_of(text);
	*put_text(least->path, path) = 0;
}

/* Takes the limits of a group and of those above it. `group` is its path, which this shortens. */
static void take_limits(struct memory_limit *least, const struct hierarchy *hierarchy, char *group)
{
	char path[LIMIT_PATH_BYTES];
	u64 length = length_of(group);
	if (length_of(hierarchy->root) + length + length_of(hierarchy->file) >= sizeof(path))
		return;
	for (;;) {
		while (length && group[length - 1] == '/')
			length--;
		group[length] = 0;
		*put_text(put_text(put_text(path, hierarchy->root), group), hierarchy->file) = 0;
		take_limit(least, path);
		if (!length)
			return;
		while (length && group[length - 1] != '/')
			length--;
	}
}

/* True when `word` is one of the words between commas up to a colon. */
static int lists(const char *words, const char *word)
{
	while (*words && *words != ':') {
		const char *at = word;
		while (*at && *words == *at)
			words++, at++;
		if (!*at && (*words == ',' || *words == ':'))
			return 1;
		while (*words && *words != ',' && *words != ':')
			words++;
		if (*words == ',')
			words++;
	}
	return 0;
}

/* The least limit of the groups in `lines`, the text of /proc/self/cgroup: "NUMBER:CONTROLLERS:PATH", none in version 2. */
static void find_memory_limit(struct memory_limit *least, char *lines)
{
	while (*lines) {
		char *line = lines;
		while (*lines && *lines != '\n')
			lines++;
		if (*lines)
			*lines++ = 0;
		while (*line && *line != ':')
			line++;
		if (!*line)
			continue;
		char *controllers = ++line;
		while (*line && *line != ':')
			line++;
		if (!*line)
			continue;
		if (controllers == line)
			take_limits(least, &VERSION_2, line + 1);
		else if (lists(controllers, "memory"))
			take_limits(least, &VERSION_1, line + 1);
	}
}

/* Ends with a message when the limit is too small for a trace. */
static void check_memory_limit(void)
{
	static char lines[GROUPS_BYTES];
	static struct memory_limit least = { .bytes = NO_LIMIT };
	read_text("/proc/self/cgroup", lines, sizeof(lines));
	find_memory_limit(&least, lines);
	if (least.bytes >= LEAST_MEMORY)
		return;
	char text[256];
	char *end = put_text(text, "ior: Cannot start: the limit of memory of its control group is ");
	end = put_number(end, least.bytes / MIB);
	end = put_text(end, " MiB, at least ");
	end = put_number(end, LEAST_MEMORY / MIB);
	end = put_text(end, " MiB is needed\n  Raise it, for long traces to ");
	end = put_number(end, AMPLE_MEMORY / MIB);
	end = put_text(end, " MiB: ");
	write_all(2, text, end - text);
	write_text(2, least.path);
	write_text(2, "\n");
	leave(1);
}

#endif
