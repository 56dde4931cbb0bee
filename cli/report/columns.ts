/** The columns of measures that tables share, as data, and which of them a table shows. */
import { type Report, type ReportHistogram, type ReportMeasures, wallNs } from "../../runtime/report.ts";
import type { ColumnName } from "./choices.ts";
import { escapeName } from "../text/escape.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../text/format.ts";
import { shortenPath } from "../text/shorten.ts";
import type { Column } from "../text/table.ts";
import { cachedShare, SPENT_TITLE, spentBar } from "./spent.ts";
import { axisTitle, latencyAxis, latencyBars } from "./latency_bars.ts";

/** Width of a path that is kept before any other column is added: 36 columns, or this part of the width. */
const MIN_PATH_COLUMNS = 36;
const MIN_PATH_SHARE = 0.45;

/** The column of what a trace knows only when it is asked to: shown first then, and else in no table. */
const ASKED: readonly ColumnName[] = ["spent"];

/** Columns that every table shows unless `--columns` says otherwise. */
const ALWAYS: readonly ColumnName[] = ["calls", "time"];

/** The other columns by importance, for tables about places: bytes matter most. */
export const PREFER_BYTES: readonly ColumnName[] = [
  "cached",
  "bytes",
  "p99",
  "errors",
  "max",
  "share",
  "p50",
  "mean",
  "p90",
  "rate",
];

/** The same for tables about who calls: errors matter most. */
export const PREFER_ERRORS: readonly ColumnName[] = [
  "errors",
  "bytes",
  "share",
  "p99",
  "max",
  "p50",
  "rate",
  "mean",
  "p90",
];

/** The same for tables whose latencies are mixed: of files, and of what was waited for. */
export const PREFER_SUMS: readonly ColumnName[] = ["errors", "bytes", "share", "rate"];

/** The same for what was waited for: the longest latency tells most. */
export const PREFER_MAX: readonly ColumnName[] = ["max", "bytes", "p50", "p99", "errors", "rate"];

/** The same for tables with a histogram. */
export const PREFER_LATENCY: readonly ColumnName[] = [
  "latency",
  "p99",
  "errors",
  "p50",
  "max",
  "mean",
  "bytes",
  "share",
  "p90",
  "rate",
];

/** The order of columns from left to right. */
const ORDER: readonly ColumnName[] = [
  "calls",
  "rate",
  "errors",
  "bytes",
  "cached",
  "time",
  "spent",
  "share",
  "mean",
  "p50",
  "p90",
  "p99",
  "max",
  "latency",
];

/** For whom columns are made. */
export interface ColumnOptions {
  /** Columns of the terminal. */
  width: number;
  ascii: boolean;
  /** Columns of `--columns`, `null` for those that fit. */
  columns: readonly ColumnName[] | null;
  /** Whether those of `--columns` stay whatever the width: for a file or a pipe. */
  whole?: boolean;
}

/** A row as far as measure columns use it. */
export type MeasuredRow = ReportMeasures & { latency?: ReportHistogram };

/**
 * The measure columns of a table, from left to right: the requested ones, of which on a terminal the last go first
 * when there is no room, or those of `preference` that fit. `rows` are the table's, for the axis of their histograms.
 */
export function measureColumns<Row extends MeasuredRow>(
  report: Report,
  { ascii, columns, whole = false }: ColumnOptions,
  preference: readonly ColumnName[],
  rows: readonly Row[],
): Column<Row>[] {
  const wanted = [...ASKED, ...preference];
  const rank = (name: ColumnName) => {
    if (columns !== null) return whole ? 0 : 1 + columns.indexOf(name);
    return ALWAYS.includes(name) ? 0 : 1 + wanted.indexOf(name);
  };
  const shown = columns ?? ORDER.filter((name) => ALWAYS.includes(name) || wanted.includes(name));
  return shown.flatMap((name) => columnsOf(name, rank(name), report, ascii, rows));
}

function columnsOf<Row extends MeasuredRow>(
  name: ColumnName,
  rank: number,
  report: Report,
  ascii: boolean,
  rows: readonly Row[],
): Column<Row>[] {
  const time = (title: string, value: (row: Row) => number | null) => [
    number<Row>(title, rank, (row) => duration(value(row), ascii)),
  ];
  switch (name) {
    case "calls":
      return [number("CALLS", rank, (row) => formatCount(row.calls))];
    case "rate":
      return [number("CALLS/S", rank, (row) => rate(row.calls, wallNs(report)))];
    case "errors":
      return [{
        ...number<Row>("ERRORS", rank, (row) => formatCount(row.errors)),
        tone: (row) => row.errors > 0 ? "bad" : "quiet",
      }];
    case "bytes":
      return [
        bytes("READ", rank, (row) => row.read_bytes),
        bytes("WRITTEN", rank, (row) => row.write_bytes),
      ];
    case "time":
      return [number("TIME", rank, (row) => formatDuration(row.total_ns, { ascii }))];
    case "share":
      return [number("TIME%", rank, (row) => formatShare(row.total_ns, report.total_ns))];
    case "mean":
      return time("MEAN", (row) => row.mean_ns);
    case "p50":
      return time("P50", (row) => row.p50_ns);
    case "p90":
      return time("P90", (row) => row.p90_ns);
    case "p99":
      return time("P99", (row) => row.p99_ns);
    case "max":
      return time("MAX", (row) => row.max_ns);
    case "latency":
      return latencyColumn(rank, ascii, rows);
    case "spent":
      if (report.iowait_ns === undefined) return [];
      return [{ title: SPENT_TITLE, align: "left", rank, cell: spentBar }];
    case "cached":
      if (report.fetched_bytes === undefined) return [];
      return [number("CACHED%", rank, cachedShare)];
  }
}

/** The histogram; no column when the rows have none or no call returned. */
function latencyColumn<Row extends MeasuredRow>(
  rank: number,
  ascii: boolean,
  rows: readonly Row[],
): Column<Row>[] {
  const axis = latencyAxis(rows.map(({ latency }) => latency).filter((latency) => latency !== undefined));
  if (axis === null) return [];
  return [{
    title: axisTitle(axis, ascii),
    align: "left",
    rank,
    cell: ({ latency }) => latency === undefined ? "" : latencyBars(latency, axis, ascii),
  }];
}

/** A column of names, which stays whatever the width. The names are escaped. */
export function name<Row>(title: string, ascii: boolean, text: (row: Row) => string): Column<Row> {
  return { title, align: "left", rank: 0, cell: (row) => escapeName(text(row), { ascii }) };
}

/** A column of paths: they get the remaining room, and are shortened in the middle. */
export function pathColumn<Row>(
  title: string,
  { width, ascii }: ColumnOptions,
  text: (row: Row) => string,
): Column<Row> {
  return {
    ...name(title, ascii, text),
    flexible: {
      min: Math.max(MIN_PATH_COLUMNS, Math.floor(width * MIN_PATH_SHARE)),
      shorten: (text, width) => shortenPath(text, width, ascii),
    },
  };
}

/** A column of numbers. */
export function number<Row>(title: string, rank: number, cell: (row: Row) => string): Column<Row> {
  return { title, align: "right", rank, cell };
}

/** A time in nanoseconds, `-` for none. */
export function duration(ns: number | null, ascii: boolean): string {
  return ns === null ? "-" : formatDuration(ns, { ascii });
}

function bytes<Row>(title: string, rank: number, value: (row: Row) => number | bigint): Column<Row> {
  return {
    ...number<Row>(title, rank, (row) => formatBytes(value(row))),
    tone: (row) => value(row) == 0 ? "quiet" : null,
  };
}

function rate(calls: number, wallNs: number): string {
  return wallNs > 0 ? formatCount(calls / (wallNs / 1e9)) : "-";
}
