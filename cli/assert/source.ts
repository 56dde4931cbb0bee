/** Which table of a report answers an assertion. */
import { IorError } from "../../runtime/errors.ts";
import type { Source as Text } from "../../runtime/expression/mod.ts";
import { type GroupKey, MAX_GROUP_KEYS } from "../../runtime/stats.ts";
import { compileConditions } from "./conditions.ts";
import { type Field, FIELDS, MEASURES, type Subject } from "./types.ts";

/** A table of every report, or one of `--by`. */
export type Source =
  | { table: "syscalls" | "errors_by" | "processes" }
  | { table: "groups"; by: GroupKey[] };

/** Order of the keys in the tables that assertions need. */
const KEY_ORDER: readonly GroupKey[] = ["process", "file", "syscall", "errno"];

/** The fields that select a single row of a table by their key, when compared with `=`. */
const PINS: Readonly<Partial<Record<GroupKey, Field>>> = {
  process: "pid",
  file: "path",
  syscall: "syscall",
  errno: "errno",
};

/** The table with a row per value of the fields of the conditions. Without conditions, that of the calls. */
export function sourceOf({ measure, conditions }: Subject): Source {
  const keys = KEY_ORDER.filter((key) => conditions.some(({ field }) => FIELDS[field] === key));
  const only = keys.length === 1 ? keys[0] : null;
  if (keys.length === 0 || only === "syscall") return { table: "syscalls" };
  if (only === "process") return { table: "processes" };
  const countsFailures = measure === "calls" || measure === "errors";
  const errorsOnly = keys.every((key) => key === "errno" || key === "syscall");
  if (countsFailures && errorsOnly) return { table: "errors_by" };
  // The table of files has no pipes, sockets and terminals, and of a call with two files only one.
  return { table: "groups", by: keys.flatMap((key) => key === "file" ? [key, "old_file"] : [key]) };
}

/** The keys that conditions are on, without the other file of a call with two. */
export function ownKeys(by: readonly GroupKey[]): GroupKey[] {
  return by.filter((key) => key !== "old_file");
}

/** The table of `--by` that a report must have for it, `null` when every report has the needed table. */
export function tableNeeded(subject: Subject): GroupKey[] | null {
  const source = sourceOf(subject);
  return source.table === "groups" ? source.by : null;
}

/** Throws an {@linkcode IorError} of code `usage` for a subject that no table answers exactly. */
export function checkAnswerable({ option, text }: Text, subject: Subject): void {
  const { measure } = subject;
  const source = sourceOf(subject);
  const keys: readonly GroupKey[] = source.table === "groups" ? ownKeys(source.by) : ["process"];
  if (keys.length > MAX_GROUP_KEYS) {
    throw new IorError(
      "usage",
      `Cannot use ${option} \`${text}\`: no table is grouped by ${keys.length} keys`,
      {
        hint: `Conditions may be on at most ${MAX_GROUP_KEYS} of process, file, call and error`,
      },
    );
  }
  if (!MEASURES[measure].distribution || source.table === "syscalls") return;
  const loose = keys.find((key) => !isPinned(subject, key));
  if (loose === undefined) return;
  throw new IorError(
    "usage",
    `Cannot use ${option} \`${text}\`: the ${measure} of several rows cannot be combined`,
    {
      hint: `Name one ${WHAT[loose]} with ${PINS[loose]} = ${EXAMPLES[loose]}, or use total, max or calls`,
    },
  );
}

/**
 * Throws an {@linkcode IorError} of code `usage` when none of the calls that the assertion names is among those traced:
 * it would hold, or fail, whatever happens.
 */
export function checkTraced({ text, conditions }: Subject, tracedNames: readonly string[]): void {
  const own = conditions.filter(({ field }) => FIELDS[field] === "syscall");
  const matches = compileConditions(own);
  if (own.length === 0 || tracedNames.some((syscall) => matches({ syscall }))) return;
  throw new IorError("usage", `Cannot use --assert \`${text}\`: none of its calls is traced`, {
    hint: "Select them with --syscall or --family",
  });
}

const WHAT: Readonly<Partial<Record<GroupKey, string>>> = {
  process: "process",
  file: "file",
  syscall: "call",
  errno: "error",
};

const EXAMPLES: Readonly<Partial<Record<GroupKey, string>>> = {
  process: "1234",
  file: '"/var/lib/data.db"',
  syscall: "read",
  errno: "ENOENT",
};

/** True when the conditions fix the value of a key: one comparison with `=` to a value that names a single row. */
function isPinned({ conditions }: Subject, key: GroupKey): boolean {
  const own = conditions.filter(({ field }) => FIELDS[field] === key);
  return own.filter(({ field, operator }) => field === PINS[key] && operator === "=").length === 1 &&
    own.every(({ operator }) => operator === "=" || operator === "!=");
}
