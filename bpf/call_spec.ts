import {
  type Arch,
  type Syscall,
  syscallByName,
  syscallByNumber,
  syscallNumber,
  SYSCALLS,
} from "../runtime/syscalls/mod.ts";
import { I386_NUMBERS } from "../runtime/syscalls/i386.ts";
import { CALLS, Offset, Size, SpecFlag } from "./wire.ts";

/** Calls after which the thread's user may be another: the thread is announced again. */
const CREDENTIAL_CALLS = ["setuid", "setreuid", "setresuid"];

/** Calls the kernel side follows even when they have no rows: they decide how an interrupted call ends. */
const RESTART_CALLS = ["rt_sigreturn", "restart_syscall"];

/** Which calls have rows. */
export interface CallSelection {
  /** Numbers in the table of `arch`. */
  syscalls: readonly number[];
  /** Whether numbers that the table does not know have rows too. */
  unknownSyscalls: boolean;
}

/**
 * The call table of the kernel side, as the bytes of the `calls` map: what to capture of each number, and whether it is
 * followed. A call's entry differs in `flags` and `exits` only, whatever is selected.
 */
export function callTable(arch: Arch, selection: CallSelection): Uint8Array<ArrayBuffer> {
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
  for (const nr of selection.syscalls) if (syscallByNumber(arch, nr)) entry(nr)[0] |= shown;
  const followed = numbersOf([...RESTART_CALLS, ...CREDENTIAL_CALLS]);
  // The exit of execveat carries the number of execve.
  if (numbersOf(["execveat"]).some((nr) => selection.syscalls.includes(nr))) {
    followed.push(...numbersOf(["execve"]));
  }
  for (const nr of followed) entry(nr)[0] |= SpecFlag.TRACKED;
  for (const nr of numbersOf(CREDENTIAL_CALLS)) entry(nr)[0] |= SpecFlag.CREDENTIALS;
  for (let nr = 0; nr < CALLS; nr++) {
    if (entry(nr)[0] & SpecFlag.TRACKED) entry(nr)[Offset.call_spec.exits] = 1;
  }
  return table;
}

/** Writes what rows of a call are made of into its `call_spec`. Argument positions count from 1; 0 is none. */
function describe(call: Syscall, spec: Uint8Array): void {
  const at = Offset.call_spec;
  let flags = 0;
  if (call.returns === "fd") flags |= SpecFlag.RETURNS_FD;
  if (call.returns === "cwd") flags |= SpecFlag.CWD;
  if (call.returns === "none") flags |= SpecFlag.NO_RETURN;
  let dir = 0;
  const hasPath = call.args.includes("path");
  call.args.forEach((role, index) => {
    const position = index + 1;
    switch (role) {
      case "anon_fd":
        flags |= SpecFlag.ANON_FD;
        /* falls through */
      case "fd":
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

/** Numbers of the 32-bit table whose calls are selected, as the bytes of the `compat` map. */
export function compatCalls(arch: Arch, selection: CallSelection): Uint8Array<ArrayBuffer> {
  const shown = new Uint8Array(CALLS);
  if (arch !== "x86_64") return shown.fill(1); // its 32-bit numbers are not known here: each call is a loss
  for (const nr of selection.syscalls) {
    const call = syscallByNumber(arch, nr);
    for (const number of call ? I386_NUMBERS[call.name] ?? [] : []) shown[number] = 1;
  }
  if (selection.unknownSyscalls) {
    const known = new Set(Object.values(I386_NUMBERS).flat());
    for (let nr = 0; nr < CALLS; nr++) if (!known.has(nr)) shown[nr] = 1;
  }
  return shown;
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

/** Numbers of calls whose old path is text as given (`symlink`), for the decoder. */
export function targetCalls(arch: Arch): ReadonlySet<number> {
  const numbers = SYSCALLS.filter((call) => call.args.includes("target")).map((call) =>
    syscallNumber(arch, call)
  );
  return new Set(numbers.filter((nr) => nr !== null));
}
