/*
 * ior-launch run MASK BUNDLES ROOT DENO WORD...: starts ior from the checkout ROOT with its WORDs, by the runtime DENO, with
 * the permissions and the privileges that they need. MASK and BUNDLES: see start.h and bundle.h.
 */
#ifndef RUN_H
#define RUN_H

#include "bundle.h"
#include "start.h"

/*
 * A small heap: rows and names are short-lived, and a lazier collection only costs memory. Pages that are partly free are
 * emptied, which saves 10 MB under load; counting a call takes no longer. Nothing is collected for the sole reason that little is
 * allocated: that was a third of ior's time on an idle machine (2026-11).
 */
#define HEAP "--v8-flags=--max-semi-space-size=1,--heap-growing-percent=20,--optimize-for-size,--no-memory-reducer"

/* Read for ior's own files and the search of the command; env for the command's environment. */
static const char *const ALWAYS[] = { "--allow-read", "--allow-env", "--allow-sys=hostname,osRelease,uid,gid" };

/* ffi for libbpf and libc, by which /proc and /sys are read; run for the command and signals; write for --output. */
static const char *const TO_TRACE[] = { "--allow-ffi", "--allow-run", "--allow-write" };

/* The only command that needs the network. */
#define SERVE "serve"
#define NETWORK "--allow-net"

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

/*
 * One arena of memory for all threads: what one thread allocates and another frees is reused, while a dozen arenas keep
 * 70 MB. Blocks from 128 KiB on go back to the system when freed: left to itself the allocator soon keeps even those of
 * megabytes, 10 MB in all. The odd spellings distinguish these values from the user's: engine/command.ts does not pass them
 * on.
 */
static const struct variable {
	const char *name, *value;
} ALLOCATOR[] = { { "MALLOC_ARENA_MAX", "01" }, { "MALLOC_MMAP_THRESHOLD_", "0x20000" } };

/* Commands that only read recordings, or print; some only with such a word after them. They start without privileges. */
static const struct reader {
	const char *command;
	const char *begins, *ends; /* how the word after it does; 0: in any way */
} READERS[] = {
	{ "report", 0, 0 },	   { "diff", 0, 0 },	       { "schema", 0, 0 },	   { "help", 0, 0 },
	{ "man", 0, 0 },	   { "completions", 0, 0 },    { "version", 0, 0 },	   { "flame", "--from", 0 },
	{ "flame", "--diff", 0 },  { "flame", 0, ".parquet" }, { "flame", 0, ".ndjson" },  { "flame", 0, ".ndjson.gz" },
	{ "flame", 0, ".ndjson.zst" }, { "flame", 0, "/" },    { "flame", 0, ".html" },	   { "flame", 0, ".folded" },
	{ "stream", "--from", 0 }, { "stream", 0, ".parquet" }, { "stream", 0, ".ndjson" }, { "stream", 0, ".ndjson.gz" },
	{ "stream", 0, ".ndjson.zst" }, { "stream", 0, "/" },
};

/* Reads /proc, which takes foreign functions, and needs no privileges. */
#define PROBES "probes"

static int begins_with(const char *text, const char *start)
{
	while (*start && *text == *start)
		text++, start++;
	return *start == 0;
}

static int ends_with(const char *text, const char *end)
{
	u64 length = length_of(text), wanted = length_of(end);
	return length >= wanted && same_text(text + length - wanted, end);
}

static int is_reader(char **words)
{
	if (!words[0])
		return 0;
	if (words[0][0] == '-')
		return 1;
	const char *next = words[1] ? words[1] : "";
	for (u64 i = 0; i < COUNT_OF(READERS); i++) {
		const struct reader *reader = &READERS[i];
		if (same_text(words[0], reader->command) && (!reader->begins || begins_with(next, reader->begins)) &&
		    (!reader->ends || ends_with(next, reader->ends)))
			return 1;
	}
	return 0;
}

/* True for letters, digits and signs of ASCII that the runtime can take as part of a file's name. */
static int is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '\'' || *text == '[' || *text == '\\' || *text == ']' ||
		    *text == '`')
			return 0;
	return 1;
}

/* True for the option -o, also after other letters, and --output. */
static int names_output(const char *word)
{
	if (begins_with(word, "--output") || begins_with(word, "-o"))
		return 1;
	if (word[0] != '-' || !word[1] || word[1] == '-')
		return 0;
	for (word += 2; *word; word++)
		if (*word == 'o')
			return 1;
	return 0;
}

/* True when a reader needs no more than to read: it writes no file, and the runtime can name all that it may have to. */
static int only_reads(char **words)
{
	char path[PATH_BYTES];
	if (call2(SYS_getcwd, path, sizeof(path)) <= 0 || !is_plain(path))
		return 0;
	for (; *words; words++)
		if (names_output(*words) || !is_plain(*words))
			return 0;
	return 1;
}

static u64 count_of(char **list)
{
	u64 count = 0;
	while (list[count])
		count++;
	return count;
}

/* The value of a variable; 0 when there is none. */
static const char *value_in(char **environment, const char *name)
{
	for (; *environment; environment++) {
		const char *value = value_of(*environment, name);
		if (value)
			return value;
	}
	return 0;
}

/* The environment with NAME=value in the place of what there is of that name. */
static char **with_variable(char **environment, const char *name, const char *value)
{
	char **list = new_memory((count_of(environment) + 2) * sizeof(char *)), **end = list;
	for (; *environment; environment++)
		if (!value_of(*environment, name))
			*end++ = *environment;
	char *entry = new_memory(length_of(name) + length_of(value) + 2);
	char *at = put_text(entry, name);
	*at++ = '=';
	*put_text(at, value) = 0;
	*end++ = entry;
	*end = 0;
	return list;
}

static char **runtime_environment(char **environment)
{
	for (u64 i = 0; i < COUNT_OF(ALLOCATOR); i++)
		if (!value_in(environment, ALLOCATOR[i].name))
			environment = with_variable(environment, ALLOCATOR[i].name, ALLOCATOR[i].value);
	return environment;
}

/* Puts the words that start `module` in the runtime: options, permissions, and ior's own words. `config` is 0 for none. */
static void put_runtime_words(char **to, char *deno, char *config, char *module, char **words)
{
	*to++ = deno;
	*to++ = "run";
	*to++ = HEAP;
	*to++ = "--quiet";
	*to++ = "--no-prompt";
	*to++ = "--cached-only";
	*to++ = config ? "--frozen" : "--no-lock";
	*to++ = config ? "--config" : "--no-config";
	if (config)
		*to++ = config;
	for (u64 i = 0; i < COUNT_OF(ALWAYS); i++)
		*to++ = (char *)ALWAYS[i];
	if (!is_reader(words) || !only_reads(words))
		for (u64 i = 0; i < COUNT_OF(TO_TRACE); i++)
			*to++ = (char *)TO_TRACE[i];
	if (words[0] && same_text(words[0], SERVE))
		*to++ = NETWORK;
	*to++ = module;
	while (*words)
		*to++ = *words++;
	*to = 0;
}
/* Room for the words above besides ior's own. */
#define RUNTIME_WORDS 20

static int may_trace(char **words)
{
	return !is_reader(words) && !(words[0] && same_text(words[0], PROBES));
}

/* ROOT without links, and not from the working directory, which start.h may leave. */
static char *path_of_root(char *root)
{
	s64 folder = call3(SYS_openat, AT_FDCWD, root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *place = place_of(folder);
	call1(SYS_close, folder);
	return place ? place : root;
}

/* `words` are BUNDLES, ROOT, DENO and ior's own. */
static _Noreturn void run_checkout(char *self, char *mask, char **words, char **environment)
{
	char *root = path_of_root(words[1]), **own = words + 3;
	int traces = may_trace(own);
	if (!is_utf8((u8 *)root)) {
		write_text(2, "ior: Cannot start from ");
		write_text(2, root);
		write_text(2, ": the path is not UTF-8, which Deno needs\n  Move the checkout to another folder\n");
		leave(1);
	}
	char **runtime = new_memory((count_of(own) + RUNTIME_WORDS) * sizeof(char *));
	runtime[0] = words[0];
	runtime[1] = root;
	put_runtime_words(runtime + 2, words[2], joined(root, "/deno.json"), joined(root, "/cli/main.ts"), own);
	environment = runtime_environment(environment);
	choose_modules(self, traces ? "start" : "read", mask, runtime, environment);
	struct limits limits = raise_limits();
	start(traces, hexadecimal(mask), &limits, runtime + 2, environment);
}

#endif
