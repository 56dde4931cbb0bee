/* System calls without a C library: the few that the launch helper makes, with their numbers and registers. */
#ifndef SYSCALLS_H
#define SYSCALLS_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

/* Only calls that both architectures have: arm64 has no open, access, dup2 or stat. */
#if defined(__x86_64__)
enum {
	SYS_read = 0,
	SYS_write = 1,
	SYS_close = 3,
	SYS_mmap = 9,
	SYS_munmap = 11,
	SYS_rt_sigaction = 13,
	SYS_rt_sigprocmask = 14,
	SYS_getpid = 39,
	SYS_execve = 59,
	SYS_fcntl = 72,
	SYS_flock = 73,
	SYS_getcwd = 79,
	SYS_chdir = 80,
	SYS_fchdir = 81,
	SYS_fchmod = 91,
	SYS_umask = 95,
	SYS_geteuid = 107,
	SYS_getegid = 108,
	SYS_setgroups = 116,
	SYS_setresuid = 117,
	SYS_setresgid = 119,
	SYS_capget = 125,
	SYS_capset = 126,
	SYS_fstatfs = 138,
	SYS_prctl = 157,
	SYS_getdents64 = 217,
	SYS_clock_gettime = 228,
	SYS_exit_group = 231,
	SYS_openat = 257,
	SYS_mkdirat = 258,
	SYS_unlinkat = 263,
	SYS_renameat = 264,
	SYS_readlinkat = 267,
	SYS_faccessat = 269,
	SYS_dup3 = 292,
	SYS_prlimit64 = 302,
	SYS_statx = 332,
};
#elif defined(__aarch64__)
enum {
	SYS_getcwd = 17,
	SYS_dup3 = 24,
	SYS_fcntl = 25,
	SYS_flock = 32,
	SYS_mkdirat = 34,
	SYS_unlinkat = 35,
	SYS_renameat = 38,
	SYS_fstatfs = 44,
	SYS_faccessat = 48,
	SYS_chdir = 49,
	SYS_fchdir = 50,
	SYS_fchmod = 52,
	SYS_openat = 56,
	SYS_close = 57,
	SYS_getdents64 = 61,
	SYS_read = 63,
	SYS_write = 64,
	SYS_readlinkat = 78,
	SYS_capget = 90,
	SYS_capset = 91,
	SYS_exit_group = 94,
	SYS_clock_gettime = 113,
	SYS_rt_sigaction = 134,
	SYS_rt_sigprocmask = 135,
	SYS_setresuid = 147,
	SYS_setresgid = 149,
	SYS_setgroups = 159,
	SYS_umask = 166,
	SYS_prctl = 167,
	SYS_getpid = 172,
	SYS_geteuid = 175,
	SYS_getegid = 177,
	SYS_munmap = 215,
	SYS_execve = 221,
	SYS_mmap = 222,
	SYS_prlimit64 = 261,
	SYS_statx = 291,
};
#else
#error "no system call numbers for this architecture"
#endif

/* Calls the kernel; a negative result is an errno. */
static inline s64 call6(s64 number, s64 a, s64 b, s64 c, s64 d, s64 e, s64 f)
{
#if defined(__x86_64__)
	register s64 r10 __asm__("r10") = d;
	register s64 r8 __asm__("r8") = e;
	register s64 r9 __asm__("r9") = f;
	s64 result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#else
	register s64 x8 __asm__("x8") = number;
	register s64 x0 __asm__("x0") = a;
	register s64 x1 __asm__("x1") = b;
	register s64 x2 __asm__("x2") = c;
	register s64 x3 __asm__("x3") = d;
	register s64 x4 __asm__("x4") = e;
	register s64 x5 __asm__("x5") = f;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#endif
}

#define call5(number, a, b, c, d, e) call6(number, (s64)(a), (s64)(b), (s64)(c), (s64)(d), (s64)(e), 0)
#define call4(number, a, b, c, d) call5(number, a, b, c, d, 0)
#define call3(number, a, b, c) call4(number, a, b, c, 0)
#define call2(number, a, b) call3(number, a, b, 0)
#define call1(number, a) call2(number, a, 0)

/* The kernel starts a program here, with its words on the stack: argc, argv, null, environment, null. */
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall begin\n");
#else
__asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x0, sp\n\tbl begin\n");
#endif

/* From the kernel's uapi headers; the same on both architectures except O_DIRECTORY and O_NOFOLLOW. */
enum {
	AT_FDCWD = -100,
	AT_SYMLINK_NOFOLLOW = 0x100,
	AT_EMPTY_PATH = 0x1000,
	E_NOENT = 2,
	E_2BIG = 7,
	E_NOEXEC = 8,
	E_NOMEM = 12,
	E_ACCES = 13,
	E_EXIST = 17,
	E_NODEV = 19,
	E_NOTDIR = 20,
	E_INVAL = 22,
	E_TXTBSY = 26,
	E_FBIG = 27,
	E_NOSPC = 28,
	E_ROFS = 30,
	E_TIMEDOUT = 110,
	E_STALE = 116,
	E_DQUOT = 122,
	F_DUPFD = 0,
	F_GETFD = 1,
	F_SETFD = 2,
	FD_CLOEXEC = 1,
	LOCK_EX = 2,
	O_WRONLY = 01,
	O_CREAT = 0100,
	O_EXCL = 0200,
	O_CLOEXEC = 02000000,
	O_PATH = 010000000,
#if defined(__x86_64__)
	O_DIRECTORY = 0200000,
	O_NOFOLLOW = 0400000,
#else
	O_DIRECTORY = 040000,
	O_NOFOLLOW = 0100000,
#endif
	PR_SET_NO_NEW_PRIVS = 38,
	PR_CAP_AMBIENT = 47,
	PR_CAP_AMBIENT_IS_SET = 1,
	PR_CAP_AMBIENT_RAISE = 2,
	PR_CAP_AMBIENT_LOWER = 3,
	PR_CAP_AMBIENT_CLEAR_ALL = 4,
	RLIMIT_DATA = 2,
	RLIMIT_STACK = 3,
	RLIMIT_NOFILE = 7,
	RLIMIT_AS = 9,
	CLOCK_REALTIME = 0,
	SIGUSR1 = 10,
	SIGCHLD = 17,
	SIGXFSZ = 25,
	SIG_SETMASK = 2,
	S_IFMT = 0170000,
	S_IFDIR = 0040000,
	S_IFREG = 0100000,
	S_IFLNK = 0120000,
	S_ISVTX = 01000,
	STATX_TYPE_MODE = 3,
	STATX_OWNER = 0x11b, /* type, mode, uid, gid and inode number */
	STATX_CONTENT = 0x3c1, /* type, times of modification and change, inode number and size */
	STATX_OWNER_SIZE = 0x31b, /* the same and the size */
	STATX_MODE_OFFSET = 28,
	STATX_CHANGED_OFFSET = 96,
	STATX_DEVICE_OFFSET = 136,
	STATX_BYTES = 256,
	DIRENT_LENGTH_OFFSET = 16,
	DIRENT_NAME_OFFSET = 19,
	W_OK = 2,
	X_OK = 1,
};

#define SIGNALS 64
#define SIGNAL_BIT(signal) (1UL << ((signal) - 1))

/* struct sigaction as the kernel defines it: arm64 has the restorer too, for its 32-bit programs. */
struct action {
	u64 handler;
	u64 flags;
	u64 restorer;
	u64 mask;
};
#define HANDLER_DEFAULT 0UL
#define HANDLER_IGNORE 1UL

struct limit {
	u64 soft;
	u64 hard;
};

#endif
