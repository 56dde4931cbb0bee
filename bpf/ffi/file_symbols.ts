/** The libc functions for files, one entry each. Paths are relative to a directory's descriptor. */
export const FILE_SYMBOLS = {
  /** int openat(int dirfd, const char *path, int flags, mode_t mode) */
  openat: {
    parameters: [/* dirfd */ "i32", /* path */ "buffer", /* flags */ "i32", /* mode */ "u32"],
    result: "i32",
  },
  /** int close(int fd) */
  close: { parameters: [/* fd */ "i32"], result: "i32" },
  /** int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf) */
  statx: {
    parameters: [
      /* dirfd */ "i32",
      /* path */ "buffer",
      /* flags */ "i32",
      /* mask */ "u32",
      /* buf */ "buffer",
    ],
    result: "i32",
  },
  /** int fstatfs(int fd, struct statfs *buf) */
  fstatfs: { parameters: [/* fd */ "i32", /* buf */ "buffer"], result: "i32" },
  /** ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size) */
  readlinkat: {
    parameters: [/* dirfd */ "i32", /* path */ "buffer", /* buf */ "buffer", /* size */ "usize"],
    result: "isize",
  },
  /** ssize_t getdents64(int fd, void *buf, size_t size) */
  getdents64: { parameters: [/* fd */ "i32", /* buf */ "buffer", /* size */ "usize"], result: "isize" },
  /** int mkdirat(int dirfd, const char *path, mode_t mode) */
  mkdirat: { parameters: [/* dirfd */ "i32", /* path */ "buffer", /* mode */ "u32"], result: "i32" },
  /** int unlinkat(int dirfd, const char *path, int flags) */
  unlinkat: { parameters: [/* dirfd */ "i32", /* path */ "buffer", /* flags */ "i32"], result: "i32" },
  /** int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags) */
  linkat: {
    parameters: [
      /* olddirfd */ "i32",
      /* oldpath */ "buffer",
      /* newdirfd */ "i32",
      /* newpath */ "buffer",
      /* flags */ "i32",
    ],
    result: "i32",
  },
  /** int renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath) */
  renameat: {
    parameters: [/* olddirfd */ "i32", /* oldpath */ "buffer", /* newdirfd */ "i32", /* newpath */ "buffer"],
    result: "i32",
  },
  /** int fchmod(int fd, mode_t mode) */
  fchmod: { parameters: [/* fd */ "i32", /* mode */ "u32"], result: "i32" },
  /** int flock(int fd, int operation) */
  flock: { parameters: [/* fd */ "i32", /* operation */ "i32"], result: "i32" },
  /** int ftruncate(int fd, off_t length) */
  ftruncate: { parameters: [/* fd */ "i32", /* length */ "i64"], result: "i32" },
  /** int fcntl(int fd, F_GETFD or F_SETFL, int flags) */
  fcntl: { parameters: [/* fd */ "i32", /* op */ "i32", /* flags */ "i32"], result: "i32" },
  /** ssize_t write(int fd, const void *buf, size_t count) */
  write: { parameters: [/* fd */ "i32", /* buf */ "buffer", /* count */ "usize"], result: "isize" },
  /** The same in another thread. */
  writeInBackground: {
    name: "write",
    parameters: [/* fd */ "i32", /* buf */ "buffer", /* count */ "usize"],
    result: "isize",
    nonblocking: true,
  },
  /** ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset) */
  pwrite: {
    parameters: [/* fd */ "i32", /* buf */ "buffer", /* count */ "usize", /* offset */ "i64"],
    result: "isize",
  },
  /** ssize_t pread(int fd, void *buf, size_t count, off_t offset) */
  pread: {
    parameters: [/* fd */ "i32", /* buf */ "buffer", /* count */ "usize", /* offset */ "i64"],
    result: "isize",
  },
  /** The same in another thread. */
  preadInBackground: {
    name: "pread",
    parameters: [/* fd */ "i32", /* buf */ "buffer", /* count */ "usize", /* offset */ "i64"],
    result: "isize",
    nonblocking: true,
  },
  /** int fdatasync(int fd) */
  fdatasync: { parameters: [/* fd */ "i32"], result: "i32" },
  /** The same in another thread. */
  fdatasyncInBackground: {
    name: "fdatasync",
    parameters: [/* fd */ "i32"],
    result: "i32",
    nonblocking: true,
  },
  /** int setfsuid(uid_t fsuid), of the calling thread only */
  setfsuid: { parameters: [/* fsuid */ "u32"], result: "i32" },
  /** int setfsgid(gid_t fsgid), of the calling thread only */
  setfsgid: { parameters: [/* fsgid */ "u32"], result: "i32" },
  /** uid_t geteuid(void) */
  geteuid: { parameters: [], result: "u32" },
  /** gid_t getegid(void) */
  getegid: { parameters: [], result: "u32" },
  /** int *__errno_location(void), of the calling thread */
  __errno_location: { parameters: [], result: "pointer" },
  /** char *strerror(int errnum) */
  strerror: { parameters: [/* errnum */ "i32"], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;
