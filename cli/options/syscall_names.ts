/** From the names and expressions of `--syscall` to the numbers of the calls they mean. */
import { syscallByName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { SyscallEntry } from "./flag_values.ts";
import { nearest } from "./suggest.ts";
import { badValue, readList } from "./values.ts";

/**
 * Reads a comma list of call names, other spellings of them, and `/regular expressions/` over names. Throws a usage
 * error for a name that is not known, one that `arch` does not have, and an expression that matches no call.
 */
export function readSyscalls(flag: string, text: string, arch: Arch): SyscallEntry[] {
  return readList(flag, text).map((entry) => {
    const numbers = entry.startsWith("/") ? matching(flag, entry, arch) : [named(flag, entry, arch)];
    return { text: entry, numbers };
  });
}

function named(flag: string, name: string, arch: Arch): number {
  const call = syscallByName(name);
  if (!call) {
    const near = nearest(name, spellings(arch));
    throw badValue(
      flag,
      name,
      "there is no such system call",
      near ? `Did you mean \`${near}\`?` : expressionHint(flag, name, spellings(arch)),
    );
  }
  const number = syscallNumber(arch, call);
  if (number !== null) return number;
  // What replaces a call that newer architectures left out is mostly its form with a directory descriptor.
  const here = spellings(arch);
  const near = here.includes(`${call.name}at`) ? `${call.name}at` : nearest(call.name, here);
  throw badValue(
    flag,
    name,
    `${arch} has no such system call`,
    near ? `Did you mean \`${near}\`?` : "Leave it out",
  );
}

/** Names before aliases, so that of two equally near the headers' name is suggested. */
function spellings(arch: Arch): string[] {
  const here = SYSCALLS.filter((call) => syscallNumber(arch, call) !== null);
  return [...here.map((call) => call.name), ...here.flatMap((call) => call.aliases)];
}

function matching(flag: string, entry: string, arch: Arch): number[] {
  if (entry.length < 3 || !entry.endsWith("/")) {
    throw badValue(flag, entry, "an expression must be between two slashes", `For instance ${flag} /^open/`);
  }
  let expression: RegExp;
  try {
    expression = new RegExp(entry.slice(1, -1));
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^.*: /, "").toLowerCase();
    throw badValue(flag, entry, `the expression is not valid (${reason})`, `For instance ${flag} /^open/`);
  }
  const numbers: number[] = [];
  for (const call of SYSCALLS) {
    const number = syscallNumber(arch, call);
    if (number !== null && expression.test(call.name)) numbers.push(number);
  }
  if (numbers.length > 0) return numbers;
  throw badValue(
    flag,
    entry,
    "it matches no system call",
    "Names are lower case, and nothing is anchored unless ^ and $ do it",
  );
}

/** Letters at the start of a wrong name that may tell what was meant. */
const TELLING_LETTERS = 4;

/** What to try for a name that is near to none. */
function expressionHint(flag: string, name: string, names: readonly string[]): string {
  const part = name.toLowerCase().slice(0, TELLING_LETTERS);
  return /^[a-z]{3}/.test(part) && names.some((known) => known.includes(part))
    ? `Part of a name works as an expression: ${flag} /${part}/`
    : `Names are those of the C headers, for instance ${flag} openat; part of one works as /open/`;
}
