import { syscallByName } from "../../runtime/syscalls/mod.ts";

/** The properties of a system call that counting needs: bits, by its name. */
export const Trait = {
  /** The bytes it reads come from another file than the one that the call counts for. */
  COPIES: 1,
  /** It waits by itself, whatever its descriptor. */
  WAITS: 2,
  /** It is not about files: without a file, its time is spent on something else. */
  ELSEWHERE: 4,
  /** It reads bytes; very few at a time count as a use. */
  READS: 8,
  WRITES: 16,
  /** It looks up a path, and fails with ENOENT when the file does not exist. */
  LOOKS_UP: 32,
  /** It makes what is written permanent. */
  SYNCS: 64,
  /** It opens a file by path. */
  OPENS: 128,
  /** It queries metadata by path. */
  QUERIES: 256,
  /** It sets the position of a descriptor. */
  SEEKS: 512,
} as const;

/** Calls of each trait that does not follow from the table of calls. */
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

/** The traits of a call. Those of an unknown call belong to no use of files. */
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
