/** The tables of a report, as far as assertions use them. */
import type { Report, ReportHistogram, ReportMeasures } from "../../runtime/report.ts";
import { type GroupKey, OTHER_NAME } from "../../runtime/stats.ts";
import { groupCutName } from "../report/tables.ts";
import type { RowNames } from "./conditions.ts";
import { ownKeys, type Source } from "./source.ts";

/** A row of any table: its measures, and its names (`syscall`, `path`, `pid` and `comm`, `errno`). */
export interface Row extends Partial<ReportMeasures>, RowNames {
  calls: number;
  latency?: ReportHistogram;
}

/** A table of calls by some keys. */
export interface GroupTable {
  by: readonly string[];
  rows: readonly Row[];
  /** Rows folded by a limit, `null` or left out when it was not reached. */
  other?: ReportMeasures | null;
}

/** A table that answers, the folded rows of one of `--by` as a row named `(other)`, and its name in `cut`. */
export interface AnsweringTable {
  rows: readonly Row[];
  cutName: string;
}

/** Whether a report has the very table that answers; a document may have been made without it. */
export function hasTable(report: Report, source: Source): boolean {
  return source.table !== "groups" || groupOf(report, source.by) !== undefined;
}

/**
 * The table of a report that answers; `null` when it has none. Without `byBothFiles` a call with two files counts for one of
 * them, as in a document that was not made for the question.
 */
export function answeringTable(report: Report, source: Source, byBothFiles: boolean): AnsweringTable | null {
  if (source.table !== "groups") return { rows: report[source.table], cutName: source.table };
  const byBoth = groupOf(report, source.by);
  if (byBoth !== undefined && byBothFiles) return tableOf(byBoth);
  const own = ownKeys(source.by);
  if (own.join() === "file") return { rows: report.files, cutName: "files" };
  const table = groupOf(report, own) ?? byBoth;
  if (table === undefined) return null;
  const { rows, cutName } = tableOf(table);
  return { rows: rows.map((row) => ({ ...row, old_path: null })), cutName };
}

function tableOf({ by, rows, other }: GroupTable): AnsweringTable {
  return {
    rows: other ? [...rows, { ...other, path: OTHER_NAME }] : rows,
    cutName: groupCutName(by),
  };
}

/** The table with these keys in any order. */
function groupOf(report: Report, keys: readonly GroupKey[]): GroupTable | undefined {
  const { groups = [] }: Report & { groups?: readonly GroupTable[] } = report;
  const wanted = keys.toSorted().join();
  return groups.find(({ by }) => by.toSorted().join() === wanted);
}
