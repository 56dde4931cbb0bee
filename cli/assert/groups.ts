/** The tables of `--by` in a report, as far as assertions use them. */
import type { Report, ReportHistogram, ReportMeasures } from "../../runtime/report.ts";
import { type GroupKey, OTHER_NAME } from "../../runtime/stats.ts";
import type { RowNames } from "./conditions.ts";

/** A row: its measures, and its names as the other tables have them (`syscall`, `path`, `pid` and `comm`, `errno`). */
export type GroupTableRow = ReportMeasures & RowNames & { latency?: ReportHistogram };

/** A table of calls by some keys. */
export interface GroupTable {
  by: readonly string[];
  rows: readonly GroupTableRow[];
  /** Rows folded by a limit, `null` or left out when it was not reached. */
  other?: ReportMeasures | null;
}

/**
 * The rows of the table with these keys in any order, with the folded ones as a row named `(other)`; `null` when the report
 * has no such table.
 */
export function groupRows(report: Report, keys: readonly GroupKey[]): GroupTableRow[] | null {
  const { groups = [] }: Report & { groups?: readonly GroupTable[] } = report;
  const wanted = keys.toSorted().join();
  const table = groups.find(({ by }) => by.toSorted().join() === wanted);
  if (table === undefined) return null;
  return table.other ? [...table.rows, { ...table.other, path: OTHER_NAME }] : [...table.rows];
}
