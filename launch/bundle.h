/*
 * The bundle of a checkout: ior's modules in a few files, which load faster. It lies in BUNDLES/KEY, and the key is made of
 * the name, inode, size and times of every file that a bundle is made of: whatever changes a file changes its ctime too, and
 * with it the key, so a bundle of other files is never found.
 *
 * The path of the checkout is part of the key: a bundle names files beside it.
 *
 * ior-launch key ROOT: prints the key; status 1 when a file has just changed, and could change again unnoticed.
 */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "gate.h"
#include "ours.h"

/* What a bundle is made of, and with. */
static const char *const PARTS[] = { "runtime", "bpf", "engine", "cli", "schema", "setup", "deno.json", "deno.lock" };
#define PART_COUNT (sizeof(PARTS) / sizeof(PARTS[0]))

/* Nested folders of a checkout; there are six. */
#define MOST_NESTED 16

/* Files that changed this lately may change again without another ctime: kernels count it in ticks. */
#define JUST_CHANGED_S 2
/* A checkout that is worked on is not worth a bundle: its files were all written longer ago. */
#define AT_REST_S 3600

#define LANES 2
#define KEY_DIGITS (LANES * 16)
#define MAIN "/main.mjs"

struct key {
	u64 lanes[LANES];
	s64 changed, written; /* the last time of any file, in seconds since 1970: by its ctime, and by its mtime */
	int is_whole; /* false when something cannot be told, such as where a link leads */
};

static u64 mixed(u64 hash, u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15UL;
	hash ^= hash >> 29;
	hash *= 0xbf58476d1ce4e5b9UL;
	return hash ^ hash >> 32;
}

static u64 mixed_text(u64 hash, const char *text)
{
	for (; *text; text++)
		hash = mixed(hash, (u8)*text);
	return mixed(hash, 0);
}

/* Adds a file, or all files of a folder in whatever order the file system has them. `lanes` stand for the path so far. */
static void add_part(struct key *key, s64 folder, const char *name, const u64 *lanes, int depth)
{
	struct info info;
	u64 own[LANES];
	if (call5(SYS_statx, folder, name, AT_SYMLINK_NOFOLLOW, STATX_CONTENT, &info) < 0) {
		key->is_whole = 0;
		return;
	}
	for (int i = 0; i < LANES; i++)
		own[i] = mixed_text(lanes[i], name);
	u16 type = info.mode & S_IFMT;
	if (type == S_IFREG) {
		const u64 values[] = { info.inode,	      info.size,	    info.device,
				       info.changed.seconds,  info.changed.nanoseconds,
				       info.modified.seconds, info.modified.nanoseconds };
		for (int i = 0; i < LANES; i++) {
			for (u64 j = 0; j < sizeof(values) / sizeof(values[0]); j++)
				own[i] = mixed(own[i], values[j]);
			key->lanes[i] += own[i];
		}
		if (info.changed.seconds > key->changed)
			key->changed = info.changed.seconds;
		if (info.modified.seconds > key->written)
			key->written = info.modified.seconds;
		return;
	}
	s64 fd = type == S_IFDIR && depth < MOST_NESTED ? call3(SYS_openat, folder, name, O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0) {
		key->is_whole = 0;
		return;
	}
	char *entries = new_memory(ENTRIES_BYTES);
	s64 bytes;
	while ((bytes = call3(SYS_getdents64, fd, entries, ENTRIES_BYTES)) > 0)
		for (s64 at = 0; at < bytes; at += *(u16 *)(entries + at + DIRENT_LENGTH_OFFSET)) {
			const char *entry = entries + at + DIRENT_NAME_OFFSET;
			if (!same_text(entry, ".") && !same_text(entry, ".."))
				add_part(key, fd, entry, own, depth + 1);
		}
	if (bytes < 0)
		key->is_whole = 0;
	call1(SYS_close, fd);
}

static struct key key_of(const char *root)
{
	struct key key = { .is_whole = 1 };
	s64 folder = call3(SYS_openat, AT_FDCWD, root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *path = place_of(folder);
	if (!path) {
		key.is_whole = 0;
		return key;
	}
	u64 lanes[LANES];
	for (int i = 0; i < LANES; i++)
		lanes[i] = mixed_text(i + 1, path);
	for (u64 i = 0; i < PART_COUNT; i++)
		add_part(&key, folder, PARTS[i], lanes, 0);
	call1(SYS_close, folder);
	return key;
}

static char *put_key(char *to, const struct key *key)
{
	for (int i = 0; i < LANES; i++)
		for (int shift = 60; shift >= 0; shift -= 4)
			*to++ = "0123456789abcdef"[key->lanes[i] >> shift & 15];
	*to = 0;
	return to;
}

static int is_older(s64 time, s64 seconds)
{
	struct moment now = { 0, 0 };
	call2(SYS_clock_gettime, CLOCK_REALTIME, &now);
	return time + seconds < now.seconds;
}

static _Noreturn void print_key(const char *root)
{
	struct key key = key_of(root);
	char line[KEY_DIGITS + 2];
	char *end = put_key(line, &key);
	*end++ = '\n';
	if (!key.is_whole || !is_older(key.changed, JUST_CHANGED_S))
		leave(1);
	write_all(1, line, end - line);
	leave(0);
}

/* A folder of this user's with nothing of others in it; negative when it is not there, or not ours. */
static s64 own_folder(s64 above, const char *name, int *exists)
{
	struct user user = this_user();
	struct info info;
	s64 folder = call3(SYS_openat, above, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*exists = folder != -E_NOENT;
	if (folder < 0)
		return folder;
	if (look_at(folder, "", &info) == 0 && info.uid == user.uid && !is_others(&info, user) &&
	    !has_entry_of_others(folder, user))
		return folder;
	call1(SYS_close, folder);
	return -E_ACCES;
}

/*
 * The main module of the checkout's bundle in the folder `bundles`, whose path is known to be ours; 0 when there is none.
 * *is_missing: it is worth to make one. A bundle that could not be made is a folder without a module.
 */
static char *find_bundle(const char *bundles, const char *root, int *is_missing)
{
	struct key key = key_of(root);
	char name[KEY_DIGITS + 1];
	struct info info;
	int exists;
	*is_missing = 0;
	if (!key.is_whole)
		return 0;
	put_key(name, &key);
	s64 all = own_folder(AT_FDCWD, bundles, &exists);
	s64 folder = all < 0 ? all : own_folder(all, name, &exists);
	char *path = 0;
	if (folder >= 0 && look_at(folder, &MAIN[1], &info) == 0 && (info.mode & S_IFMT) == S_IFREG) {
		path = new_memory(length_of(bundles) + 1 + KEY_DIGITS + sizeof(MAIN));
		char *end = put_text(path, bundles);
		*end++ = '/';
		*put_text(put_text(end, name), MAIN) = 0;
	}
	*is_missing = !exists && is_older(key.written, AT_REST_S);
	call1(SYS_close, folder);
	call1(SYS_close, all);
	return path;
}

/* The words with `word` in place of the first that is the same text as `from`. */
static void replace_word(char **words, const char *from, char *word)
{
	while (*words && !same_text(*words, from))
		words++;
	if (*words)
		*words = word;
}

/*
 * Chooses what the runtime, words[2], loads: `words` are BUNDLES, ROOT, the runtime and its words. The bundle takes the
 * place of ROOT/cli/main.ts. Where there is none yet, ROOT/setup/bundle.sh makes it, and starts the helper again with `-`
 * in the place of BUNDLES.
 */
static void choose_modules(char *self, char *mode, char *mask, char **words, char **environment)
{
	char *bundles = words[0], *root = words[1];
	int is_missing;
	if (same_text(bundles, "-"))
		return;
	char *source = new_memory(length_of(root) + sizeof("/setup/bundle.sh"));
	*put_text(put_text(source, root), "/cli/main.ts") = 0;
	char *bundle = find_bundle(bundles, root, &is_missing);
	if (bundle)
		replace_word(words + 2, source, bundle);
	if (!is_missing)
		return;
	u64 count = 0;
	while (words[count])
		count++;
	char **making = new_memory((count + 10) * sizeof(char *));
	char **end = making;
	*put_text(put_text(source, root), "/setup/bundle.sh") = 0;
	*end++ = SHELL;
	*end++ = source;
	*end++ = bundles;
	*end++ = self;
	*end++ = root;
	*end++ = words[2];
	*end++ = self;
	*end++ = mode;
	*end++ = mask;
	*end++ = "-";
	for (u64 i = 1; i < count; i++)
		*end++ = words[i];
	*end = 0;
	call3(SYS_execve, SHELL, making, environment); /* without a shell there is no bundle */
}

#endif
