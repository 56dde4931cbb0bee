/*
 * Calls that arm64 lacks are made by the calls that do the same, as its C library makes them; kernel_lib/twins.ts knows
 * which these are. They have numbers that no architecture uses.
 */
#ifndef TWINS_H
#define TWINS_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_open
#define TWINS
enum {
	SYS_open = 0x40000000,
	SYS_creat,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_unlink,
	SYS_rmdir,
	SYS_mkdir,
	SYS_mknod,
	SYS_rename,
	SYS_link,
	SYS_symlink,
	SYS_readlink,
	SYS_chmod,
	SYS_chown,
	SYS_lchown,
	SYS_dup2,
	SYS_pipe,
	SYS_fork,
};

static inline int is_twin(long number)
{
	return number >= SYS_open && number <= SYS_fork;
}

static inline long twin_call(long number, long a, long b, long c)
{
	switch (number) {
	case SYS_open:
		return syscall(SYS_openat, AT_FDCWD, a, b, c);
	case SYS_creat:
		return syscall(SYS_openat, AT_FDCWD, a, O_CREAT | O_WRONLY | O_TRUNC, b);
	case SYS_stat:
		return syscall(SYS_newfstatat, AT_FDCWD, a, b, 0);
	case SYS_lstat:
		return syscall(SYS_newfstatat, AT_FDCWD, a, b, AT_SYMLINK_NOFOLLOW);
	case SYS_access:
		return syscall(SYS_faccessat, AT_FDCWD, a, b);
	case SYS_unlink:
		return syscall(SYS_unlinkat, AT_FDCWD, a, 0);
	case SYS_rmdir:
		return syscall(SYS_unlinkat, AT_FDCWD, a, AT_REMOVEDIR);
	case SYS_mkdir:
		return syscall(SYS_mkdirat, AT_FDCWD, a, b);
	case SYS_mknod:
		return syscall(SYS_mknodat, AT_FDCWD, a, b, c);
	case SYS_rename:
		return syscall(SYS_renameat, AT_FDCWD, a, AT_FDCWD, b);
	case SYS_link:
		return syscall(SYS_linkat, AT_FDCWD, a, AT_FDCWD, b, 0);
	case SYS_symlink:
		return syscall(SYS_symlinkat, a, AT_FDCWD, b);
	case SYS_readlink:
		return syscall(SYS_readlinkat, AT_FDCWD, a, b, c);
	case SYS_chmod:
		return syscall(SYS_fchmodat, AT_FDCWD, a, b);
	case SYS_chown:
		return syscall(SYS_fchownat, AT_FDCWD, a, b, c, 0);
	case SYS_lchown:
		return syscall(SYS_fchownat, AT_FDCWD, a, b, c, AT_SYMLINK_NOFOLLOW);
	case SYS_dup2:
		return syscall(SYS_dup3, a, b, 0);
	case SYS_pipe:
		return syscall(SYS_pipe2, a, 0);
	case SYS_fork:
		return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	default:
		errno = ENOSYS;
		return -1;
	}
}
#endif

#endif
