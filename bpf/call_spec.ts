import {
  type Arch,
  type Syscall,
  syscallByName,
  syscallByNumber,
  syscallNumber,
  SYSCALLS,
} from "../runtime/syscalls/mod.ts";
import type { CallSet } from "../runtime/filter/mod.ts";
import { CALLS, Offset, Size, SpecFlag } from "./wire.ts";

/** Calls after which the thread's user or group may be another: the thread is announced again. */
const CREDENTIAL_CALLS = ["setuid", "setreuid", "setresuid", "setgid", "setregid", "setresgid"];

/** Calls after which the thread's name may be another, likewise. */
const NAMING_CALLS = ["execve", "execveat", "prctl"];

/** Calls the kernel side follows even when they have no rows: they decide how an interrupted call ends. */
const RESTART_CALLS = ["rt_sigreturn", "restart_syscall"];

/** The flag of the argument `at_flags` with which an empty path means the directory descriptor. */
const AT_EMPTY_PATH = 0x1000;
const EMPTY_FLAGS: Readonly<Record<string, number>> = {
  fspick: 0x8, // FSPICK_EMPTY_PATH
  move_mount: 0x40, // MOVE_MOUNT_T_EMPTY_PATH
};

/** Calls that accept an empty path without a flag (`do_readlinkat` in fs/stat.c). */
const EMPTY_WITHOUT_FLAG = ["readlinkat"];

/** Calls for which a null path means the directory descriptor (fs/utimes.c, `fanotify_find_path`). */
const NULL_IS_DIR = ["utimensat", "futimesat", "fanotify_mark"];

/** The flag of the argument `index_if` with which the descriptor is an index (`linux/io_uring.h`). */
const INDEX_FLAGS: Readonly<Record<string, number>> = {
  io_uring_enter: 1 << 4, // IORING_ENTER_REGISTERED_RING
  io_uring_register: 1 << 31, // IORING_REGISTER_USE_REGISTERED_RING
};

/** The flag of the argument `made_if` with which a call makes a descriptor; any bit for calls not listed here. */
const MADE_FLAGS: Readonly<Record<string, bigint>> = {
  seccomp: 1n << 3n, // SECCOMP_FILTER_FLAG_NEW_LISTENER
};

/** The commands of the argument `made_by` with which a call makes a descriptor. */
const MADE_COMMANDS: Readonly<Record<string, readonly number[]>> = {
  /* enum bpf_cmd: MAP_CREATE, PROG_LOAD, OBJ_GET, PROG_GET_FD_BY_ID, MAP_GET_FD_BY_ID, RAW_TRACEPOINT_OPEN, BTF_LOAD,
     BTF_GET_FD_BY_ID, LINK_CREATE, LINK_GET_FD_BY_ID, ENABLE_STATS, ITER_CREATE, TOKEN_CREATE */
  bpf: [0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 32, 33, 36],
};

/**
 * The call table of the kernel side, as the bytes of the `calls` map: what to capture of each number, and whether it is
 * followed; calls that the machine does not have are ignored. A call's entry differs in `flags` and `exits` only, whatever is selected.
 */
export function callTable(arch: Arch, selection: CallSet): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(CALLS * Size.call_spec);
  const entry = (nr: number) => table.subarray(nr * Size.call_spec, (nr + 1) * Size.call_spec);
  const numbersOf = (names: readonly string[]) =>
    names.flatMap((name) => {
      const call = syscallByName(name);
      const nr = call && syscallNumber(arch, call);
      return nr === null || nr === undefined ? [] : [nr];
    });

  const shown = SpecFlag.TRACKED | SpecFlag.SHOWN;
  for (let nr = 0; nr < CALLS; nr++) {
    const call = syscallByNumber(arch, nr);
    if (call) describe(call, entry(nr));
    else if (selection.unknownSyscalls) entry(nr)[0] = shown;
  }
  for (const nr of numbersOf(selection.syscalls)) entry(nr)[0] |= shown;
  const followed = numbersOf([...RESTART_CALLS, ...CREDENTIAL_CALLS]);
  // The exit of execveat carries the number of execve.
  if (selection.syscalls.includes("execveat")) followed.push(...numbersOf(["execve"]));
  for (const nr of followed) entry(nr)[0] |= SpecFlag.TRACKED;
  for (const nr of numbersOf([...CREDENTIAL_CALLS, ...NAMING_CALLS])) entry(nr)[0] |= SpecFlag.CREDENTIALS;
  for (let nr = 0; nr < CALLS; nr++) {
    if (entry(nr)[0] & SpecFlag.TRACKED) entry(nr)[Offset.call_spec.exits] = 1;
  }
  return table;
}

/** Fills in the `call_spec` of a call: what its rows are made of. Argument positions count from 1; 0 is none. */
function describe(call: Syscall, spec: Uint8Array): void {
  const at = Offset.call_spec;
  let flags = 0;
  if (call.returns === "fd") flags |= SpecFlag.RETURNS_FD;
  if (call.returns === "cwd") flags |= SpecFlag.CWD;
  if (call.returns === "none") flags |= SpecFlag.NO_RETURN;
  let dir = 0;
  const view = new DataView(spec.buffer, spec.byteOffset, Size.call_spec);
  if (EMPTY_WITHOUT_FLAG.includes(call.name)) view.setUint32(at.flag, AT_EMPTY_PATH, true);
  if (NULL_IS_DIR.includes(call.name)) spec[at.null_is_dir] = 1;
  const hasPath = call.args.includes("path");
  call.args.forEach((role, index) => {
    const position = index + 1;
    switch (role) {
      case "anon_fd":
        flags |= SpecFlag.ANON_FD;
        /* falls through */
      case "fd":
        if (call.args.includes("index_if")) {
          spec[at.ring] = position;
          break;
        }
        spec[at.fd] = position;
        if (!hasPath) spec[at.file] = position;
        break;
      case "src":
        spec[at.old_file] = position;
        spec[at.fd] ||= position;
        break;
      case "dst":
        spec[at.file] = position;
        spec[at.fd] ||= position;
        break;
      case "dir":
        dir = position;
        break;
      case "path":
        spec[at.path] = position;
        spec[at.dir] = dir;
        dir = 0;
        break;
      case "old_path":
        spec[at.old_path] = position;
        spec[at.old_dir] = dir;
        dir = 0;
        break;
      case "from":
        spec[at.from] = position;
        spec[at.old_dir] = dir;
        dir = 0;
        break;
      case "made_if":
        spec[at.made_if] = position;
        view.setBigUint64(at.made, MADE_FLAGS[call.name] ?? ~0n, true);
        break;
      case "made_by":
        spec[at.made_by] = position;
        view.setBigUint64(
          at.made,
          MADE_COMMANDS[call.name].reduce((bits, n) => bits | 1n << BigInt(n), 0n),
          true,
        );
        break;
      case "index_if":
        spec[at.index_if] = position;
        view.setUint32(at.flag, INDEX_FLAGS[call.name], true);
        break;
      case "target":
        spec[at.old_path] = position;
        break;
      case "size":
        spec[at.size] = position;
        break;
      case "msg_flags":
        spec[at.msg_flags] = position;
        break;
      case "at_flags":
        spec[at.at_flags] = position;
        view.setUint32(at.flag, EMPTY_FLAGS[call.name] ?? AT_EMPTY_PATH, true);
        break;
      case "xattr_args":
        spec[at.xattr_args] = position;
        break;
      case "msg":
        spec[at.msg] = position;
        break;
    }
  });
  const plain = [at.flags, at.fd, at.size, ...(spec[at.file] === spec[at.fd] ? [at.file] : [])];
  if (flags & SpecFlag.CWD || spec.some((byte, index) => byte !== 0 && !plain.includes(index as 0))) {
    flags |= SpecFlag.MORE;
  }
  spec[at.flags] = flags;
}

/** The argument of a call that is kept when arguments are asked for. */
export interface KeptArgument {
  kind: "offset" | "flags";
  /** From 1. */
  position: number;
  /** It points to the value. */
  points: boolean;
}

/** What is kept of the arguments of calls, by number. */
export function keptArguments(arch: Arch): (KeptArgument | null)[] {
  const kept = new Array<KeptArgument | null>(CALLS).fill(null);
  for (const call of SYSCALLS) {
    const nr = syscallNumber(arch, call);
    const index = call.args.findIndex((role) => role === "offset" || role === "flags" || role === "how");
    if (nr === null || index < 0) continue;
    const role = call.args[index];
    kept[nr] = { kind: role === "offset" ? role : "flags", position: index + 1, points: role === "how" };
  }
  return kept;
}

/** Byte classes by number, for the decoder: 0 for calls that move none by their nature. */
export function byteClasses(arch: Arch): Uint8Array {
  const classes = new Uint8Array(CALLS);
  for (const call of SYSCALLS) {
    const nr = syscallNumber(arch, call);
    if (nr !== null && call.bytes) classes[nr] = 1;
  }
  return classes;
}

/** By number: 1 for calls whose bytes are written and not read, for the decoder. */
export function writingCalls(arch: Arch): Uint8Array {
  const classes = new Uint8Array(CALLS);
  for (const call of SYSCALLS) {
    const nr = syscallNumber(arch, call);
    if (nr !== null && call.bytes === "write") classes[nr] = 1;
  }
  return classes;
}

/** Numbers of calls that wait whatever their descriptor (`poll`, `futex`), for the decoder. */
export function waitingCalls(arch: Arch): ReadonlySet<number> {
  const numbers = SYSCALLS.filter(({ kinds }) => kinds.includes("wait")).map((call) =>
    syscallNumber(arch, call)
  );
  return new Set(numbers.filter((nr) => nr !== null));
}

/** Numbers of calls whose old path is text as given (`symlink`), for the decoder. */
export function targetCalls(arch: Arch): ReadonlySet<number> {
  const numbers = SYSCALLS.filter((call) => call.args.includes("target")).map((call) =>
    syscallNumber(arch, call)
  );
  return new Set(numbers.filter((nr) => nr !== null));
}

/** The bits of the flags of an open that say whether it reads, writes or both, and their names by value. */
const ACCESS_MODE = 3;
const ACCESS_MODES = ["O_RDONLY", "O_WRONLY", "O_RDWR"];

/** Flags of opens that have the same number everywhere: include/uapi/asm-generic/fcntl.h. */
const OPEN_FLAGS: readonly (readonly [name: string, bits: number])[] = [
  ["O_CREAT", 0o100],
  ["O_EXCL", 0o200],
  ["O_NOCTTY", 0o400],
  ["O_TRUNC", 0o1000],
  ["O_APPEND", 0o2000],
  ["O_NONBLOCK", 0o4000],
  // O_SYNC has the bit of O_DSYNC.
  ["O_SYNC", 0o4010000],
  ["O_DSYNC", 0o10000],
  ["O_ASYNC", 0o20000],
  ["O_NOATIME", 0o1000000],
  ["O_CLOEXEC", 0o2000000],
  ["O_PATH", 0o10000000],
];

/** Those that differ: the same file, and arch/arm64/include/uapi/asm/fcntl.h. O_TMPFILE has the bit of O_DIRECTORY. */
const OPEN_FLAGS_OF_ARCH: Readonly<Record<Arch, readonly (readonly [name: string, bits: number])[]>> = {
  x86_64: [
    ["O_DIRECT", 0o40000],
    ["O_LARGEFILE", 0o100000],
    ["O_TMPFILE", 0o20200000],
    ["O_DIRECTORY", 0o200000],
    ["O_NOFOLLOW", 0o400000],
  ],
  aarch64: [
    ["O_DIRECT", 0o200000],
    ["O_LARGEFILE", 0o400000],
    ["O_TMPFILE", 0o20040000],
    ["O_DIRECTORY", 0o40000],
    ["O_NOFOLLOW", 0o100000],
  ],
};

/** The flags that a file is opened with as text: `O_WRONLY|O_CREAT`; bits without a name as a number. */
export function openFlagsText(arch: Arch, flags: number): string {
  const names = [ACCESS_MODES[flags & ACCESS_MODE] ?? "O_ACCMODE"];
  let rest = flags & ~ACCESS_MODE;
  for (const [name, bits] of [...OPEN_FLAGS, ...OPEN_FLAGS_OF_ARCH[arch]]) {
    if ((rest & bits) !== bits) continue;
    names.push(name);
    rest &= ~bits;
  }
  if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
  return names.join("|");
}
