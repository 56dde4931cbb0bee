/** Tests whether a filter selects a row. */
import {
  allOf,
  type Comparison,
  compileExpression,
  compileNumbers,
  compileTexts,
  type Expression,
  holdsForTexts,
  type NumberField,
  type TextField,
} from "../expression/mod.ts";
import type { ExactInteger } from "../exact_integer.ts";
import type { RunningCall, StreamRow } from "../row.ts";
import { syscallByName } from "../syscalls/mod.ts";
import { clausesOf, isAboutOnly } from "./clauses.ts";
import type { Filter } from "./filter.ts";

/** The fields of a row that conditions use; `null` or a missing field is no value. */
export type FilterRow = Partial<
  Pick<
    StreamRow,
    | "syscall"
    | "family"
    | "comm"
    | "path"
    | "oldPath"
    | "errno"
    | "pid"
    | "tid"
    | "uid"
    | "gid"
    | "fd"
    | "latencyNs"
    | "gapNs"
    | "iowaitNs"
    | "blockedNs"
    | "runqueueNs"
    | "bytes"
    | "fetchedBytes"
    | "ret"
    | "failed"
    | "cgroup"
    | "stack"
    | "offsetBytes"
    | "flags"
  >
>;

/** The texts of a field: none, one, or both paths of a rename. */
const TEXTS: { [Name in TextField]: (row: FilterRow) => (string | null | undefined)[] } = {
  syscall: ({ syscall }) => [syscall],
  family: ({ family }) => [family],
  comm: ({ comm }) => [comm],
  path: ({ path, oldPath }) => [path, oldPath],
  errno: ({ errno }) => [errno],
  cgroup: ({ cgroup }) => [cgroup],
  stack: ({ stack }) => [stack],
  flags: ({ flags }) => [flags],
};

const NUMBERS: { [Name in NumberField]: (row: FilterRow) => ExactInteger | null | undefined } = {
  pid: ({ pid }) => pid,
  tid: ({ tid }) => tid,
  uid: ({ uid }) => uid,
  gid: ({ gid }) => gid,
  fd: ({ fd }) => fd,
  latency: ({ latencyNs }) => latencyNs,
  gap: ({ gapNs }) => gapNs,
  iowait: ({ iowaitNs }) => iowaitNs,
  blocked: ({ blockedNs }) => blockedNs,
  runqueue: ({ runqueueNs }) => runqueueNs,
  bytes: ({ bytes }) => bytes,
  fetched: ({ fetchedBytes }) => fetchedBytes,
  offset: ({ offsetBytes }) => offsetBytes,
  ret: ({ ret }) => ret,
};

/**
 * Compiles a condition to a test of rows. A comparison with a field that has no value is false, whatever the operator, and
 * `not` of it is true. For a row with two paths, one match is enough; under `!=` both must differ.
 */
export function compileCondition(condition: Expression): (row: FilterRow) => boolean {
  return compileExpression(condition, compileComparison);
}

function compileComparison(comparison: Comparison): (row: FilterRow) => boolean {
  switch (comparison.kind) {
    case "failed":
      return ({ failed }) => failed === true;
    case "text": {
      const textsOf = TEXTS[comparison.field];
      const matches = compileTexts(comparison);
      return (row) => {
        const texts = textsOf(row).filter((text) => typeof text === "string");
        return holdsForTexts(comparison, texts.length > 0, texts.some(matches));
      };
    }
    case "number": {
      const valueOf = NUMBERS[comparison.field];
      const matches = compileNumbers(comparison);
      return (row) => {
        const value = valueOf(row);
        return value !== null && value !== undefined && matches(value);
      };
    }
  }
}

/** Compiles a filter to a test of rows. Children of `pids` are not selected: a row does not tell which process started its own. */
export function compileFilter(filter: Filter): (row: Required<FilterRow>) => boolean {
  const isOfScope = compileScope(filter);
  const isSelected = compileCalls(filter);
  const matches = filter.where === null ? () => true : compileCondition(filter.where);
  return (row) => isOfScope(row.pid, row.tid) && isSelected(row.syscall) && matches(row);
}

/** Compiles the test of a task's numbers. */
export function compileScope(
  { pids, tids }: Pick<Filter, "pids" | "tids">,
): (pid: number, tid: number) => boolean {
  if (pids.length + tids.length === 0) return () => true;
  const [processes, threads] = [new Set(pids), new Set(tids)];
  return (pid, tid) => processes.has(pid) || threads.has(tid);
}

/** Compiles the test of a call's name. */
export function compileCalls(
  { syscalls, unknownSyscalls }: Pick<Filter, "syscalls" | "unknownSyscalls">,
): (name: string) => boolean {
  const selected = new Set(syscalls);
  return (name) => selected.has(name) || (unknownSyscalls && syscallByName(name) === undefined);
}

/** Fields of a call that has not returned. */
const RUNNING_FIELDS = ["pid", "tid", "comm", "syscall", "path"] as const;

/**
 * Compiles the clauses of a condition that are about what is known of a call that has not returned: the others may still come
 * to hold.
 */
export function compileRunning(
  condition: Expression | null,
): (call: Pick<RunningCall, typeof RUNNING_FIELDS[number]>) => boolean {
  const known = allOf(clausesOf(condition).filter((clause) => isAboutOnly(clause, RUNNING_FIELDS)));
  return known === null ? () => true : compileCondition(known);
}
