/** The report as text for people. Pure: the document in, text out. */
import type { Report } from "../../runtime/report.ts";
import { listOf } from "../../runtime/units.ts";
import { renderAdvice } from "../advice/mod.ts";
import type { ColumnName, SortKey } from "../options/defaults.ts";
import { escapeText } from "../text/escape.ts";
import { formatCount, formatShare } from "../text/format.ts";
import { createPaint, type Paint } from "../text/style.ts";
import { type Column, renderTable } from "../text/table.ts";
import { directoryColumns, directoryTree } from "./directories.ts";
import { emptyReasons } from "./empty_text.ts";
import { groupColumns, groupTree } from "./groups.ts";
import { headerLines, intervalLine, wrapHeader, wrapWords } from "./header_text.ts";
import { overTime } from "./over_time.ts";
import { runningColumns, slowestColumns } from "./single_calls.ts";
import { tableColumns } from "./table_columns.ts";
import { arrangeTables, type TableKey } from "./tables.ts";

/** How a report looks. */
export interface ReportTextOptions {
  /** Columns of the terminal. From 80 on nothing wraps, as long as names of calls and commands are not unusual. */
  width: number;
  color: boolean;
  /** Only ASCII. */
  ascii: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  sort: SortKey;
  /** Columns of measures to show, `null` for those that fit. */
  columns?: readonly ColumnName[] | null;
  /** Whether to say what stands out; it does when left out. */
  advice?: boolean;
}

/** What the sections are made with. */
interface Looks extends Required<ReportTextOptions> {
  paint: Paint;
}

/** Columns below which a report is not made narrower: it would tell nothing, so a terminal that small wraps it. */
const MIN_WIDTH = 40;

/** What each table is called. */
const TITLES: { [Key in TableKey]: string } = {
  syscalls: "System calls",
  files: "Files",
  processes: "Processes",
  families: "Families",
  errors_by: "Errors",
};

/** How a table says what it is ordered by. */
const SORT_WORDS: Record<SortKey, string> = {
  time: "time",
  calls: "calls",
  errors: "errors",
  bytes: "bytes",
  mean: "mean latency",
  p50: "p50 latency",
  p90: "p90 latency",
  p99: "p99 latency",
  max: "longest latency",
  name: "name",
};

/** The whole report; ends with a line feed. Text that comes from outside is escaped. The report must not be cut. */
export function renderReport(report: Report, options: ReportTextOptions): string {
  const looks: Looks = {
    columns: null,
    advice: true,
    ...options,
    width: Math.max(MIN_WIDTH, options.width),
    paint: createPaint(options.color),
  };
  const lines = [
    ...renderHeader(report, looks),
    ...(report.calls === 0 ? renderEmpty(report, looks) : []),
    ...renderTables(report, looks),
    ...renderRunning(report, looks),
    ...renderOverTime(report, looks),
    ...(looks.advice ? renderAdvice(report, looks, looks.paint) : []),
  ];
  return lines.join("\n") + "\n";
}

function renderTables(report: Report, looks: Looks): string[] {
  const { top, sort } = looks;
  const arranged = arrangeTables(report, top, sort);
  const columns = tableColumns(arranged, looks);
  const table = <Key extends TableKey>(key: Key) => {
    const order = key === "errors_by" && sort !== "name" ? "calls" : SORT_WORDS[sort];
    const notes = [cutNote(arranged, key, looks), foldNote(report, key)];
    return renderSection(`${TITLES[key]}`, `by ${order}`, columns[key], arranged[key], notes, looks);
  };
  return [
    ...table("syscalls"),
    ...table("files"),
    ...renderDirectories(report, looks),
    ...table("processes"),
    ...table("families"),
    ...renderGroups(report, looks),
    ...table("errors_by"),
    ...renderSection("Slowest calls", "by latency", slowestColumns(looks), arranged.slowest, [], looks),
  ];
}

function renderHeader(report: Report, { width, ascii, paint }: Looks): string[] {
  if (report.interval !== undefined) {
    const [first, ...rest] = wrapWords(intervalLine(report, ascii), width, ascii);
    return [paint("heading", first), ...rest];
  }
  const { title, lines } = headerLines(report, ascii);
  return [
    ...wrapWords(title, width, ascii).map((line) => paint("heading", line)),
    ...wrapHeader(lines, width, ascii).map(({ label, text, tone }) =>
      paint("quiet", label) + paint(tone, text)
    ),
  ];
}

function renderEmpty(report: Report, { width, ascii, paint }: Looks): string[] {
  const reasons = report.interval !== undefined
    ? []
    : emptyReasons(report, ascii).flatMap((reason) =>
      wrapWords(escapeText(reason, { ascii }), width - 2, ascii).map((line, i) =>
        (i === 0 ? "- " : "  ") + line
      )
    );
  return ["", paint("heading", "No calls were counted."), ...reasons];
}

function renderDirectories(report: Report, looks: Looks): string[] {
  const { top, sort } = looks;
  const { lines, hidden, hiddenRoots } = directoryTree(report.directories, top, sort);
  const rows = lines.map((line) => ({ ...line.row, line }));
  const notes = [
    hidden === 0
      ? null
      : `${ellipsis(looks)} ${formatCount(hidden)} more ${hidden === 1 ? "directory" : "directories"}, ` +
        (hiddenRoots.length === 0
          ? "all within these"
          : `with ${formatShare(callsOf(hiddenRoots), report.calls)} of the calls in none of these`),
    (report.folded.directories ?? 0) > 0
      ? `${formatCount(report.folded.directories)} directories are counted only for those they are in: ` +
        "there were more than are kept apart"
      : null,
  ];
  const words = `by ${SORT_WORDS[sort]}, with all that is below them`;
  return renderSection("Directories", words, directoryColumns(report, looks), rows, notes, looks);
}

function renderGroups(report: Report, looks: Looks): string[] {
  const { top, sort } = looks;
  return report.groups.flatMap((group) => {
    const { lines, hidden } = groupTree(group, top, sort);
    const rows = lines.map((line) => ({ ...line.row, line }));
    const notes = [
      hidden === 0 ? null : `${ellipsis(looks)} ${formatCount(hidden)} more ${hidden === 1 ? "row" : "rows"}`,
      foldedText(group.folded),
    ];
    const columns = groupColumns(report, group, lines, looks);
    const words = `in the order of ${SORT_WORDS[sort]}`;
    return renderSection(`By ${listOf(group.by, "and")}`, words, columns, rows, notes, looks);
  });
}

function callsOf(rows: readonly { calls: number }[]): number {
  return rows.reduce((sum, { calls }) => sum + calls, 0);
}

function renderRunning(report: Report, looks: Looks): string[] {
  const rows = report.running.slice(0, looks.top ?? undefined);
  const more = report.running.length - rows.length;
  const notes = [more === 0 ? null : `${ellipsis(looks)} ${formatCount(more)} more, none of them older`];
  return renderSection("Still running", "when the trace ended", runningColumns(looks), rows, notes, looks);
}

function renderOverTime(report: Report, { width, ascii, paint }: Looks): string[] {
  const plot = overTime(report, width, ascii);
  if (plot === null) return [];
  return ["", `${paint("heading", "Over time")} ${paint("quiet", plot.note)}`, ...plot.lines];
}

function renderSection<Row>(
  title: string,
  words: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  notes: readonly (string | null)[],
  { width, ascii, paint }: Looks,
): string[] {
  if (rows.length === 0) return [];
  return [
    "",
    `${paint("heading", title)} ${paint("quiet", words)}`,
    ...renderTable(columns, rows, width, paint),
    ...notes.filter((note) => note !== null).flatMap((note) => wrapWords(note, width, ascii))
      .map((line) => paint("quiet", line)),
  ];
}

/** What `--top` hides of a table, `null` for nothing. */
function cutNote({ cut, calls, errors, total_ns }: Report, key: TableKey, looks: Looks): string | null {
  const hidden = cut[key];
  if (hidden === undefined) return null;
  const rows = `${ellipsis(looks)} ${formatCount(hidden.rows)} more ${hidden.rows === 1 ? "row" : "rows"}`;
  if (hidden.total_ns === undefined) {
    return `${rows}: ${formatShare(hidden.calls, errors)} of the failed calls`;
  }
  return `${rows}: ${formatShare(hidden.total_ns, total_ns)} of the time, ` +
    `${formatShare(hidden.calls, calls)} of the calls`;
}

/** What a limit on memory folded, `null` for nothing. */
function foldNote({ folded }: Report, key: TableKey): string | null {
  return foldedText(folded[key] ?? 0);
}

function foldedText(rows: number): string | null {
  return rows === 0
    ? null
    : `(other) sums up the ${formatCount(rows)} least important rows: there were more than are kept apart`;
}

function ellipsis({ ascii }: Looks): string {
  return ascii ? "..." : "…";
}
