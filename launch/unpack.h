/*
 * Where the packed files are unpacked to: once, into a folder of ior's cache that only this user can write to. Every start
 * verifies each file by its digest; what is missing or differs is unpacked again.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include "packed.h"
#include "run.h"

#define TREE "/packed-"
#define TREE_DIGITS 32 /* of the digest of the list, 128 bits: other files, another folder */
#define LOCK "/unpack.lock"
#define NEW ".new"
#define SYSTEM_CACHES "/var/cache"
#define ST_NOEXEC 8
#define STATFS_FLAGS 10 /* of the kernel's struct statfs, in words of 64 bits */
#define STATFS_WORDS 15

static int forbids_programs(const char *path)
{
	u64 info[STATFS_WORDS] = { 0 };
	int exists;
	s64 folder = nearest_folder(joined(path, ""), &exists);
	call2(SYS_fstatfs, folder, info);
	call1(SYS_close, folder);
	return (info[STATFS_FLAGS] & ST_NOEXEC) != 0;
}

/* The folder of ior's cache. */
struct cache {
	char *path; /* 0 when there is none */
	int is_read; /* all is unpacked there, and nothing can be written */
	char *named; /* the first that HOME or XDG_CACHE_HOME names, 0 when none does */
};

/* Takes BASE/ior where that is a folder for programs of this user's: there or to be made, or only read and with `tree` in it. */
static int take_cache(struct cache *cache, const char *base, const char *below, const char *tree)
{
	if (!base || base[0] != '/')
		return 0;
	char *path = joined(joined(base, below), "/ior");
	if (!cache->named && !same_text(base, SYSTEM_CACHES))
		cache->named = path;
	if (cache->is_read && call3(SYS_faccessat, AT_FDCWD, joined(path, tree), X_OK) < 0)
		return 0;
	char *own = own_path(path, cache->is_read);
	if (!own || (tree && forbids_programs(own)))
		return 0;
	cache->path = own;
	return 1;
}

/*
 * Under sudo HOME may be the caller's, and root makes no files there. What is installed and runs as root keeps to the folder of
 * the system, which goes with the package: `tree` is 0. Where nothing can be written, what was unpacked before does.
 */
static struct cache choose_cache(char **environment, const char *tree)
{
	struct cache cache = { 0 };
	const char *own = value_in(environment, "XDG_CACHE_HOME"), *home = value_in(environment, "HOME");
	if (!tree && take_cache(&cache, SYSTEM_CACHES, "", tree))
		return cache;
	for (; cache.is_read <= (tree != 0); cache.is_read++)
		if (take_cache(&cache, own, "", tree) || take_cache(&cache, home, "/.cache", tree) ||
		    take_cache(&cache, SYSTEM_CACHES, "", tree))
			return cache;
	return cache;
}

static _Noreturn void refuse_cache(const struct packed *packed, const struct cache *cache)
{
	write_text(2, "ior: Cannot start ");
	write_text(2, packed->path);
	write_text(2, ": there is no folder to unpack it into");
	if (cache->named) {
		write_text(2, ": ");
		write_text(2, cache->named);
		write_text(2, " cannot be written, or not by this user alone, or its path is not UTF-8, or programs may not be run from it");
	}
	write_text(2, "\n  Set XDG_CACHE_HOME to a folder of this user's, on a disk that programs may be run from\n");
	leave(1);
}

/* Makes a folder and those above it; 0, or why one of them was not made. */
static s64 make_folder(const char *path)
{
	char *part = joined(path, "");
	s64 error = 0;
	for (char *at = part + 1;; at++) {
		char now = *at;
		if (now && now != '/')
			continue;
		*at = 0;
		s64 failed = call3(SYS_mkdirat, AT_FDCWD, part, 0700);
		if (!error && failed != -E_EXIST)
			error = failed;
		*at = now;
		if (!now)
			return error;
	}
}

static int is_unpacked(s64 tree, const struct packed_file *file)
{
	struct user user = this_user();
	struct info info;
	u32 digest[DIGEST_WORDS];
	s64 fd = call3(SYS_openat, tree, file->name, O_NOFOLLOW | O_CLOEXEC);
	int is_same = 0;
	if (fd < 0)
		return 0;
	if (call5(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_OWNER_SIZE, &info) == 0 &&
	    info.mode == (S_IFREG | file->mode) && info.uid == user.uid && info.size == file->bytes) {
		const u8 *data = map_file(fd, file->bytes, 1);
		if (data) {
			hash(data, file->bytes, digest);
			is_same = same_digest(digest, file->digest);
			call2(SYS_munmap, data, file->bytes);
		}
	}
	call1(SYS_close, fd);
	return is_same;
}

static int are_unpacked(const struct packed *packed, s64 tree)
{
	for (u64 i = 0; i < packed->trailer->count; i++)
		if (!is_unpacked(tree, &packed->files[i]))
			return 0;
	return 1;
}

static _Noreturn void refuse_unpacking(const struct packed *packed, const char *folder, s64 error)
{
	u64 bytes = 0;
	for (u64 i = 0; i < packed->trailer->count; i++)
		bytes += packed->files[i].bytes;
	char number[64];
	char *end = put_number(put_text(number, "error "), -error);
	*end = 0;
	write_text(2, "ior: Cannot unpack into ");
	write_text(2, folder);
	write_text(2, ": ");
	write_text(2, error == -E_NOSPC ? "the disk is full" :
		      error == -E_DQUOT ? "the quota of its user is used up" :
		      error == -E_FBIG	? "the limit on the size of files is too low" :
		      error == -E_ROFS	? "it can only be read" :
		      error == -E_ACCES ? "permission denied" :
					  number);
	*put_text(put_number(put_text(number, "; "), (bytes + MIB - 1) / MIB), " MiB are needed\n") = 0;
	write_text(2, number);
	write_text(2, error == -E_FBIG	? "  Raise it: ulimit -f unlimited\n" :
		      error == -E_ACCES ? "  Remove it, or set XDG_CACHE_HOME to another folder\n" :
					  "  Free some space, or set XDG_CACHE_HOME to another folder\n");
	leave(1);
}

/* Unpacks a file beside its place, then moves it there: a start at the same time sees all of it or nothing. */
static s64 unpack_file(const struct packed *packed, s64 tree, const struct packed_file *file)
{
	static struct inflater inflater;
	char *fresh = joined(file->name, NEW);
	call3(SYS_unlinkat, tree, fresh, 0);
	s64 fd = call4(SYS_openat, tree, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fd;
	s64 error = inflate(&inflater, packed->data + file->offset, file->packed_bytes, fd, file->bytes);
	if (!error)
		error = call2(SYS_fchmod, fd, file->mode);
	s64 closed = call1(SYS_close, fd);
	if (!error)
		error = closed;
	if (!error)
		error = call4(SYS_renameat, tree, fresh, tree, file->name);
	if (error)
		call3(SYS_unlinkat, tree, fresh, 0);
	return error;
}

/* Unpacks what is missing or differs. Two that start together take turns, and the second finds it done. */
static void unpack(const struct packed *packed, const char *cache, const char *folder, s64 tree)
{
	struct action before;
	s64 lock = call4(SYS_openat, AT_FDCWD, joined(cache, LOCK), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (lock < 0)
		refuse_unpacking(packed, folder, lock);
	call2(SYS_flock, lock, LOCK_EX);
	call4(SYS_rt_sigaction, SIGXFSZ, 0, &before, sizeof(before.mask));
	set_handler(SIGXFSZ, HANDLER_IGNORE); /* a write beyond the limit fails as on a full disk */
	int is_said = 0;
	for (u64 i = 0; i < packed->trailer->count; i++) {
		const struct packed_file *file = &packed->files[i];
		if (is_unpacked(tree, file))
			continue;
		if (!is_said) {
			write_text(2, "ior: unpacking into ");
			write_text(2, folder);
			write_text(2, "\n");
			is_said = 1;
		}
		s64 error = unpack_file(packed, tree, file);
		if (error < 0)
			refuse_unpacking(packed, folder, error);
		if (error == DAMAGED || !is_unpacked(tree, file))
			refuse_packed(packed->path, INCOMPLETE);
	}
	set_handler(SIGXFSZ, before.handler);
	call1(SYS_close, lock);
}

/* The folder of the unpacked files, below that of the cache. */
static char *tree_of(const struct packed *packed)
{
	char *tree = new_memory(sizeof(TREE) + 2 * DIGEST_BYTES);
	char *digits = put_text(tree, TREE);
	put_digest(digits, packed->trailer->digest);
	digits[TREE_DIGITS] = 0;
	return tree;
}

/* The folder of the unpacked files, all verified. */
static char *unpacked(const struct packed *packed, const char *cache)
{
	int exists;
	char *folder = joined(cache, tree_of(packed));
	s64 made = make_folder(folder), tree = own_folder(AT_FDCWD, folder, &exists);
	if (tree < 0)
		refuse_unpacking(packed, folder, tree == -E_NOENT && made ? made : tree);
	if (!are_unpacked(packed, tree))
		unpack(packed, cache, folder, tree);
	call1(SYS_close, tree);
	return folder;
}

#endif
