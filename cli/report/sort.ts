/** The order of a report's rows. */
import { exactDifference, type ExactInteger } from "../../runtime/exact_integer.ts";
import { CALL_EXTRAS, type CallExtra, FIELDS_OF_EXTRAS } from "../../runtime/expression/mod.ts";
import type { SortKey } from "./choices.ts";

/** Fields of a table row that sorting uses; a table may lack some. */
export interface SortableRow {
  calls: number;
  errors?: number;
  read_bytes?: ExactInteger;
  write_bytes?: ExactInteger;
  total_ns?: ExactInteger;
  waiting_ns?: ExactInteger;
  mean_ns?: number | null;
  p50_ns?: number | null;
  p90_ns?: number | null;
  p99_ns?: number | null;
  max_ns?: number | null;
  iowait_ns?: ExactInteger;
  blocked_ns?: ExactInteger;
  runqueue_ns?: ExactInteger;
  fetched_bytes?: ExactInteger;
}

/** Keys that are numbers. */
type NumberKey = Exclude<SortKey, "name">;

/** The part of a row's time that was not spent waiting: rows are ranked by it. */
export function busyNs({ total_ns = 0, waiting_ns = 0 }: SortableRow): ExactInteger {
  return exactDifference(total_ns, waiting_ns);
}

/** The sort value: `null` when the row has none, `undefined` when its table has no such field. */
const VALUES: Record<NumberKey, (row: SortableRow) => ExactInteger | null | undefined> = {
  time: (row) => row.total_ns === undefined ? undefined : busyNs(row),
  calls: (row) => row.calls,
  errors: (row) => row.errors,
  bytes: (row) =>
    row.read_bytes === undefined ? undefined : BigInt(row.read_bytes) + BigInt(row.write_bytes ?? 0),
  read: (row) => row.read_bytes,
  written: (row) => row.write_bytes,
  mean: (row) => row.mean_ns,
  p50: (row) => row.p50_ns,
  p90: (row) => row.p90_ns,
  p99: (row) => row.p99_ns,
  max: (row) => row.max_ns,
  iowait: (row) => row.iowait_ns,
  blocked: (row) => row.blocked_ns,
  runqueue: (row) => row.runqueue_ns,
  fetched: (row) => row.fetched_bytes,
};

/** What a trace must be asked for so that its calls have a value of `key`, and of none of these was; `null` for nothing. */
export function extraMissing(report: SortableRow, key: SortKey): CallExtra | null {
  if (report.calls === 0 || key === "name" || VALUES[key](report) !== undefined) return null;
  const extras: readonly (readonly [CallExtra, readonly string[]])[] = CALL_EXTRAS.map((
    extra,
  ) => [extra, FIELDS_OF_EXTRAS[extra]]);
  return extras.find(([, fields]) => fields.includes(key))?.[0] ?? null;
}

/**
 * The order of rows by `key`: largest first, or by name from A to Z. A row without a value comes last, and a table
 * without the field is sorted by its calls. Time excludes waiting. Equal rows are ordered by time, then by time spent waiting, then
 * calls, then name, so that equal runs give equal reports.
 */
export function rowOrder<Row extends SortableRow>(
  key: SortKey,
  nameOf: (row: Row) => string,
): (a: Row, b: Row) => number {
  const byName = (a: Row, b: Row) => compare(nameOf(a), nameOf(b));
  if (key === "name") return (a, b) => byName(a, b) || byValue("time", a, b);
  return (a, b) =>
    byValue(key, a, b) || byValue("time", a, b) || compare(b.total_ns ?? 0, a.total_ns ?? 0) ||
    byValue("calls", a, b) || byName(a, b);
}

/** The rows in the order of {@linkcode rowOrder}. */
export function sortRows<Row extends SortableRow>(
  rows: readonly Row[],
  key: SortKey,
  nameOf: (row: Row) => string,
): Row[] {
  return rows.toSorted(rowOrder(key, nameOf));
}

function byValue(key: NumberKey, a: SortableRow, b: SortableRow): number {
  return compare(valueOf(key, b), valueOf(key, a));
}

function valueOf(key: NumberKey, row: SortableRow): ExactInteger {
  const value = VALUES[key](row);
  return value === undefined ? row.calls : value ?? -1;
}

/** JavaScript compares numbers and bigints with each other exactly. */
function compare<Value extends ExactInteger | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
