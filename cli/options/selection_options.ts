/** The options that select calls, as rows: the same for every command that traces or reads recordings. */
import {
  compilePattern,
  type Expression,
  NAME_LISTS,
  parseExpression,
  suggestName,
} from "../../runtime/expression/mod.ts";
import { ERRNO_NAMES } from "../../runtime/errno.ts";
import { FAMILIES, type Family, type Kind, KINDS } from "../../runtime/syscalls/types.ts";
import { parseDuration } from "../../runtime/units.ts";
import { DEFAULTS } from "./defaults.ts";
import type { CallFlags, SyscallEntry } from "./flag_values.ts";
import { OWNER_MAX } from "./machine.ts";
import { option, toggle } from "./option.ts";
import { readSyscalls, SYSCALL_WORDS } from "./syscall_names.ts";
import { badValue, readChoices, readList, readTaskNumbers, readText, readWholeNumber } from "./values.ts";

/** Largest process number: `PID_MAX_LIMIT` in include/linux/threads.h. */
const PID_MAX = 4_194_304;

const FAMILY_CHOICES = [...FAMILIES, "all"] as const;

/** The selection from recordings, where there are no children to follow. */
export const REPLAY_OPTIONS = [
  option({
    key: "pids",
    long: "--pid",
    short: "-p",
    value: "LIST",
    example: "1234",
    offers: "processes",
    group: "Whose calls",
    summary: "processes, by PID",
    initial: [] as number[],
    read: (text, _machine, before) => [...before, ...readTaskNumbers("--pid", text, PID_MAX)],
  }),
  option({
    key: "tids",
    long: "--tid",
    short: "-t",
    value: "LIST",
    example: "1234",
    group: "Whose calls",
    summary: "threads, by TID",
    initial: [] as number[],
    read: (text, _machine, before) => [...before, ...readTaskNumbers("--tid", text, PID_MAX)],
  }),
  option({
    key: "uids",
    long: "--uid",
    short: "-u",
    value: "LIST",
    example: "1000",
    offers: "users",
    group: "Whose calls",
    summary: "users, by UID or name",
    initial: [] as number[],
    read: (text, { userId }, before) => [...before, ...readOwners("--uid", text, "user", userId)],
  }),
  option({
    key: "gids",
    long: "--gid",
    value: "LIST",
    example: "100",
    group: "Whose calls",
    summary: "groups, by GID or name",
    initial: [] as number[],
    read: (text, { groupId }, before) => [...before, ...readOwners("--gid", text, "group", groupId)],
  }),
  option({
    key: "cgroups",
    long: "--cgroup",
    value: "LIST",
    example: "/system.slice",
    group: "Whose calls",
    summary: "control groups by path or name, containers by name or ID, including those below",
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readList("--cgroup", text)],
  }),
  option({
    key: "comms",
    long: "--comm",
    value: "PAT",
    example: "postgres",
    offers: "process names",
    group: "Whose calls",
    summary: "threads whose name matches a pattern of the list",
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readPatterns("--comm", text)],
  }),
  option({
    key: "paths",
    long: "--path",
    short: "-P",
    value: "PAT",
    example: "/var/log",
    offers: "files",
    group: "Which calls",
    summary: "calls on files whose path matches a pattern of the list",
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readPatterns("--path", text)],
  }),
  option({
    key: "syscalls",
    long: "--syscall",
    short: "-e",
    value: "LIST",
    example: "openat,read",
    offers: SYSCALL_WORDS,
    group: "Which calls",
    summary: "calls by name, /regex/ or class of strace (%file)",
    initial: [] as SyscallEntry[],
    read: (text, { arch }, before) => [...before, ...readSyscalls("--syscall", text, arch)],
  }),
  option({
    key: "families",
    long: "--family",
    value: "LIST",
    example: "FS,Network",
    offers: FAMILY_CHOICES,
    group: "Which calls",
    summary: "families of calls, see below (default all)",
    initial: [] as (Family | "all")[],
    read: (text, _machine, before) => [...before, ...readFamilies("--family", text)],
  }),
  option({
    key: "kinds",
    long: "--kind",
    value: "LIST",
    example: "read,write",
    offers: KINDS,
    group: "Which calls",
    summary: "kinds of calls, see below",
    initial: [] as Kind[],
    read: (text, _machine, before) => [...before, ...readChoices("--kind", text, "kind", KINDS)],
  }),
  toggle({
    key: "failedOnly",
    long: "--failed",
    short: "-x",
    group: "Which calls",
    summary: "only calls that failed",
  }),
  option({
    key: "errnos",
    long: "--errno",
    value: "LIST",
    example: "ENOENT,EACCES",
    offers: ERRNO_NAMES,
    group: "Which calls",
    summary: "calls that failed with these errors",
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readErrnos("--errno", text)],
  }),
  option({
    key: "slowerNs",
    long: "--slower",
    value: "DUR",
    example: "5ms",
    group: "Which calls",
    summary: "only calls that took at least DUR: ns, us, ms, s",
    initial: null as number | null,
    read: (text) => parseDuration(text, { subject: "--slower" }),
  }),
  option({
    key: "where",
    long: "--where",
    value: "EXPR",
    example: "latency > 5ms",
    group: "Which calls",
    summary: "calls for which a condition holds, see below",
    initial: [] as Expression[],
    read: (text, _machine, before) => [...before, readCondition(text)],
  }),
  option({
    key: "excludedComms",
    long: "--no-comm",
    value: "PAT",
    example: "postgres",
    offers: "process names",
    group: "Whose calls",
    summary: null,
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readPatterns("--no-comm", text)],
  }),
  option({
    key: "excludedPaths",
    long: "--no-path",
    value: "PAT",
    example: "^/proc",
    offers: "files",
    group: "Which calls",
    summary: null,
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readPatterns("--no-path", text)],
  }),
  option({
    key: "excludedSyscalls",
    long: "--no-syscall",
    value: "LIST",
    example: "close",
    offers: SYSCALL_WORDS,
    group: "Which calls",
    summary: null,
    initial: [] as SyscallEntry[],
    read: (text, { arch }, before) => [...before, ...readSyscalls("--no-syscall", text, arch)],
  }),
  option({
    key: "excludedFamilies",
    long: "--no-family",
    value: "LIST",
    example: "Memory",
    offers: FAMILY_CHOICES,
    group: "Which calls",
    summary: null,
    initial: [] as (Family | "all")[],
    read: (text, _machine, before) => [...before, ...readFamilies("--no-family", text)],
  }),
  option({
    key: "excludedKinds",
    long: "--no-kind",
    value: "LIST",
    example: "close",
    offers: KINDS,
    group: "Which calls",
    summary: null,
    initial: [] as Kind[],
    read: (text, _machine, before) => [...before, ...readChoices("--no-kind", text, "kind", KINDS)],
  }),
  option({
    key: "excludedErrnos",
    long: "--no-errno",
    value: "LIST",
    example: "ENOENT",
    offers: ERRNO_NAMES,
    group: "Which calls",
    summary: null,
    initial: [] as string[],
    read: (text, _machine, before) => [...before, ...readErrnos("--no-errno", text)],
  }),
];

/** Keys of the options that name system calls. */
const CALL_KEYS = [
  "syscalls",
  "families",
  "kinds",
  "excludedSyscalls",
  "excludedFamilies",
  "excludedKinds",
] as const satisfies (keyof CallFlags)[];

/** The options that name system calls, for a list of which all are the default. */
export const CALL_OPTIONS = REPLAY_OPTIONS.filter(
  (row): row is Extract<typeof row, { key: keyof CallFlags }> => CALL_KEYS.some((key) => key === row.key),
);

/** Whether children are traced. */
export const FOLLOW_OPTIONS = [
  option({
    key: "follow",
    long: "--follow",
    short: "-f",
    group: "Whose calls",
    summary: "follow children of --pid and of the command (the default)",
    initial: true,
    read: () => true,
  }),
  toggle({
    key: "follow",
    long: "--no-follow",
    group: "Whose calls",
    summary: "do not follow children of --pid and of the command",
    sets: false,
  }),
];

/** The selection of a trace, which has fewer calls unless it is told more. */
export const SELECTION_OPTIONS = [
  ...REPLAY_OPTIONS.map((row) =>
    row.long === "--family"
      ? {
        ...row,
        summary: `families of calls, see below, or all (default ${DEFAULTS.families.join(",")})`,
      }
      : row
  ),
  ...FOLLOW_OPTIONS,
];

/** Patterns separated by commas; a backslash before a comma makes it part of the pattern. */
function readPatterns(flag: string, text: string): string[] {
  const patterns = readText(flag, text).split(/(?<!\\),/).map((pattern) => pattern.replaceAll("\\,", ","));
  if (patterns.includes("")) {
    throw badValue(
      flag,
      text,
      "a pattern of the list is empty",
      "Separate patterns with one comma; \\, is a comma in a name",
    );
  }
  for (const pattern of patterns) compilePattern(pattern);
  return patterns;
}

function readErrnos(flag: string, text: string): string[] {
  return readList(flag, text).map((entry) => {
    const name = NAME_LISTS.errno.canonical(entry);
    if (name !== null) return name;
    throw badValue(
      flag,
      entry,
      "unknown error",
      suggestName(entry, ["errno"], "`man 3 errno` lists the names"),
    );
  });
}

function readCondition(text: string): Expression {
  return parseExpression({ option: "--where", text, example: "'latency > 5ms and path ~ *.db'" });
}

function readFamilies(flag: string, text: string): (Family | "all")[] {
  return readChoices(flag, text, "family", FAMILY_CHOICES);
}

/** Reads a list of users or groups by number or name; `idOf` finds a name. */
function readOwners(
  flag: "--uid" | "--gid",
  text: string,
  what: "user" | "group",
  idOf: (name: string) => number | null,
): number[] {
  return readList(flag, text).map((entry) => {
    if (/^[-\d]/.test(entry)) return readWholeNumber(flag, entry, 0, OWNER_MAX, `For instance ${flag} 1000`);
    const id = idOf(entry);
    if (id !== null) return id;
    const list = what === "user" ? "`getent passwd` lists the users" : "`getent group` lists the groups";
    throw badValue(flag, entry, `unknown ${what}`, `${list}; a number works too`);
  });
}
