import type { StraceCall } from "./strace_log.ts";

/** What both tracers say of one call. */
export interface ComparedCall {
  tid: number;
  syscall: string;
  fd: number | null;
  path: string | null;
  old_path: string | null;
  /** Value returned, `null` when it failed or never returned. */
  ret: bigint | null;
  errno: string | null;
  /** Time in the call, nanoseconds. */
  durationNs: number | null;
}

/**
 * What the arguments are, by the manual pages and not by ior's own table, so that a slip there shows here:
 * `fd` the descriptor that the call works on, `afd` the same where -1 is none, `dir` the base of the next path, `path`,
 * `old` and `target` (a path as given), `src` and `dst`, `=fd` (it returns a descriptor, which is the one it is about), `=cwd` (it writes the
 * working directory into its first argument). `empty`: with `AT_EMPTY_PATH` the descriptor is the file.
 */
const SHAPES: Record<string, string> = {
  accept: "=fd",
  accept4: "=fd",
  access: "path",
  bind: "fd",
  chdir: "path",
  chmod: "path",
  chown: "path",
  close: "fd",
  connect: "fd",
  copy_file_range: "src - dst",
  creat: "path =fd",
  dup: "fd",
  dup2: "fd",
  dup3: "fd",
  epoll_create: "=fd",
  epoll_create1: "=fd",
  epoll_ctl: "fd",
  epoll_pwait: "fd",
  epoll_wait: "fd",
  eventfd2: "=fd",
  execve: "path",
  faccessat: "dir path",
  faccessat2: "dir path - empty",
  fadvise64: "fd",
  fallocate: "fd",
  fchdir: "fd",
  fchmod: "fd",
  fchmodat: "dir path",
  fchown: "fd",
  fchownat: "dir path - - empty",
  fcntl: "fd",
  fdatasync: "fd",
  fgetxattr: "fd",
  flistxattr: "fd",
  flock: "fd",
  fremovexattr: "fd",
  fsetxattr: "fd",
  fstat: "fd",
  fstatfs: "fd",
  fsync: "fd",
  ftruncate: "fd",
  getcwd: "=cwd",
  getdents64: "fd",
  getpeername: "fd",
  getsockname: "fd",
  getsockopt: "fd",
  getxattr: "path",
  inotify_add_watch: "fd path",
  inotify_init1: "=fd",
  io_uring_enter: "fd",
  io_uring_register: "fd",
  io_uring_setup: "=fd",
  ioctl: "fd",
  lchown: "path",
  lgetxattr: "path",
  link: "old path",
  linkat: "dir old dir path",
  listen: "fd",
  listxattr: "path",
  llistxattr: "path",
  lseek: "fd",
  lsetxattr: "path",
  lstat: "path",
  memfd_create: "=fd",
  mkdir: "path",
  mkdirat: "dir path",
  mknod: "path",
  mknodat: "dir path",
  mmap: "- - - - afd",
  newfstatat: "dir path - empty",
  open: "path =fd",
  openat: "dir path =fd",
  openat2: "dir path =fd",
  pidfd_open: "=fd",
  pread64: "fd",
  preadv: "fd",
  pwrite64: "fd",
  pwritev: "fd",
  read: "fd",
  readlink: "path",
  readlinkat: "dir path",
  readv: "fd",
  recvfrom: "fd",
  recvmmsg: "fd",
  recvmsg: "fd",
  removexattr: "path",
  rename: "old path",
  renameat: "dir old dir path",
  renameat2: "dir old dir path",
  rmdir: "path",
  sendfile: "dst src",
  sendmmsg: "fd",
  sendmsg: "fd",
  sendto: "fd",
  setsockopt: "fd",
  setxattr: "path",
  shutdown: "fd",
  signalfd4: "afd =fd",
  socket: "=fd",
  splice: "src - dst",
  stat: "path",
  statfs: "path",
  statx: "dir path empty",
  symlink: "target path",
  symlinkat: "target dir path",
  sync_file_range: "fd",
  timerfd_create: "=fd",
  timerfd_settime: "fd",
  truncate: "path",
  unlink: "path",
  unlinkat: "dir path",
  utime: "path",
  utimensat: "dir path - empty",
  utimes: "path",
  write: "fd",
  writev: "fd",
};

/** The file that strace shows of a descriptor (`3</tmp/a>`), `null` when there is none: it is not open. */
interface Descriptor {
  fd: number;
  path: string | null;
}

/** Calls that make a task, which starts with the working directory of its maker. */
const FORKS = new Set(["fork", "vfork", "clone", "clone3"]);

/**
 * Makes the calls of a log comparable: descriptors with their files, and paths absolute by the rules that ior has for them.
 * `directory` is the working directory in which strace was started.
 *
 * @throws {Error} On an argument that looks like a descriptor or a path and has no shape here.
 */
export function comparedCalls(calls: readonly StraceCall[], directory: string): ComparedCall[] {
  const directories = workingDirectories(calls, directory);
  return calls.map((call) => {
    const shown = show(call, directories.get(call)!);
    return {
      tid: call.tid,
      syscall: call.syscall,
      ...shown,
      ret: call.errno === null ? call.ret : null,
      errno: call.errno,
      durationNs: call.durationNs,
    };
  });
}

type Named = Pick<ComparedCall, "fd" | "path" | "old_path">;

function show({ syscall, args, ret, note, errno }: StraceCall, cwd: string): Named {
  const shown: Named = { fd: null, path: null, old_path: null };
  const roles = SHAPES[syscall]?.split(" ") ?? [];
  const used = new Set<number>();
  let base = cwd, baseFd: Descriptor | null = null;
  const fault = (what: string) => new Error(`${syscall}(${args.join(", ")}) of strace: ${what}`);
  const descriptor = (index: number) => {
    const found = readDescriptor(args[index] ?? "");
    if (!found) throw fault(`argument ${index + 1} is no descriptor`);
    return found;
  };
  roles.filter((role) => !role.startsWith("=")).forEach((role, i) => {
    const arg = args[i];
    used.add(i);
    if (role === "-" || role === "empty") return;
    if (role === "fd" || role === "src" || role === "dst" || role === "afd") {
      const { fd, path } = descriptor(i);
      if (role === "afd" && fd === -1) return;
      shown.fd ??= fd;
      shown[role === "src" ? "old_path" : "path"] = path;
    } else if (role === "dir") {
      const working = /^AT_FDCWD(?:<(.*)>)?$/s.exec(arg);
      baseFd = working ? null : descriptor(i);
      base = working ? working[1] === undefined ? cwd : unescape(working[1]) : baseFd!.path ?? "";
      if (working?.[1] !== undefined && base !== cwd) {
        throw fault(`the working directory should be ${cwd}`);
      }
    } else {
      const text = readString(arg);
      const empty = text === "" &&
        (syscall === "readlinkat" || args.some((a) => a.includes("AT_EMPTY_PATH")));
      if (baseFd && (empty || arg === "NULL")) {
        shown.fd = baseFd.fd;
        shown.path = baseFd.path;
      } else if (text === null) return; // an address: what is there is not known
      else if (role === "target") shown.old_path = text;
      else shown[role === "old" ? "old_path" : "path"] = absolute(base, text);
      base = cwd;
      baseFd = null;
    }
  });
  if (roles.includes("=fd")) {
    shown.fd = errno === null && ret !== null ? Number(ret) : null;
    if (shown.fd !== null) shown.path = readDescriptor(`${ret}${note}`)?.path ?? null;
  }
  if (roles.includes("=cwd")) {
    used.add(0);
    shown.path = errno === null ? readString(args[0] ?? "") : null;
  }
  if (roles.length === 0) {
    const named = args.find((arg) => /^(\d+|AT_FDCWD)</.test(arg) || /^"[^"]+"$/.test(arg));
    if (named !== undefined) throw fault(`${named} looks like a descriptor or path; give the call a shape`);
  }
  return shown;
}

/** Reads `3</a>`, `3</a>(deleted)`, `3</dev/null<char 1:3>>`, `3` and `-1`. */
function readDescriptor(text: string): Descriptor | null {
  const [, number, note, deleted] = /^(-?\d+)(?:<(.*)>)?(\(deleted\))?$/s.exec(text) ?? [];
  if (number === undefined) return null;
  const path = note === undefined ? null : unescape(note.replace(/<(?:char|block) \d+:\d+>$/, ""));
  return { fd: Number(number), path: path !== null && deleted ? `${path} (deleted)` : path };
}

function readString(text: string): string | null {
  const [, body] = /^"(.*)"$/s.exec(text) ?? [];
  return body === undefined ? null : unescape(body);
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f" };

/** strace's spelling of bytes: as in C. */
function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes = text.split(/(\\[0-7]{1,3}|\\.)/s).flatMap((part, i) => {
    if (i % 2 === 0) return [...new TextEncoder().encode(part)];
    if (/^\\[0-7]/.test(part)) return [parseInt(part.slice(1), 8)];
    return [...new TextEncoder().encode(ESCAPES[part[1]] ?? part[1])];
  });
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** A path made absolute: `.` parts, doubled and trailing slashes go, `..` and symlinks stay. */
export function absolute(base: string, text: string): string {
  const whole = text.startsWith("/") ? text : base === "" ? text : `${base}/${text}`;
  const parts = whole.split("/").filter((part) => part !== "" && part !== ".");
  return (whole.startsWith("/") ? "/" : "") + parts.join("/");
}

/** The working directory of each call at its enter. */
function workingDirectories(calls: readonly StraceCall[], first: string): Map<StraceCall, string> {
  const directories = new Map<StraceCall, string>();
  const makers = new Map<number, StraceCall>();
  for (const call of calls) {
    if (FORKS.has(call.syscall) && call.errno === null && call.ret !== null) {
      makers.set(Number(call.ret), call);
    }
  }
  const now = new Map<number, string>();
  const events = calls.flatMap((call) => [
    { line: call.enterLine, end: false, call },
    { line: call.exitLine, end: true, call },
  ]).sort((a, b) => a.line - b.line || Number(a.end) - Number(b.end));
  for (const { end, call } of events) {
    if (!end) {
      const maker = makers.get(call.tid);
      if (!now.has(call.tid)) now.set(call.tid, (maker && directories.get(maker)) ?? first);
      directories.set(call, now.get(call.tid)!);
    } else if (call.errno === null && (call.syscall === "chdir" || call.syscall === "fchdir")) {
      now.set(call.tid, collapsed(show(call, directories.get(call)!).path!));
    }
  }
  return directories;
}

/** The directory that a path without symlinks leads to. */
function collapsed(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/").slice(1)) {
    if (part === "..") parts.pop();
    else if (part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
