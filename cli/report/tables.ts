/** The tables of a report that `--sort` orders and `--top` cuts. */
import { exactDifference, exactSum } from "../../runtime/exact_integer.ts";
import type { Report, ReportCut, ReportGroups } from "../../runtime/report.ts";
import type { SortKey } from "./choices.ts";
import { directoryTree } from "./directories.ts";
import { groupLabels } from "./group_labels.ts";
import { type SortableRow, sortRows } from "./sort.ts";

/** Name of such a table in the document. */
export type TableKey = "commands" | "files" | "waiting" | "syscalls" | "families" | "errors_by" | "processes";

/** A row of such a table. */
export type TableRow<Key extends TableKey> = Report[Key][number];

/** The sort key of a row by name. */
const NAMES: { [Key in TableKey]: (row: TableRow<Key>) => string } = {
  commands: (row) => row.comm,
  files: (row) => row.path,
  waiting: (row) => `${row.kind} ${row.name}`,
  syscalls: (row) => row.syscall,
  families: (row) => row.family,
  errors_by: (row) => `${row.errno} ${row.syscall}`,
  // Padded, so that numbers sort as text.
  processes: (row) => `${row.comm} ${String(row.pid).padStart(10, "0")}`,
};

/** The tables. */
const TABLE_KEYS = Object.keys(NAMES) as TableKey[];

/**
 * The report with its tables in the order of `sort`, each with at most `top` rows (`null` for all). The rows cut are in
 * its `cut`, together with the files `leftOut` that come after those that are there.
 *
 * @throws {RangeError} when the report has been cut before: the sums and the order of its rows are not whole any more.
 */
export function arrangeTables(
  report: Report,
  top: number | null,
  sort: SortKey,
  leftOut: ReportCut | null = null,
): Report {
  const cut = Object.keys(report.cut);
  if (cut.length > 0) {
    throw new RangeError(
      `Cannot arrange the tables of a report: its ${cut[0]} are cut already, all rows are wanted`,
    );
  }
  const arranged = { ...report, cut: {} as Report["cut"] };
  for (const key of TABLE_KEYS) arrangeTable(arranged, key, top, sort, key === "files" ? leftOut : null);
  arrangeDirectories(arranged, top, sort);
  arranged.groups = report.groups.map((group) => arrangeGroup(arranged, group, top, sort));
  arranged.slowest = report.slowest.slice(0, top ?? undefined);
  const fewer = report.slowest.length - arranged.slowest.length;
  if (fewer > 0) arranged.cut.slowest = { rows: fewer, calls: fewer };
  return arranged;
}

/** Name in `cut` of a table of groups. */
export function groupCutName(by: readonly string[]): string {
  return `by ${by.join(",")}`;
}

/** Directories include their subdirectories, so only rows without a remaining ancestor are lost. */
function arrangeDirectories(report: Report, top: number | null, sort: SortKey): void {
  report.directories = sortRows(report.directories, sort, (row) => row.path);
  if (top === null || report.directories.length <= top) return;
  const { lines, calls, totalNs } = directoryTree(report.directories, top, sort);
  const kept = new Set(lines.map(({ row }) => row.path));
  const roots = report.directories.filter(({ depth }) => depth === 0);
  const cut = {
    rows: report.directories.length - kept.size,
    calls: roots.reduce((sum, row) => sum + row.calls, 0) - calls,
    total_ns: exactDifference(exactSum(roots.map((row) => row.total_ns)), totalNs),
  };
  report.cut.directories = cut;
  report.directories = report.directories.filter(({ path }) => kept.has(path));
}

function arrangeGroup(report: Report, group: ReportGroups, top: number | null, sort: SortKey): ReportGroups {
  const rows = sortRows(group.rows, sort, (row) => groupLabels(group.by, row).join("\0"));
  const cut = top === null ? [] : rows.slice(top);
  const key = groupCutName(group.by);
  if (cut.length > 0) report.cut[key] = cutOf(cut);
  return { ...group, rows: rows.slice(0, rows.length - cut.length) };
}

function arrangeTable<Key extends TableKey>(
  report: Report,
  key: Key,
  top: number | null,
  sort: SortKey,
  leftOut: ReportCut | null,
): void {
  const rows: TableRow<Key>[] = sortRows<TableRow<Key> & SortableRow>(report[key], sort, NAMES[key]);
  const kept = top === null ? rows.length : top;
  const table: Record<Key, TableRow<Key>[]> = report;
  table[key] = rows.slice(0, kept);
  const cuts = [rows.slice(kept)].filter(({ length }) => length > 0).map(cutOf);
  if (leftOut !== null) cuts.push(leftOut);
  if (cuts.length > 0) report.cut[key] = cuts.reduce(sumOf);
}

function sumOf(a: ReportCut, b: ReportCut): ReportCut {
  const [rows, calls] = [a.rows + b.rows, a.calls + b.calls];
  return { rows, calls, total_ns: exactSum([a.total_ns ?? 0, b.total_ns ?? 0]) };
}

/** What these rows held; with time only when rows of the table have it. */
function cutOf(rows: readonly SortableRow[]): ReportCut {
  const cut = { rows: rows.length, calls: rows.reduce((sum, row) => sum + row.calls, 0) };
  return rows[0].total_ns === undefined ? cut : {
    ...cut,
    total_ns: exactSum(rows.map((row) => row.total_ns ?? 0)),
  };
}
