/** The functions of libc that ior calls, one entry each. */
export const LIBC_SYMBOLS = {
  /** void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset) */
  mmap: {
    parameters: [
      /* addr */ "pointer",
      /* length */ "usize",
      /* prot */ "i32",
      /* flags */ "i32",
      /* fd */ "i32",
      /* offset */ "i64",
    ],
    result: "pointer",
  },
  /** int munmap(void *addr, size_t length) */
  munmap: { parameters: [/* addr */ "pointer", /* length */ "usize"], result: "i32" },
  /** int madvise(void *addr, size_t length, int advice) */
  madvise: {
    parameters: [/* addr */ "usize", /* length */ "usize", /* advice */ "i32"],
    result: "i32",
  },
  /** off_t lseek(int fd, off_t offset, int whence) */
  lseek: { parameters: [/* fd */ "i32", /* offset */ "i64", /* whence */ "i32"], result: "i64" },
  /** int open(const char *path, int flags) */
  open: { parameters: [/* path */ "buffer", /* flags */ "i32"], result: "i32" },
  /** ssize_t read(int fd, void *buf, size_t count) */
  read: { parameters: [/* fd */ "i32", /* buf */ "buffer", /* count */ "usize"], result: "isize" },
  /** ssize_t readlink(const char *path, char *buf, size_t size) */
  readlink: {
    parameters: [/* path */ "buffer", /* buf */ "buffer", /* size */ "usize"],
    result: "isize",
  },
  /** void *memmem(const void *haystack, size_t haystacklen, const void *needle, size_t needlelen) */
  memmem: {
    parameters: [
      /* haystack */ "buffer",
      /* haystacklen */ "usize",
      /* needle */ "buffer",
      /* needlelen */ "usize",
    ],
    result: "pointer",
  },
  /** int dup(int oldfd) */
  dup: { parameters: [/* oldfd */ "i32"], result: "i32" },
  /** int socketpair(int domain, int type, int protocol, int sv[2]) */
  socketpair: {
    parameters: [/* domain */ "i32", /* type */ "i32", /* protocol */ "i32", /* sv */ "buffer"],
    result: "i32",
  },
  /** ssize_t send(int sockfd, const void *buf, size_t len, int flags) */
  send: {
    parameters: [/* sockfd */ "i32", /* buf */ "buffer", /* len */ "usize", /* flags */ "i32"],
    result: "isize",
  },
  /** ssize_t recv(int sockfd, void *buf, size_t len, int flags), in a thread of its own: it waits. */
  recv: {
    parameters: [/* sockfd */ "i32", /* buf */ "buffer", /* len */ "usize", /* flags */ "i32"],
    result: "isize",
    nonblocking: true,
  },
  /** int shutdown(int sockfd, int how) */
  shutdown: { parameters: [/* sockfd */ "i32", /* how */ "i32"], result: "i32" },
  /** int close(int fd), in a thread of its own. */
  close_aside: { name: "close", parameters: [/* fd */ "i32"], result: "i32", nonblocking: true },
  /** int close(int fd) */
  close: { parameters: [/* fd */ "i32"], result: "i32" },
  /** int clock_gettime(clockid_t clk_id, struct timespec *tp) */
  clock_gettime: { parameters: [/* clk_id */ "i32", /* tp */ "buffer"], result: "i32" },
  /** long syscall(SYS_pidfd_open, pid_t pid, unsigned int flags), or (SYS_membarrier, int cmd, unsigned int flags) */
  syscall: { parameters: [/* number */ "i64", /* pid, cmd */ "i64", /* flags */ "i64"], result: "i64" },
  /** long syscall(SYS_perf_event_open, struct perf_event_attr *attr, pid_t pid, int cpu, int group_fd, unsigned long flags) */
  perf_event_open: {
    name: "syscall",
    parameters: [
      /* number */ "i64",
      /* attr */ "buffer",
      /* pid */ "i64",
      /* cpu */ "i64",
      /* group_fd */ "i64",
      /* flags */ "u64",
    ],
    result: "i64",
  },
  /** long sysconf(int name) */
  sysconf: { parameters: [/* name */ "i32"], result: "i64" },
  /** int malloc_trim(size_t pad) */
  malloc_trim: { parameters: [/* pad */ "usize"], result: "i32" },
  /** int *__errno_location(void) */
  __errno_location: { parameters: [], result: "pointer" },
  /** int poll(struct pollfd *fds, nfds_t nfds, int timeout) */
  poll: { parameters: [/* fds */ "buffer", /* nfds */ "u64", /* timeout */ "i32"], result: "i32" },
  /** int getrusage(int who, struct rusage *usage) */
  getrusage: { parameters: [/* who */ "i32", /* usage */ "buffer"], result: "i32" },
  /** ssize_t getdents64(int fd, void *buf, size_t size) */
  getdents64: { parameters: [/* fd */ "i32", /* buf */ "buffer", /* size */ "usize"], result: "isize" },
  /** int getpriority(PRIO_PROCESS, id_t thread) */
  getpriority: { parameters: [/* which */ "i32", /* who */ "u32"], result: "i32" },
  /** int setpriority(PRIO_PROCESS, id_t thread, int niceness) */
  setpriority: { parameters: [/* which */ "i32", /* who */ "u32", /* prio */ "i32"], result: "i32" },
  /** sighandler_t signal(int signum, sighandler_t handler) */
  signal: { parameters: [/* signum */ "i32", /* handler */ "usize"], result: "usize" },
  /** int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact) */
  sigaction: {
    parameters: [/* signum */ "i32", /* act */ "buffer", /* oldact */ "buffer"],
    result: "i32",
  },
  /** int prctl(PR_SET_DUMPABLE, unsigned long value, ...) */
  prctl: {
    parameters: [
      /* option */ "i32",
      /* value */ "u64",
      /* unused */ "u64",
      /* unused */ "u64",
      /* unused */ "u64",
    ],
    result: "i32",
  },
  /** int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout) */
  sigtimedwait: {
    parameters: [/* set */ "buffer", /* info */ "pointer", /* timeout */ "buffer"],
    result: "i32",
  },
  /** int getgrouplist(const char *user, gid_t group, gid_t *groups, int *ngroups) */
  getgrouplist: {
    parameters: [/* user */ "buffer", /* group */ "u32", /* groups */ "buffer", /* ngroups */ "buffer"],
    result: "i32",
  },
  /** int vsnprintf(char *str, size_t size, const char *format, va_list ap) */
  vsnprintf: {
    parameters: [/* str */ "buffer", /* size */ "usize", /* format */ "pointer", /* ap */ "pointer"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;
