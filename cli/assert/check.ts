/** Checks assertions against a report. */
import { IorError } from "../../runtime/errors.ts";
import { isUnknownName } from "../../runtime/event_batch.ts";
import type { Report } from "../../runtime/report.ts";
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import { bucketOfRank, middleOf, quantileRank } from "../../runtime/quantile.ts";
import { COMPARE, type NumberOperator } from "../../runtime/expression/mod.ts";
import { OTHER_NAME } from "../../runtime/stats.ts";
import { compileConditions } from "./conditions.ts";
import { answeringTable, type Row } from "./groups.ts";
import { ownKeys, sourceOf, tableNeeded } from "./source.ts";
import { type Assertion, type AssertionResult, type Measure, MEASURES, type Subject } from "./types.ts";

/** A value, exact or between two bounds; `null` is no value, `doubt` is the reason why it is not exact. */
export interface Found {
  low: ExactInteger | null;
  high: ExactInteger | null;
  doubt: string | null;
}

/**
 * Checks each assertion against `report`, whose tables that they need must not be cut (`--top`).
 *
 * Without calls there is no latency: then `<` and `<=` hold, because nothing took longer, and other comparisons fail. Calls
 * that a limit on memory folded into `(other)`, or that are on `[unknown]`, may belong to any row: an assertion must hold with
 * and without them.
 *
 * Throws an {@linkcode IorError} of code `usage` when the report lacks a table that `--by` would have added.
 */
export function checkAssertions(report: Report, assertions: readonly Assertion[]): AssertionResult[] {
  return assertions.map((assertion) => {
    const { low, high, doubt } = findValue(report, assertion);
    const { comparison, bound, text, measure } = assertion;
    const known = doubt === null || low !== null;
    const holds = known && compareBounds(low, high, comparison, bound);
    return { text, measure, found: low === high ? low : null, holds, doubt };
  });
}

/**
 * The number that a report has for a subject; `byBothFiles` see {@linkcode answeringTable}. Throws as
 * {@linkcode checkAssertions} does.
 */
export function findValue(report: Report, subject: Subject, byBothFiles = true): Found {
  const matches = compileConditions(subject.conditions);
  const all = rowsOf(report, subject, byBothFiles).map((row) => namesFor(row, subject));
  const others = all.filter((row) => isOther(row) || (isUnknown(row) && mayMatch(row, subject)));
  const rows = all.filter((row) => !isOther(row) && !isUnknown(row) && matches(row));
  const { measure } = subject;
  const doubt = others.some(isOther) ? FOLDED : UNNAMED;
  if (measure === "mean" || measure === "p50" || measure === "p90" || measure === "p99") {
    const value = latencyOf(rows, measure);
    if (others.length > 0) return { low: null, high: null, doubt };
    return value === undefined
      ? {
        low: null,
        high: null,
        doubt: `${rows.length} rows match, whose ${measure} cannot be combined`,
      }
      : { low: value, high: value, doubt: null };
  }
  const extra = EXTRAS[measure];
  if (extra !== undefined && all.length > 0 && all.every((row) => row[extra] === undefined)) {
    return { low: null, high: null, doubt: `the trace did not ask for ${measure}` };
  }
  const low = sumOf(rows, measure);
  const unknown = unknownPart([...rows, ...others], measure);
  if (others.length === 0 && unknown === 0n) return { low, high: low, doubt: null };
  const high = sumOf([...rows, ...others], measure);
  return {
    low: low ?? 0,
    high: high === null ? null : unknown === null ? Infinity : exact(BigInt(high) + unknown),
    doubt: others.length > 0 ? doubt : UNKNOWN_PARTS,
  };
}

/** Where a report has what only some traces know. */
const EXTRAS: Partial<Record<Measure, "iowait_ns" | "blocked_ns" | "runqueue_ns" | "fetched_bytes">> = {
  iowait: "iowait_ns",
  blocked: "blocked_ns",
  runqueue: "runqueue_ns",
  fetched: "fetched_bytes",
};

/** What may be part of a measure, or not: `null` when that has no bound, as more may be fetched than is read. */
function unknownPart(rows: readonly Row[], measure: Measure): bigint | null {
  if (measure === "fetched") return rows.some((row) => row.fetch_unknown_bytes !== undefined) ? null : 0n;
  if (measure !== "iowait" && measure !== "blocked" && measure !== "runqueue") return 0n;
  return rows.reduce((sum, { parts_unknown_ns = 0 }) => sum + BigInt(parts_unknown_ns), 0n);
}

const UNKNOWN_PARTS = "some of these calls, as requests to io_uring, have no such value";

const FOLDED = "a limit on memory was reached, and (other) may hold some of these calls";

const UNNAMED = "the buffer had no room for all names, and [unknown] may hold some of these calls";

/** Bytes belong to one file of two: those that a copy reads to its source, those that it writes to its destination. */
function namesFor(row: Row, { measure }: Subject): Row {
  return MEASURES[measure].unit === "bytes" ? { ...row, old_path: null } : row;
}

function isOther({ path, comm }: Row): boolean {
  return path === OTHER_NAME || comm === OTHER_NAME;
}

function isUnknown({ path, old_path, comm }: Row): boolean {
  return [path, old_path, comm].some((name) => isUnknownName(name ?? ""));
}

/** Whether what is known of a row is as the conditions say. */
function mayMatch(row: Row, { conditions }: Subject): boolean {
  const path = ![row.path, row.old_path].some((name) => isUnknownName(name ?? ""));
  const process = !isUnknownName(row.comm ?? "");
  const isKnown = {
    ...{ path, process, pid: process },
    ...{ syscall: true, family: true, errno: true },
  };
  return compileConditions(conditions.filter(({ field }) => isKnown[field]))(row);
}

/** The rows of the table that answers. */
function rowsOf(report: Report, subject: Subject, byBothFiles: boolean): readonly Row[] {
  const table = answeringTable(report, sourceOf(subject), byBothFiles);
  if (table === null) {
    throw new IorError("usage", `Cannot check \`${subject.text}\`: the report has no table of its calls`, {
      hint: `Add --by ${ownKeys(tableNeeded(subject)!).join(",")}`,
    });
  }
  if (report.cut[table.cutName] !== undefined) {
    throw new RangeError(`Cannot check assertions: the table ${table.cutName} is cut, it must be whole`);
  }
  return table.rows;
}

/** Sums of rows, and their largest value. `null` for no value. */
function sumOf(
  rows: readonly Row[],
  measure: Exclude<Measure, "mean" | "p50" | "p90" | "p99">,
): ExactInteger | null {
  const sum = (value: (row: Row) => ExactInteger) =>
    exact(rows.reduce((sum, row) => sum + BigInt(value(row)), 0n));
  switch (measure) {
    case "calls":
      return sum((row) => row.calls);
    case "errors":
      // A row of the table of errors counts failed calls only.
      return sum((row) => row.errors ?? row.calls);
    case "bytes":
      return sum((row) => BigInt(row.read_bytes ?? 0) + BigInt(row.write_bytes ?? 0));
    case "read_bytes":
      return sum((row) => row.read_bytes ?? 0);
    case "write_bytes":
      return sum((row) => row.write_bytes ?? 0);
    case "total":
      return sum((row) => row.total_ns ?? 0);
    case "max":
      return largest(rows);
    case "iowait":
    case "blocked":
    case "runqueue":
    case "fetched":
      return sum((row) => row[EXTRAS[measure]!] ?? 0);
  }
}

function largest(rows: readonly Row[]): number | null {
  return rows.reduce<number | null>(
    (most, { max_ns }) => max_ns == null ? most : Math.max(most ?? 0, max_ns),
    null,
  );
}

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/** A statistic of the latencies of all rows together, `undefined` when it cannot be computed. */
function latencyOf(
  rows: readonly Row[],
  measure: "mean" | keyof typeof QUANTILES,
): number | null | undefined {
  const returned = rows.filter(({ max_ns }) => max_ns != null);
  if (returned.length === 0) return null;
  if (returned.length === 1) return returned[0][`${measure}_ns`];
  const buckets = returned.flatMap(({ latency }) => latency?.buckets ?? []);
  if (returned.some(({ latency }) => latency === undefined)) return undefined;
  const count = buckets.reduce((sum, [, , count]) => sum + count, 0);
  if (measure === "mean") return Math.round(Number(sumOf(returned, "total")) / count);
  return quantile(buckets, count, QUANTILES[measure], largest(returned)!);
}

/** As in every table of the report: the middle of the bucket, never above the largest value. */
function quantile(buckets: [number, number, number][], count: number, q: number, max: number): number {
  const rank = quantileRank(count, q);
  if (rank === count) return max;
  const sorted = buckets.toSorted(([a], [b]) => a - b);
  const [low, high] = sorted[bucketOfRank(sorted.map(([, , calls]) => calls), rank)];
  return Math.min(middleOf(low, high), max);
}

/** Whether the comparison holds for every value from `low` to `high`. */
function compareBounds(
  low: ExactInteger | null,
  high: ExactInteger | null,
  comparison: NumberOperator,
  bound: number,
): boolean {
  if (low === null || high === null) return comparison === "<" || comparison === "<=";
  if (comparison === "!=") return low > bound || high < bound;
  return COMPARE[comparison](low, bound) && COMPARE[comparison](high, bound);
}

function exact(value: bigint): ExactInteger {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}
