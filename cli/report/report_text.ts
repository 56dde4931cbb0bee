/** The report as text for people. Pure: the document in, text out. */
import { exactDifference } from "../../runtime/exact_integer.ts";
import { type Report, type ReportCut, wallNs } from "../../runtime/report.ts";
import type { LeftOut } from "../../runtime/stats.ts";
import { listOf } from "../../runtime/units.ts";
import { renderAdvice } from "../advice/mod.ts";
import { type ColumnName, type SortKey, TABLE_NAMES, type TableName } from "./choices.ts";
import { escapeMessage, escapeText } from "../text/escape.ts";
import { formatCount, formatShare } from "../text/format.ts";
import { createPaint, type Paint } from "../text/style.ts";
import { type Column, renderTable } from "../text/table.ts";
import { wrapWords } from "../text/wrap.ts";
import { directoryColumns, directoryTree } from "./directories.ts";
import { emptyReasons } from "./empty_text.ts";
import { groupColumns, groupTree } from "./groups.ts";
import { headerLines, intervalTitle, wrapHeader } from "./header_text.ts";
import { mappedColumns, mappedOrder, sortMapped } from "./mapped_text.ts";
import { onFiles, rowsOnFiles } from "./on_files.ts";
import { overTime } from "./over_time.ts";
import { runningColumns, slowestColumns } from "./single_calls.ts";
import { busyNs } from "./sort.ts";
import { tableColumns } from "./table_columns.ts";
import { arrangeTables, type TableKey } from "./tables.ts";

/** How a report looks. */
export interface ReportTextOptions {
  /** Columns of the terminal. From 80 on nothing wraps, unless names of calls and commands are unusually long. */
  width: number;
  color: boolean;
  /** Only ASCII. */
  ascii: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  sort: SortKey;
  /** Columns of measures to show, `null` for those that fit. */
  columns?: readonly ColumnName[] | null;
  /** Whether to show "What stands out"; default true. */
  advice?: boolean;
  /** Whether no text is shortened or wrapped, however long that makes lines: for a file or a pipe. */
  whole?: boolean;
  /** Whether it is made while the trace goes on; default false. */
  interim?: boolean;
  /** Sections to show, in this order, `null` for those with content. */
  tables?: readonly TableName[] | null;
  /** What the statistics left out because this text does not show it, see cli/report/needs.ts. */
  leftOut?: LeftOut;
}

/** Options of the sections. */
interface Looks extends Required<ReportTextOptions> {
  paint: Paint;
  /** Width at which sentences wrap. */
  wrapAt: number;
}

/** Minimum width of a report: narrower it would be useless, so a smaller terminal wraps it. */
const MIN_WIDTH = 40;

/** What each table is called. */
const TITLES: { [Key in TableKey]: string } = {
  syscalls: "System calls",
  files: "Files",
  commands: "Processes",
  waiting: "Waiting",
  processes: "Processes",
  families: "Families",
  errors_by: "Errors",
};

/** The order of a table, for its heading. */
const SORT_WORDS: Record<SortKey, string> = {
  time: "time",
  calls: "calls",
  errors: "errors",
  bytes: "bytes",
  read: "bytes read",
  written: "bytes written",
  mean: "mean latency",
  p50: "p50 latency",
  p90: "p90 latency",
  p99: "p99 latency",
  max: "longest latency",
  iowait: "time waiting for I/O",
  blocked: "time blocked",
  runqueue: "time waiting for a processor",
  fetched: "bytes fetched",
  name: "name",
};

/** A run as long as this is worth a plot over time, nanoseconds. */
const PLOT_MIN_NS = 1e9;

/**
 * The whole report; ends with a line feed. Traced text is escaped.
 *
 * @throws {RangeError} when the report is cut: shares and order need all rows.
 */
export function renderReport(report: Report, options: ReportTextOptions): string {
  const width = Math.max(MIN_WIDTH, options.width);
  const looks: Looks = {
    columns: null,
    advice: true,
    whole: false,
    interim: false,
    tables: null,
    leftOut: {},
    ...options,
    width,
    wrapAt: options.whole ? Infinity : width,
    paint: createPaint(options.color),
  };
  const sections = sectionsOf(report, looks);
  const names = looks.tables ??
    (looks.advice ? TABLE_NAMES : TABLE_NAMES.filter((name) => name !== "advice"));
  const lines = [
    ...renderHeader(report, looks),
    ...(report.calls === 0 ? renderEmpty(report, looks) : []),
    ...(looks.tables === null && looks.advice ? sections.advice() : []),
    ...renderGroups(report, looks),
    ...names.filter((name) => looks.tables !== null || name !== "advice").flatMap((name) => sections[name]()),
  ];
  return lines.join("\n") + "\n";
}

/** The sections of a report, each with its title and an empty line before it; no lines when it has no content. */
function sectionsOf(report: Report, looks: Looks): Record<TableName, () => string[]> {
  const { top, sort, tables, leftOut } = looks;
  const view = onFiles(report);
  const leftFiles = leftOut.files === undefined ? null : leftOutFiles(report, leftOut.files);
  const arranged = arrangeTables(view, top, sort, leftFiles);
  const columns = tableColumns(arranged, looks);
  // A single row only repeats the header, unless it was requested.
  const least = tables === null ? 2 : 1;
  const table = <Key extends TableKey>(key: Key) => () => {
    if (arranged[key].length + (arranged.cut[key]?.rows ?? 0) < least) return [];
    const order = key === "errors_by" && sort !== "name" ? "calls" : SORT_WORDS[sort];
    const notes = [cutNote(arranged, key, looks), foldNote(report, key)];
    return renderSection(TITLES[key], `by ${order}`, columns[key], arranged[key], notes, looks);
  };
  return {
    advice: () => renderAdvice(report, looks, looks.paint),
    processes: table("commands"),
    files: table("files"),
    mapped: () => renderMapped(report, looks),
    waiting: table("waiting"),
    directories: () => renderDirectories(view, looks, least),
    syscalls: table("syscalls"),
    families: tables === null ? () => [] : table("families"),
    errors: table("errors_by"),
    slowest: () =>
      report.slowest.length < least ? [] : renderSection(
        "Slowest calls",
        "by latency",
        slowestColumns(looks),
        arranged.slowest,
        [missingNote(report)],
        looks,
      ),
    running: () => renderRunning(report, looks),
    time: () => tables === null && wallNs(report) < PLOT_MIN_NS ? [] : renderOverTime(report, looks),
  };
}

/** What is left out of the files, with the time that the other rows have, see cli/report/on_files.ts. */
function leftOutFiles(
  report: Report,
  { rows, calls, totalNs, waitingNs }: Required<LeftOut>["files"],
): ReportCut {
  return { rows, calls, total_ns: busyNs(report) == 0 ? totalNs : exactDifference(totalNs, waitingNs) };
}

/** Says that slower calls may be missing, `null` when none is. */
function missingNote({ slowest_missing: missing }: Report): string | null {
  if (missing === undefined) return null;
  return `up to ${formatCount(missing)} slow calls are missing: they were added up while the buffer was busy`;
}

function renderHeader(report: Report, { wrapAt: width, ascii, paint, interim }: Looks): string[] {
  if (report.interval !== undefined) {
    const [first, ...rest] = wrapWords(intervalTitle(report, ascii), width, ascii);
    return [paint("heading", first), ...rest];
  }
  const { title, lines } = headerLines(report, ascii, interim);
  return [
    ...wrapWords(title, width, ascii).map((line) => paint("heading", line)),
    ...wrapHeader(lines, width, ascii).map(({ label, text, tone }) =>
      paint("quiet", label) + paint(tone, text)
    ),
  ];
}

function renderEmpty(report: Report, { wrapAt: width, ascii, paint }: Looks): string[] {
  const reasons = report.interval !== undefined
    ? []
    : emptyReasons(report, ascii).flatMap((reason) =>
      wrapWords(escapeMessage(reason, { ascii }), width - 2, ascii).map((line, i) =>
        (i === 0 ? "- " : "  ") + line
      )
    );
  return ["", paint("heading", "No calls were counted."), ...reasons];
}

function renderDirectories(report: Report, looks: Looks, least: number): string[] {
  const { top, sort, leftOut } = looks;
  const { lines, calls, totalNs, ...tree } = directoryTree(report.directories, top, sort);
  const hidden = tree.hidden + (leftOut.directories ?? 0);
  if (lines.length < least) return [];
  const rows = lines.map((line) => ({ ...line.row, line }));
  const roots = report.directories.filter(({ depth, path }) => depth === 0 && path.startsWith("/"));
  const allCalls = roots.reduce((sum, row) => sum + row.calls, 0);
  const allNs = roots.reduce((sum, row) => sum + Number(row.total_ns), 0);
  const missed = missedText([allNs - totalNs, allNs], [allCalls - calls, allCalls]);
  const notes = [
    hidden === 0
      ? null
      : `${ellipsis(looks)} ${formatCount(hidden)} more ${
        hidden === 1 ? "directory" : "directories"
      }${missed}`,
    (report.folded.directories ?? 0) > 0
      ? `${formatCount(report.folded.directories)} directories are counted only in their parents: ` +
        "a limit on memory was reached"
      : null,
  ];
  const words = `by ${SORT_WORDS[sort]}, including subdirectories`;
  return renderSection("Directories", words, directoryColumns(report, looks), rows, notes, looks);
}

/** What the rows shown of a tree do not include, of all time and calls; empty when they include all calls. */
function missedText(
  [ns, allNs]: [part: number, whole: number],
  [calls, allCalls]: [part: number, whole: number],
): string {
  if (calls <= 0) return "";
  return `: those shown miss ${formatShare(ns, allNs)} of the time, ${
    formatShare(calls, allCalls)
  } of the calls`;
}

function renderGroups(report: Report, looks: Looks): string[] {
  const { top, sort } = looks;
  const view = onFiles(report);
  return report.groups.flatMap((group) => {
    const { lines, hidden, hiddenRoots } = groupTree(group, top, sort);
    const rows = rowsOnFiles(report, lines.map((line) => ({ ...line.row, line })));
    const missed = rowsOnFiles(report, hiddenRoots);
    const notes = [
      hidden === 0
        ? null
        : `${ellipsis(looks)} ${formatCount(hidden)} more ${hidden === 1 ? "row" : "rows"}${
          missedText(
            [missed.reduce((sum, row) => sum + Number(row.total_ns), 0), Number(view.total_ns)],
            [missed.reduce((sum, row) => sum + row.calls, 0), report.calls],
          )
        }`,
      foldedText(group.folded),
    ];
    const columns = groupColumns(view, group, rows, looks);
    const words = `by ${SORT_WORDS[sort]}`;
    return renderSection(`By ${escapeText(listOf(group.by, "and"))},`, words, columns, rows, notes, looks);
  });
}

function renderMapped({ mapped_io }: Report, looks: Looks): string[] {
  const { top, sort } = looks;
  const all = sortMapped(mapped_io?.files ?? [], sort);
  const more = all.slice(top ?? all.length);
  const bytes = more.reduce((sum, row) => sum + row.mapped_bytes, 0);
  const notes = [
    more.length === 0
      ? null
      : `${ellipsis(looks)} ${formatCount(more.length)} more ${more.length === 1 ? "row" : "rows"}: ${
        formatShare(bytes, mapped_io?.mapped_bytes ?? 0)
      } of the bytes`,
  ];
  const rows = all.slice(0, top ?? undefined);
  return renderSection("Mapped files", mappedOrder(sort), mappedColumns(looks), rows, notes, looks);
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
  { width, wrapAt, ascii, whole, paint }: Looks,
): string[] {
  if (rows.length === 0) return [];
  const telling = columns.filter((column) => !isAllZero(column, rows));
  return [
    "",
    `${paint("heading", title)} ${paint("quiet", words)}`,
    ...renderTable(telling, rows, width, paint, whole),
    ...notes.filter((note) => note !== null).flatMap((note) => wrapWords(note, wrapAt, ascii))
      .map((line) => paint("quiet", line)),
  ];
}

/** True for numbers that are 0 or missing in every row. */
function isAllZero<Row>({ align, cell }: Column<Row>, rows: readonly Row[]): boolean {
  return align === "right" && rows.every((row) => /^(?:-|0(?:\.0*)?(?:%|B|ns)?)$/.test(cell(row)));
}

/** Summary of the rows that `--top` hides, `null` for none. */
function cutNote(report: Report, key: TableKey, looks: Looks): string | null {
  const { cut, calls, errors, total_ns, waiting_ns } = report;
  const hidden = cut[key];
  if (hidden === undefined) return null;
  const rows = `${ellipsis(looks)} ${formatCount(hidden.rows)} more ${hidden.rows === 1 ? "row" : "rows"}`;
  if (hidden.total_ns === undefined) {
    return `${rows}: ${formatShare(hidden.calls, errors)} of the failed calls`;
  }
  const [wholeNs, what] = key === "waiting" ? [waiting_ns, "time waiting"] : [total_ns, "time"];
  return `${rows}: ${formatShare(hidden.total_ns, wholeNs)} of the ${what}, ` +
    `${formatShare(hidden.calls, calls)} of the calls`;
}

/** Note about the rows that a limit on memory folded, `null` for none. */
function foldNote({ folded }: Report, key: TableKey): string | null {
  return foldedText(folded[key] ?? 0);
}

function foldedText(rows: number): string | null {
  return rows === 0
    ? null
    : `(other) sums up the ${formatCount(rows)} least important rows: a limit on memory was reached`;
}

function ellipsis({ ascii }: Looks): string {
  return ascii ? "..." : "…";
}
