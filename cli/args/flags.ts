/** The flags, as rows: what the parser accepts, what the help prints, and which field of the values each one sets. */
import { FAMILIES, KINDS } from "../../runtime/syscalls/types.ts";
import { compilePattern } from "../../runtime/pattern.ts";
import { formatExactSize, parseDuration } from "../../runtime/units.ts";
import { COLOR_MODES, DEFAULTS } from "./defaults.ts";
import type { FlagValues } from "./flag_values.ts";
import type { Machine } from "./machine.ts";
import { readSyscalls } from "./syscall_names.ts";
import {
  badValue,
  readChoice,
  readChoices,
  readList,
  readRingBytes,
  readTaskNumbers,
  readText,
  readWholeNumber,
} from "./values.ts";

/** Headings of the help, in its order. */
export const FLAG_GROUPS = [
  "Source",
  "Whose calls",
  "Which calls",
  "Limits",
  "Segments",
  "Flamegraph",
  "Output",
  "Tables",
  "Assertions",
  "General",
] as const;

/** One of {@linkcode FLAG_GROUPS}. */
export type FlagGroup = typeof FLAG_GROUPS[number];

/** One flag. */
export interface Flag {
  /** Long name with its dashes. */
  long: `--${string}`;
  /** Short name with its dash. */
  short?: `-${string}`;
  /** What the value is, in the help's words; a flag without takes none. */
  value?: string;
  /** A value for the error text of a missing one. */
  example?: string;
  group: FlagGroup;
  /** What it does, for the help; `null` where the positive form's line speaks for it. */
  summary: string | null;
  /** Checks the value (empty for a flag without) and sets its field. Throws a usage error. */
  read(values: FlagValues, text: string, machine: Machine): void;
}

/** Largest process number: `PID_MAX_LIMIT` in include/linux/threads.h. */
const PID_MAX = 4_194_304;

/** Largest user number; the one above means "no user" (`INVALID_UID` in include/linux/uidgid.h). */
const UID_MAX = 4_294_967_294;

const FAMILY_CHOICES = [...FAMILIES, "all"] as const;

/** Flags of the selection, the same for every command that traces. */
export const SELECTION_FLAGS: readonly Flag[] = [
  {
    long: "--pid",
    short: "-p",
    value: "LIST",
    example: "1234",
    group: "Whose calls",
    summary: "processes, by number",
    read: (values, text) => values.pids.push(...readTaskNumbers("--pid", text, PID_MAX)),
  },
  {
    long: "--tid",
    short: "-t",
    value: "LIST",
    example: "1234",
    group: "Whose calls",
    summary: "threads, by number",
    read: (values, text) => values.tids.push(...readTaskNumbers("--tid", text, PID_MAX)),
  },
  {
    long: "--uid",
    short: "-u",
    value: "LIST",
    example: "1000",
    group: "Whose calls",
    summary: "owners, by number or user name",
    read: (values, text, machine) => values.uids.push(...readUsers(text, machine)),
  },
  {
    long: "--comm",
    value: "PAT",
    example: "postgres",
    group: "Whose calls",
    summary: "threads whose name matches the pattern",
    read: (values, text) => values.comms.push(readPattern("--comm", text)),
  },
  {
    long: "--no-follow",
    group: "Whose calls",
    summary: "leave out children of --pid and of the command",
    read: (values) => values.follow = false,
  },
  {
    long: "--path",
    short: "-P",
    value: "PAT",
    example: "/var/log",
    group: "Which calls",
    summary: "calls on files whose path matches the pattern",
    read: (values, text) => values.paths.push(readPattern("--path", text)),
  },
  {
    long: "--syscall",
    short: "-e",
    value: "LIST",
    example: "openat,read",
    group: "Which calls",
    summary: "calls by name; an entry may be a /regex/",
    read: (values, text, machine) => values.syscalls.push(...readSyscalls("--syscall", text, machine.arch)),
  },
  {
    long: "--family",
    value: "LIST",
    example: "FS,Network",
    group: "Which calls",
    summary: `families of calls, see below, or all (default ${DEFAULTS.families.join(",")})`,
    read: (values, text) => values.families.push(...readChoices("--family", text, "family", FAMILY_CHOICES)),
  },
  {
    long: "--kind",
    value: "LIST",
    example: "read,write",
    group: "Which calls",
    summary: "kinds of calls, see below",
    read: (values, text) => values.kinds.push(...readChoices("--kind", text, "kind", KINDS)),
  },
  {
    long: "--failed",
    short: "-x",
    group: "Which calls",
    summary: "only calls that failed",
    read: (values) => values.failedOnly = true,
  },
  {
    long: "--slower",
    value: "DUR",
    example: "5ms",
    group: "Which calls",
    summary: "only calls that took at least DUR: ns, us, ms, s",
    read: (values, text) => values.slowerNs = parseDuration(text, { subject: "--slower" }),
  },
  {
    long: "--no-comm",
    value: "PAT",
    example: "postgres",
    group: "Whose calls",
    summary: null,
    read: (values, text) => values.excludedComms.push(readPattern("--no-comm", text)),
  },
  {
    long: "--no-path",
    value: "PAT",
    example: "^/proc",
    group: "Which calls",
    summary: null,
    read: (values, text) => values.excludedPaths.push(readPattern("--no-path", text)),
  },
  {
    long: "--no-syscall",
    value: "LIST",
    example: "close",
    group: "Which calls",
    summary: null,
    read: (values, text, machine) =>
      values.excludedSyscalls.push(...readSyscalls("--no-syscall", text, machine.arch)),
  },
  {
    long: "--no-family",
    value: "LIST",
    example: "Memory",
    group: "Which calls",
    summary: null,
    read: (values, text) =>
      values.excludedFamilies.push(...readChoices("--no-family", text, "family", FAMILY_CHOICES)),
  },
  {
    long: "--no-kind",
    value: "LIST",
    example: "close",
    group: "Which calls",
    summary: null,
    read: (values, text) => values.excludedKinds.push(...readChoices("--no-kind", text, "kind", KINDS)),
  },
];

/** Flags of every command. */
export const HELP_FLAGS: readonly Flag[] = [
  {
    long: "--version",
    group: "General",
    summary: "print the version",
    read: (values) => values.version = true,
  },
  {
    long: "--help",
    short: "-h",
    group: "General",
    summary: "print this text",
    read: (values) => values.help = true,
  },
];

/** Flags of every command that runs a trace. */
export const LIVE_FLAGS: readonly Flag[] = [
  {
    long: "--duration",
    short: "-d",
    value: "DUR",
    example: "10s",
    group: "Limits",
    summary: "stop after DUR: ns, us, ms, s, m, h, or seconds",
    read: (values, text) => values.durationNs = readRunTime(text),
  },
  {
    long: "--no-wait",
    group: "Limits",
    summary: "leave a command that runs on when tracing stops",
    read: (values) => values.waitsForCommand = false,
  },
  {
    long: "--ring-size",
    value: "SIZE",
    example: "64M",
    group: "Limits",
    summary: `buffer between kernel and ior: a power of two with k, M or G; a larger one loses less ` +
      `(default ${formatExactSize(DEFAULTS.ringBytes)})`,
    read: (values, text, machine) => values.ringBytes = readRingBytes("--ring-size", text, machine.pageBytes),
  },
];

/** Names of the standard output: the runtime opens no other file under /dev. */
const STANDARD_OUTPUT = ["-", "/dev/stdout"];

/** The file that a command writes. */
export const OUTPUT_FLAG: Flag = {
  long: "--output",
  short: "-o",
  value: "FILE",
  example: "out.json",
  group: "Output",
  summary: "write to FILE; the standard output is left to the command",
  read: (values, text) => values.output = STANDARD_OUTPUT.includes(text) ? null : readText("--output", text),
};

/** Flags of every command that prints. */
export const LOOK_FLAGS: readonly Flag[] = [
  {
    long: "--color",
    value: "WHEN",
    example: "never",
    group: "Output",
    summary: `${COLOR_MODES.join(", ")} (default ${DEFAULTS.color})`,
    read: (values, text) => values.color = readChoice("--color", text, "mode", COLOR_MODES),
  },
  {
    long: "--ascii",
    group: "Output",
    summary: "only ASCII in text, also where the locale has more",
    read: (values) => values.ascii = true,
  },
  {
    long: "--strict",
    group: "General",
    summary: "exit with status 4 when any call was lost",
    read: (values) => values.strict = true,
  },
  {
    long: "--quiet",
    short: "-q",
    group: "General",
    summary: "no progress and no warnings",
    read: (values) => values.quiet = true,
  },
  {
    long: "--verbose",
    short: "-v",
    group: "General",
    summary: "say more, also in errors",
    read: (values) => values.verbose = true,
  },
  ...HELP_FLAGS,
];

/** Flags of every command that traces and prints. */
export const RUN_FLAGS: readonly Flag[] = [...LIVE_FLAGS, OUTPUT_FLAG, ...LOOK_FLAGS];

/** The selection where there are no children to follow: of what was recorded. */
export const REPLAY_FLAGS: readonly Flag[] = SELECTION_FLAGS.filter(({ long }) => long !== "--no-follow");

/** Takes calls from recordings in place of the kernel. */
export const FROM_FLAG: Flag = {
  long: "--from",
  value: "FILE",
  example: "run.parquet",
  group: "Source",
  summary: "read a recording, a directory of them or a pattern in place of tracing; may be given again",
  read: (values, text) => values.from.push(readText("--from", text)),
};

function readPattern(flag: string, text: string): string {
  compilePattern(readText(flag, text));
  return text;
}

function readRunTime(text: string): number {
  const ns = parseDuration(text, { subject: "--duration", bareSeconds: true, longUnits: true });
  if (ns > 0) return ns;
  throw badValue("--duration", text, "it must be longer than nothing", "Leave it out to run until Ctrl-C");
}

function readUsers(text: string, machine: Machine): number[] {
  return readList("--uid", text).map((entry) => {
    if (/^[-\d]/.test(entry)) return readWholeNumber("--uid", entry, 0, UID_MAX, "For instance --uid 1000");
    const uid = machine.userId(entry);
    if (uid !== null) return uid;
    throw badValue(
      "--uid",
      entry,
      "there is no such user",
      "`getent passwd` lists the users; a number works too",
    );
  });
}
