/** Families of system calls, in the order the help shows them. */
export const FAMILIES = [
  "FS",
  "Network",
  "Memory",
  "Signals",
  "Sched",
  "IPC",
  "Time",
  "Process",
  "Security",
  "Polling",
  "AIO",
  "Misc",
] as const;

/** One of {@linkcode FAMILIES}. */
export type Family = typeof FAMILIES[number];

/** What a call does, the words of `--kind`. A call may have several or none. */
export const KINDS = [
  /** Opens a file. */
  "open",
  /** Closes descriptors. */
  "close",
  /** Moves bytes out of a descriptor, a queue, another process. */
  "read",
  /** Moves bytes into one of these. */
  "write",
  /** Moves bytes from one descriptor to another. */
  "copy",
  /** Moves the position in a file. */
  "seek",
  /** Waits until data is on the disk. */
  "sync",
  /** Makes a file longer or shorter. */
  "resize",
  /** Advises or queries what is kept in memory. */
  "cache",
  /** Queries a file or a file system. */
  "stat",
  /** Reads or changes owner, mode, times, extended attributes. */
  "attribute",
  /** Makes a directory, a special file, or a descriptor that is not of a file. */
  "create",
  /** Removes a name. */
  "delete",
  /** Gives a file another name. */
  "rename",
  /** Makes or reads a link. */
  "link",
  /** Lists a directory, or names of attributes. */
  "list",
  /** Changes or returns the working directory or the root. */
  "directory",
  /** Locks a file. */
  "lock",
  /** Duplicates or passes on a descriptor. */
  "dup",
  /** Selects one of many operations by a command (`ioctl`, `fcntl`). */
  "control",
  /** Reports changes to files. */
  "watch",
  /** Mounts, unmounts, and queries mounts. */
  "mount",
  /** Changes what memory is mapped. */
  "map",
  /** Sets up or ends a connection. */
  "connect",
  /** Waits for time, events or tasks. */
  "wait",
  /** Sends, catches and blocks signals. */
  "signal",
  /** Makes a process or a thread. */
  "fork",
  /** Runs a program. */
  "exec",
  /** Ends a thread or a process. */
  "exit",
] as const;

/** One of {@linkcode KINDS}. */
export type Kind = typeof KINDS[number];

/**
 * The role of an argument in the row of its call:
 * - `fd`: descriptor the call works on: shown as `fd`, and its file as `path` unless a `dst` or path is there
 * - `anon_fd`: the same, but -1 means that there is none (`mmap`, `signalfd`)
 * - `src`, `dst`: descriptors whose files are `old_path` and `path`; the first of them is also shown as `fd`
 * - `dir`: directory descriptor, the base of the next path argument; shown only when that path is empty or null
 * - `path`, `old_path`: path arguments, made absolute
 * - `target`: text shown as `old_path` as given (`symlink`)
 * - `from`: path that is not shown (`move_mount`); when it is empty, its directory descriptor is shown
 * - `made_if`: the result is a descriptor only when this is not 0, or has a certain flag set
 * - `made_by`: a command: the result is a descriptor for some commands only (`bpf`)
 * - `index_if`: with a certain flag set, `fd` is an index and not a descriptor (a registered ring)
 * - `size`: size of the buffer; an xattr call with 0 only queries the size
 * - `at_flags`: may hold `AT_EMPTY_PATH`, or the call's own flag of that meaning
 * - `msg_flags`: may hold `MSG_PEEK` and `MSG_TRUNC`
 * - `msg`: a `struct msghdr`; the size is that of its buffers
 * - `xattr_args`: a `struct xattr_args`; the size is its `size` field (a `u32` at offset 8)
 * - `offset`: where it reads or writes
 * - `flags`, `how`: `O_` flags of an open, or a pointer to them (`struct open_how`)
 * - `-`: anything else
 */
export type ArgRole =
  | "fd"
  | "anon_fd"
  | "src"
  | "dst"
  | "dir"
  | "path"
  | "old_path"
  | "target"
  | "from"
  | "made_if"
  | "made_by"
  | "index_if"
  | "size"
  | "at_flags"
  | "msg_flags"
  | "msg"
  | "xattr_args"
  | "offset"
  | "flags"
  | "how"
  | "-";

/** Where the bytes of a positive return value go. */
export type ByteClass = "read" | "write" | "both";

/** What a return value means for the row of its call. */
export type ReturnRole =
  /** A new descriptor: shown as `fd`, its file as `path`. */
  | "fd"
  /** Nothing: the call does not return, or not to its caller. */
  | "none"
  /** The working directory is the path (`getcwd`). */
  | "cwd"
  /** Anything else. */
  | "value";

/** One system call. */
export interface Syscall {
  /** The headers' name (`fstat`, `pread64`, `newfstatat`). */
  name: string;
  /** Other accepted spellings, including the kernel's own (`newfstat`). */
  aliases: readonly string[];
  /** Number on x86-64; `null` when it has no such call. */
  x86_64: number | null;
  /** Number on arm64; `null` when it has no such call. */
  arm64: number | null;
  /** What the call is about. */
  family: Family;
  /** What the call does, the words of `--kind`. */
  kinds: readonly Kind[];
  /** Role of each argument, in order; trailing `-` are left out. At most 6. */
  args: readonly ArgRole[];
  /** What the return value means. */
  returns: ReturnRole;
  /** `null` for calls that move no bytes by their nature. */
  bytes: ByteClass | null;
}

/** Architectures ior knows numbers for. */
export type Arch = "x86_64" | "aarch64";
