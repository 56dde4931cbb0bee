/*
 * ior-launch ours FOLDER: status 0 when FOLDER, or the nearest folder above it that exists, belongs to this user and is
 * writable, and nobody else but root can have put anything in it or can replace a step of its path.
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

/* What `name` below a folder is, or the folder itself with an empty name; false when it cannot be asked. */
static int look_at(s64 folder, const char *name, struct info *info)
{
	return call5(SYS_statx, folder, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_OWNER, info) == 0;
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
	s64 fd = call3(SYS_openat, folder, ".", O_DIRECTORY);
	if (fd < 0)
		return 1;
	char *entries = new_memory(ENTRIES_BYTES);
	s64 bytes;
	while ((bytes = call3(SYS_getdents64, fd, entries, ENTRIES_BYTES)) > 0)
		for (s64 at = 0; at < bytes; at += *(u16 *)(entries + at + DIRENT_LENGTH_OFFSET)) {
			const char *name = entries + at + DIRENT_NAME_OFFSET;
			struct info info;
			if (same_text(name, ".") || same_text(name, ".."))
				continue;
			if (!look_at(folder, name, &info) || is_others(&info, user))
				return 1;
		}
	call1(SYS_close, fd);
	return bytes < 0;
}

/* True when nobody else can put another folder in the place of a step of the way: in a sticky one only its owner can. */
static int is_way_safe(s64 folder, struct user user)
{
	struct info below, info;
	if (!look_at(folder, "", &info))
		return 0;
	for (int step = 0; step < MOST_STEPS; step++) {
		s64 above = call3(SYS_openat, folder, "..", O_PATH | O_DIRECTORY);
		call1(SYS_close, folder);
		folder = above;
		below = info;
		if (folder < 0 || !look_at(folder, "", &info))
			return 0;
		if (info.inode == below.inode && info.device == below.device)
			return 1; /* the root is above itself */
		if (is_others(&info, user) && (!(info.mode & S_ISVTX) || (info.uid != 0 && info.uid != user.uid)))
			return 0;
	}
	return 0;
}

/* The folder, or the nearest above it that exists; *exists says which. `path` is shortened to it. */
static s64 nearest_folder(char *path, int *exists)
{
	for (*exists = 1;; *exists = 0) {
		s64 folder = call3(SYS_openat, AT_FDCWD, *path ? path : "/", O_PATH | O_DIRECTORY);
		if (folder != -E_NOENT || !*path)
			return folder;
		char *end = path + length_of(path);
		while (end > path && *--end != '/')
			;
		*end = 0;
	}
}

/* True for a folder as above, which need not be writable when `is_read` only. `path` is shortened to what exists of it. */
static int is_ours(char *path, int is_read)
{
	struct user user = this_user();
	struct info info;
	int exists;
	s64 folder = nearest_folder(path, &exists);
	return folder >= 0 && look_at(folder, "", &info) && info.uid == user.uid && !is_others(&info, user) &&
	       (is_read || call3(SYS_faccessat, folder, ".", W_OK) == 0) && !(exists && has_entry_of_others(folder, user)) &&
	       is_way_safe(folder, user);
}

static _Noreturn void check_ours(char *path)
{
	leave(is_ours(path, 0) ? 0 : 1);
}

#endif
