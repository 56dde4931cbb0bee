/** A report of `--interval` as one line, as vmstat prints them: columns of the same width below a heading. */
import type { Report } from "../../runtime/report.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import { formatBytes, formatCount, formatDuration, formatShare } from "../text/format.ts";
import type { Paint } from "../text/style.ts";
import { padText } from "../text/width.ts";

/** Lines between two headings: fewer than a terminal has. */
const LINES_PER_HEADING = 20;

/** A column of the lines. */
interface IntervalColumn {
  title: string;
  width: number;
  cell: (report: Report, ascii: boolean) => string;
}

const COLUMNS: readonly IntervalColumn[] = [
  { title: "CALLS/S", width: 9, cell: (report) => perSecond(report, report.calls) },
  { title: "ERRORS/S", width: 8, cell: (report) => perSecond(report, report.errors) },
  { title: "READ/S", width: 9, cell: (report) => bytesPerSecond(report, report.read_bytes) },
  { title: "WRITTEN/S", width: 9, cell: (report) => bytesPerSecond(report, report.write_bytes) },
  { title: "FILES", width: 7, cell: (report, ascii) => formatDuration(report.files_ns, { ascii }) },
  { title: "WAITING", width: 7, cell: (report, ascii) => formatDuration(report.waiting_ns, { ascii }) },
  { title: "SLOWEST", width: 7, cell: (report, ascii) => slowest(report, ascii) },
  { title: "LOST", width: 6, cell: ({ loss, calls }) => lost(loss, calls) },
];

/**
 * The line of an interval, ending in a line feed; preceded by the heading at the first line and at intervals. Its time has as
 * many decimals as `intervalNs`, so that no two lines have the same.
 */
export function intervalLines(report: Report, intervalNs: number, ascii: boolean, paint: Paint): string {
  const columns = [timeColumn(intervalNs), ...COLUMNS];
  const index = report.interval?.index ?? 1;
  const row = (cells: readonly string[]) =>
    cells.map((text, i) => padText(text, columns[i].width, "right")).join("  ");
  const heading = (index - 1) % LINES_PER_HEADING === 0
    ? `${paint("heading", row(columns.map(({ title }) => title)))}\n`
    : "";
  const line = row(columns.map(({ cell }) => cell(report, ascii)));
  return `${heading}${report.loss.state === "none" ? line : paint("bad", line)}\n`;
}

function timeColumn(intervalNs: number): IntervalColumn {
  const decimals = String(intervalNs / 1e9).split(".")[1]?.length ?? 0;
  const width = "hh:mm:ss".length + (decimals === 0 ? 0 : 1 + decimals);
  return {
    title: "TIME",
    width,
    cell: ({ started, interval }) => timeAfter(started, interval?.end_ns ?? 0).slice(11, 11 + width),
  };
}

function perSecond({ wall_ns }: Report, value: number): string {
  return wall_ns > 0 ? formatCount(value / (wall_ns / 1e9)) : "-";
}

function bytesPerSecond({ wall_ns }: Report, value: number | bigint): string {
  return wall_ns > 0 ? formatBytes(Number(value) / (wall_ns / 1e9)) : "-";
}

/** The longest call on a file; `-` when there was none. */
function slowest({ slowest: [first], files_ns }: Report, ascii: boolean): string {
  return first === undefined || files_ns == 0 ? "-" : formatDuration(Number(first.latency_ns), { ascii });
}

function lost(loss: Report["loss"], calls: number): string {
  if (loss.state === "none") return "0";
  return loss.calls === null ? "?" : formatShare(loss.calls, calls + loss.calls);
}
