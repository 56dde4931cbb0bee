/** Resolves the entries of `--syscall` to names of calls. */
import { compileRegex, nearest, RegexError } from "../../runtime/expression/mod.ts";
import {
  FAMILIES,
  KINDS,
  type Syscall,
  syscallByName,
  syscallNumber,
  SYSCALLS,
} from "../../runtime/syscalls/mod.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { SyscallEntry } from "./flag_values.ts";
import { STRACE_CLASSES, straceClass } from "./strace_classes.ts";
import { badValue, readList } from "./values.ts";

/** Qualifiers of strace's `-e` other than `trace=`, and what to use here. */
const STRACE_QUALIFIERS: Readonly<Record<string, string>> = {
  status: "Calls that failed are --failed",
  signal: "Signals are not calls; --family Signals selects the calls about them",
  read: "The bytes that are moved are not captured; --kind read selects the calls",
  write: "The bytes that are moved are not captured; --kind write selects the calls",
  fault: "Calls are not changed, only traced",
  inject: "Calls are not changed, only traced",
  abbrev: "Rows have no argument lists; ior stream --format strace shows what they have",
  verbose: "Rows have no argument lists; ior stream --format strace shows what they have",
  raw: "Rows have no argument lists; ior stream --format strace shows what they have",
};

/** What a shell offers for a list of calls. */
export const SYSCALL_WORDS: readonly string[] = [...SYSCALLS.map(({ name }) => name), ...STRACE_CLASSES];

/**
 * Reads a comma list of call names, other spellings of them, classes of strace (`%file`), and `/regular expressions/` over
 * names. strace's `trace=` and `!` before the list are accepted.
 *
 * Throws a usage error for an unknown name, one that `arch` does not have, and an expression that matches no call.
 */
export function readSyscalls(flag: string, text: string, arch: Arch): SyscallEntry[] {
  const qualifier = /^\s*(\w+)\s*=/.exec(text);
  if (qualifier !== null && !["trace", "t"].includes(qualifier[1])) {
    const hint = Object.hasOwn(STRACE_QUALIFIERS, qualifier[1])
      ? STRACE_QUALIFIERS[qualifier[1]]
      : `For instance ${flag} openat`;
    throw badValue(flag, text, `\`${qualifier[1]}=\` is not supported`, hint);
  }
  const list = text.slice(qualifier?.[0].length ?? 0).trim();
  const isExcluded = list.startsWith("!");
  return readList(flag, isExcluded ? list.slice(1) : list).map((entry) => ({
    text: entry,
    names: namesOf(flag, entry, arch),
    isExcluded,
  }));
}

function namesOf(flag: string, entry: string, arch: Arch): string[] {
  if (entry.startsWith("/")) return matching(flag, entry);
  if (entry.startsWith("%")) return inClass(flag, entry);
  return [named(flag, entry, arch)];
}

function inClass(flag: string, entry: string): string[] {
  const isIn = straceClass(entry);
  if (isIn !== null) return SYSCALLS.filter(isIn).map(({ name }) => name);
  const near = nearest(entry, STRACE_CLASSES);
  throw badValue(
    flag,
    entry,
    "unknown class of calls",
    near
      ? `Did you mean \`${near}\`?`
      : `The classes are ${STRACE_CLASSES.join(" ")}; see also --kind and --family`,
  );
}

function named(flag: string, name: string, arch: Arch): string {
  const call = syscallByName(name.toLowerCase());
  if (!call) {
    throw badValue(
      flag,
      name,
      "unknown system call",
      groupHint(flag, name) ?? nearHint(name, arch) ?? expressionHint(flag, name, spellings(arch)),
    );
  }
  if (isOn(arch, call)) return call.name;
  // The replacement of a call that newer architectures lack is mostly its form with a directory descriptor.
  const here = spellings(arch);
  const near = here.includes(`${call.name}at`) ? `${call.name}at` : nearest(call.name, here);
  throw badValue(
    flag,
    name,
    `${arch} has no such system call`,
    near ? `Did you mean \`${near}\`?` : "Leave it out",
  );
}

function isOn(arch: Arch, call: Syscall): boolean {
  return syscallNumber(arch, call) !== null;
}

/** Names before aliases, so that the headers' name is suggested when two are equally near. */
function spellings(arch: Arch): string[] {
  const here = SYSCALLS.filter((call) => isOn(arch, call));
  return [...here.map((call) => call.name), ...here.flatMap((call) => call.aliases)];
}

/** strace writes an expression with only one slash. */
function matching(flag: string, entry: string): string[] {
  const names = SYSCALLS.map(({ name }) => name).filter(expressionOf(flag, entry));
  if (names.length > 0) return names;
  throw badValue(
    flag,
    entry,
    "it matches no system call",
    "It may match anywhere in a name; ^ and $ anchor it",
  );
}

function expressionOf(flag: string, entry: string): (name: string) => boolean {
  const expression = entry.slice(1, entry.length > 1 && entry.endsWith("/") ? -1 : undefined);
  if (expression === "") {
    throw badValue(flag, entry, "the expression is empty", `For instance ${flag} /^open/`);
  }
  try {
    return compileRegex(expression, { ignoreCase: true });
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw badValue(flag, entry, `the expression is not valid: ${error.message}`, error.hint);
  }
}

/** The hint for a word that names a family, a kind or a class of strace instead; `null` for another. */
function groupHint(flag: string, word: string): string | null {
  const is = (name: string) => name.toLowerCase() === word.toLowerCase();
  const negation = flag === "--no-syscall" ? "no-" : "";
  const family = is("all") && negation === "" ? "all" : FAMILIES.find(is);
  const kind = KINDS.find(is);
  return family !== undefined
    ? `Did you mean \`--${negation}family ${family}\`?`
    : kind !== undefined
    ? `Did you mean \`--${negation}kind ${kind}\`?`
    : straceClass(`%${word}`) !== null
    ? `Did you mean \`%${word}\`?`
    : null;
}

function nearHint(name: string, arch: Arch): string | null {
  const near = nearest(name, spellings(arch));
  return near === null ? null : `Did you mean \`${near}\`?`;
}

/** Number of leading letters of a wrong name that hint at the intended one. */
const TELLING_LETTERS = 4;

/** The hint for a name that is near no other. */
function expressionHint(flag: string, name: string, names: readonly string[]): string {
  const part = name.toLowerCase().slice(0, TELLING_LETTERS);
  return /^[a-z]{3}/.test(part) && names.some((known) => known.includes(part))
    ? `Part of a name works as an expression: ${flag} /${part}/`
    : `Names are those of the C headers, for instance ${flag} openat; part of one works as /open/`;
}
