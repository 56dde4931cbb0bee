import { syscallByName } from "../../runtime/syscalls/mod.ts";

/** What a system call is, as far as counting needs to know: bits and the number of a use, by its name. */
export const Trait = {
  /** What it reads comes from another file than the one the call counts for. */
  COPIES: 1,
  /** It waits by itself, whatever its descriptor. */
  WAITS: 2,
  /** It is no call about files: without a file, its time is spent on something else. */
  ELSEWHERE: 4,
  /** It moves bytes, few of which are worth a note. */
  READS: 8,
  WRITES: 16,
  /** It looks a path up, and fails with ENOENT when that is not there. */
  LOOKS_UP: 32,
  /** It makes what is written permanent. */
  SYNCS: 64,
  /** It opens a file by path. */
  OPENS: 128,
  /** It asks for metadata by path. */
  QUERIES: 256,
  /** It sets the position of a descriptor. */
  SEEKS: 512,
} as const;

/** Calls of each trait that the table of calls does not tell. */
const NAMES: readonly (readonly [trait: number, names: readonly string[]])[] = [
  [Trait.READS, ["read", "pread64", "readv", "preadv", "preadv2"]],
  [Trait.WRITES, ["write", "pwrite64", "writev", "pwritev", "pwritev2"]],
  [Trait.SYNCS, ["fsync", "fdatasync", "sync_file_range", "msync", "sync", "syncfs"]],
  [Trait.OPENS | Trait.LOOKS_UP, ["open", "openat", "openat2"]],
  // Not fstat: most libraries call it after each open.
  [Trait.QUERIES | Trait.LOOKS_UP, [
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
  ]],
  [Trait.LOOKS_UP, ["readlink", "readlinkat", "execve", "execveat"]],
  [Trait.SEEKS, ["lseek"]],
];

/** The traits of a call; those of an unknown one are of no use of files. */
export function traitsOf(name: string): number {
  const call = syscallByName(name);
  if (call === undefined) return Trait.ELSEWHERE;
  let traits = 0;
  for (const [trait, names] of NAMES) if (names.includes(name)) traits |= trait;
  if (call.bytes !== null && call.args.includes("src")) traits |= Trait.COPIES;
  if (call.kinds.includes("wait")) traits |= Trait.WAITS;
  if (call.family !== "FS") traits |= Trait.ELSEWHERE;
  return traits;
}
