/** Checks conditions on a change against two reports. */
import type { Report } from "../../runtime/report.ts";
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import { IorError } from "../../runtime/errors.ts";
import { COMPARE } from "../../runtime/expression/mod.ts";
import {
  answeringTable,
  compileConditions,
  findValue,
  hasTable,
  type Measure,
  sourceOf,
  type Subject,
} from "../assert/mod.ts";
import { sumOfRows } from "../report/measures.ts";
import type { ComparedMeasure, Verdict } from "./comparison.ts";
import type { FailOnResult } from "./comparison.ts";
import type { ChangeBound, FailOn } from "./fail_on.ts";
import { judgeChange } from "./noise.ts";

/**
 * Checks each condition against the change from `before` to `after`. Growth from 0 exceeds every multiple; 0 on both sides
 * is no change. When neither run has such a call, no latency changed, and the condition does not hold. When only one has
 * none, or a limit on memory folded the rows in question, the result is unknown, and `doubt` is the reason.
 *
 * Only the numbers decide; whether the change exceeds the noise is reported beside them.
 *
 * Throws an {@linkcode IorError} of code `usage` when a report lacks a table that `--by` would have added, or was cut.
 */
export function checkFailOn(before: Report, after: Report, conditions: readonly FailOn[]): FailOnResult[] {
  return conditions.map((condition) => {
    const { text, subject, comparison, bound } = condition;
    const [first, second] = [["the first", before], ["the second", after]] as const satisfies [
      string,
      Report,
    ][];
    const byBothFiles = [before, after].every((report) => hasTable(report, sourceOf(subject)));
    const results = [first, second].map(([name, report]) => valueIn(name, report, subject, byBothFiles));
    const [one, other] = results.map(({ found }) => found);
    const doubt = results.find(({ doubt }) => doubt !== null)?.doubt ?? missing(one, other);
    const holds = one !== null && other !== null && COMPARE[comparison](...scaled(one, other, bound));
    const verdict = verdictOf(before, after, subject);
    return { text, measure: subject.measure, before: one, after: other, holds, verdict, doubt };
  });
}

/** The number in a report; `null` when there is none or it is unknown. */
function valueIn(name: string, report: Report, subject: Subject, byBothFiles: boolean) {
  const table = answeringTable(report, sourceOf(subject), byBothFiles);
  if (table !== null && report.cut[table.cutName] !== undefined) {
    throw new IorError("usage", `Cannot check \`${subject.text}\`: ${name} report was cut by --top`, {
      hint: "Write it with --json and without --top",
    });
  }
  const { low, high, doubt } = findValue(report, subject, byBothFiles);
  return { found: low === high ? low : null, doubt };
}

function missing(before: ExactInteger | null, after: ExactInteger | null): string | null {
  if ((before === null) === (after === null)) return null;
  return `no such call returned ${before === null ? "before" : "after"}`;
}

/** Both sides of the comparison as whole numbers. */
function scaled(before: ExactInteger, after: ExactInteger, bound: ChangeBound): [bigint, bigint] {
  const [first, second] = [BigInt(before), BigInt(after)];
  if (bound.kind === "amount") return [second - first, BigInt(bound.amount)];
  const { numerator, denominator } = bound;
  return first === 0n && second === 0n ? [denominator, numerator] : [second * denominator, first * numerator];
}

/** Name of each measure in a report; `null` for a sum of two, and for what only some reports have. */
const NAMES: Record<Measure, ComparedMeasure | null> = {
  calls: "calls",
  errors: "errors",
  bytes: null,
  read_bytes: "read_bytes",
  write_bytes: "write_bytes",
  total: "total_ns",
  mean: "mean_ns",
  p50: "p50_ns",
  p90: "p90_ns",
  p99: "p99_ns",
  max: "max_ns",
  iowait: null,
  blocked: null,
  runqueue: null,
  fetched: null,
};

/** The verdict on the calls that a condition selects, if the table of calls has them. */
function verdictOf(before: Report, after: Report, subject: Subject): Verdict {
  const name = NAMES[subject.measure];
  if (sourceOf(subject).table !== "syscalls" || name === null) return "unknown";
  const matches = compileConditions(subject.conditions);
  const [first, second] = [before, after].map(({ syscalls }) => sumOfRows(syscalls.filter(matches)));
  return judgeChange(name, first, second);
}
