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

/** What a call does, the words of `--kind`. A call may have several, or none that a user would ask for. */
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
  /** Says or asks what is to be kept in memory. */
  "cache",
  /** Asks what a file or a file system is. */
  "stat",
  /** Reads or changes owner, mode, times, extended attributes. */
  "attribute",
  /** Makes a directory, a special file, or a descriptor of what is no file. */
  "create",
  /** Removes a name. */
  "delete",
  /** Gives a file another name. */
  "rename",
  /** Makes or reads a link. */
  "link",
  /** Lists a directory, or names of attributes. */
  "list",
  /** Changes or asks for the working directory or the root. */
  "directory",
  /** Locks a file. */
  "lock",
  /** Copies or hands over a descriptor. */
  "dup",
  /** Everything that one call does by many commands (`ioctl`, `fcntl`). */
  "control",
  /** Is told of changes to files. */
  "watch",
  /** Mounts, and what is asked about mounts. */
  "mount",
  /** Changes what memory is mapped. */
  "map",
  /** Sets up or ends a connection. */
  "connect",
  /** Waits for time, events or tasks. */
  "wait",
  /** Sends, catches and holds back signals. */
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
 * What an argument is, for those that rows are made of:
 * - `fd`: descriptor the call works on: shown as `fd`, and its file as `path` unless a `dst` or path is there
 * - `anon_fd`: the same, but -1 means that there is none (`mmap`, `signalfd`)
 * - `src`, `dst`: descriptors whose files are `old_path` and `path`; the first of them is also shown as `fd`
 * - `dir`: directory descriptor, base of the next path argument; shown only when that path is empty or null
 * - `path`, `old_path`: path arguments, made absolute
 * - `target`: text shown as `old_path` as given (`symlink`)
 * - `from`: path that is not shown (`move_mount`); empty, its directory descriptor is shown
 * - `made_if`: the result is a descriptor only when this is not 0, or has a certain flag
 * - `made_by`: a command: the result is a descriptor with some of them only (`bpf`)
 * - `index_if`: with a certain flag here, `fd` is an index and no descriptor (a registered ring)
 * - `size`: size of the buffer; for an xattr call 0 asks for the size only
 * - `at_flags`: may hold `AT_EMPTY_PATH`, or the call's own flag of that meaning
 * - `msg_flags`: may hold `MSG_PEEK` and `MSG_TRUNC`
 * - `msg`: a `struct msghdr`, the size of its buffers is the size
 * - `xattr_args`: a `struct xattr_args`, its `size` field (a `u32` at offset 8) is the size
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
  | "-";

/** Where the bytes of a positive return value go. */
export type ByteClass = "read" | "write" | "both";

/** What a return value means, for those that rows are made of. */
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
  /** Other accepted spellings, the kernel's own among them (`newfstat`). */
  aliases: readonly string[];
  /** Number on x86-64; `null` when it has no such call. */
  x86_64: number | null;
  /** Number on arm64; `null` when it has no such call. */
  arm64: number | null;
  /** What the call is about. */
  family: Family;
  /** What the call does, in users' words. */
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
