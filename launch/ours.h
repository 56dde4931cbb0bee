/*
 * ior-launch ours FOLDER: prints the path of FOLDER without links when FOLDER, or the nearest folder above it that exists,
 * belongs to this user and is writable, and nobody else but root can have put anything in it or can replace a step of that path;
 * else status 1. The user's own group counts as the user: most systems give each user one.
 *
 * Folders are held by descriptors and the way up is "..": no name is looked up twice.
 */
#ifndef OURS_H
#define OURS_H

#include "memory.h"

/* Longest way up: each step takes a slash and a letter of PATH_BYTES. */
#define MOST_STEPS (PATH_BYTES / 2)
#define ENTRIES_BYTES 32768

/* The start of the kernel's struct statx, as far as it is read. */
struct info {
	u32 mask, block_size;
	u64 attributes;
	u32 links, uid, gid;
	u16 mode, unused;
	u64 inode, size;
	u8 before_times[STATX_CHANGED_OFFSET - 48];
	struct moment {
		s64 seconds;
		u64 nanoseconds; /* and four bytes of zeros */
	} changed, modified;
	u8 between[STATX_DEVICE_OFFSET - STATX_CHANGED_OFFSET - 32];
	u64 device;
	u8 rest[STATX_BYTES - STATX_DEVICE_OFFSET - 8];
};
_Static_assert(sizeof(struct info) == STATX_BYTES, "struct statx has 256 bytes");

struct user {
	u32 uid, gid;
};

/* Who the process acts as. */
static struct user this_user(void)
{
	return (struct user){ call1(SYS_geteuid, 0), call1(SYS_getegid, 0) };
}

/* What `name` below a folder is, or the folder itself with an empty name: 0, or a negative errno. */
static s64 look_at(s64 folder, const char *name, struct info *info)
{
	return call5(SYS_statx, folder, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_OWNER, info);
}

/* True when a user other than root and this one owns it or may write to it. The mode of a symbolic link means nothing. */
static int is_others(const struct info *info, struct user user)
{
	if (info->uid != 0 && info->uid != user.uid)
		return 1;
	if ((info->mode & S_IFMT) == S_IFLNK)
		return 0;
	return info->mode & 0002 || (info->mode & 0020 && info->gid != user.gid);
}

/* True when an entry of the folder is another user's. What is further down stands in folders that are then checked here. */
static int has_entry_of_others(s64 folder, struct user user)
{
	s64 fd = call3(SYS_openat, folder, ".", O_DIRECTORY | O_CLOEXEC), bytes = fd;
	char *entries = new_memory(ENTRIES_BYTES);
	int found = 0;
	while (!found && fd >= 0 && (bytes = call3(SYS_getdents64, fd, entries, ENTRIES_BYTES)) > 0)
		for (s64 at = 0; at < bytes && !found; at += *(u16 *)(entries + at + DIRENT_LENGTH_OFFSET)) {
			const char *name = entries + at + DIRENT_NAME_OFFSET;
			struct info info;
			if (same_text(name, ".") || same_text(name, ".."))
				continue;
			/* Another start of ior may have removed it by now. */
			s64 failed = look_at(folder, name, &info);
			found = failed == 0 ? is_others(&info, user) : failed != -E_NOENT;
		}
	call1(SYS_close, fd);
	return found || bytes < 0;
}

/*
 * True when nobody else can put another folder in the place of a step of the way: in a sticky one only its owner can. Closes
 * the folder.
 */
static int is_way_safe(s64 folder, struct user user)
{
	struct info below, info;
	int is_safe = look_at(folder, "", &info) == 0, is_root = 0;
	for (int step = 0; is_safe && !is_root && step < MOST_STEPS; step++) {
		s64 above = call3(SYS_openat, folder, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		call1(SYS_close, folder);
		folder = above;
		below = info;
		is_safe = folder >= 0 && look_at(folder, "", &info) == 0;
		is_root = is_safe && info.inode == below.inode && info.device == below.device; /* it is above itself */
		if (is_safe && !is_root && is_others(&info, user))
			is_safe = info.mode & S_ISVTX && (info.uid == 0 || info.uid == user.uid);
	}
	call1(SYS_close, folder);
	return is_safe && is_root;
}

/* The folder, or the nearest above it that exists; *exists says which. `path` is shortened to it. */
static s64 nearest_folder(char *path, int *exists)
{
	struct info info;
	for (*exists = 1;; *exists = 0) {
		s64 folder = call3(SYS_openat, AT_FDCWD, *path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (folder != -E_NOENT || !*path)
			return folder;
		if (look_at(AT_FDCWD, path, &info) == 0 && (info.mode & S_IFMT) == S_IFLNK)
			return folder; /* it leads nowhere, and no folder can be made in its place */
		char *end = path + length_of(path);
		while (end > path && *--end != '/')
			;
		*end = 0;
	}
}

/* Writes where a folder is, and returns the length. */
static s64 write_place(s64 folder, char *path)
{
	char link[40];
	*put_number(put_text(link, "/proc/self/fd/"), folder) = 0;
	s64 bytes = call4(SYS_readlinkat, AT_FDCWD, link, path, PATH_BYTES);
	if (bytes != -E_NOENT || folder < 0)
		return bytes;
	/* Without /proc: from inside. */
	s64 here = call3(SYS_openat, AT_FDCWD, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (here < 0 || call1(SYS_fchdir, folder) < 0)
		return -E_NOENT;
	bytes = call2(SYS_getcwd, path, PATH_BYTES) - 1; /* without the null byte */
	call1(SYS_fchdir, here);
	call1(SYS_close, here);
	return bytes;
}

/* Where a folder is, without links on the way; 0 when that cannot be told. */
static char *place_of(s64 folder)
{
	char *path = new_memory(PATH_BYTES);
	s64 bytes = write_place(folder, path);
	if (bytes <= 0 || bytes == PATH_BYTES || path[0] != '/')
		return 0;
	path[bytes] = 0;
	return path;
}

/* True when a step of the path is "..". */
static int goes_up(const char *path)
{
	for (; *path; path++)
		if (path[0] == '/' && path[1] == '.' && path[2] == '.' && (path[3] == '/' || !path[3]))
			return 1;
	return 0;
}

/*
 * The path of a folder as above, without links: nobody else can turn one of those on the way of `path` later. 0 when there is
 * none, or none that the runtime can open, which takes UTF-8. It need not be writable when `is_read` only.
 */
static char *own_path(const char *path, int is_read)
{
	struct user user = this_user();
	struct info info;
	int exists;
	char *there = joined(path, "");
	s64 folder = nearest_folder(there, &exists);
	const char *rest = path + length_of(there);
	if (folder < 0)
		return 0;
	char *place = place_of(folder);
	char *own = place ? joined(place, rest) : 0;
	int is_own = own && is_utf8((u8 *)own) && !goes_up(rest) && look_at(folder, "", &info) == 0 && info.uid == user.uid &&
		     !is_others(&info, user) && (is_read || call3(SYS_faccessat, folder, ".", W_OK) == 0) &&
		     !(exists && has_entry_of_others(folder, user));
	return is_way_safe(folder, user) && is_own ? own : 0;
}

static _Noreturn void check_ours(const char *path)
{
	char *own = own_path(path, 0);
	if (!own)
		leave(1);
	write_text(1, own);
	leave(0);
}

#endif
