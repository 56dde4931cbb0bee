import type { Arch } from "../../runtime/syscalls/mod.ts";

/** The bits that say whether it reads, writes or both, and their names by value. */
const ACCESS_MODE = 3;
const ACCESS_MODES = ["O_RDONLY", "O_WRONLY", "O_RDWR"];

/** Flags that have the same number everywhere: include/uapi/asm-generic/fcntl.h. */
const COMMON: readonly (readonly [name: string, bits: number])[] = [
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
const OF_ARCH: Readonly<Record<Arch, readonly (readonly [name: string, bits: number])[]>> = {
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
  for (const [name, bits] of [...COMMON, ...OF_ARCH[arch]]) {
    if ((rest & bits) !== bits) continue;
    names.push(name);
    rest &= ~bits;
  }
  if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
  return names.join("|");
}
