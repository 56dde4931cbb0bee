/** The small plot of a run over time. */
import { lackingNs, type Report, type ReportMeasures } from "../../runtime/report.ts";
import { heights } from "../text/bars.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";
import { textWidth } from "../text/width.ts";

/** Minimum width of a plot. */
const MIN_COLUMNS = 2;

/** Maximum width of a plot: wider ones are not easier to read. */
const MAX_COLUMNS = 120;

/** A column of the plot: the measures of a few adjacent slots. */
interface PlotColumn {
  calls: number;
  errors: number;
  bytes: number;
  p50: number;
  p99: number;
}

/** The lines of the plot; a line of only zeros is left out. */
const LINES: {
  label: string;
  value: (column: PlotColumn) => number;
  /** The largest value as text; `seconds` is the time of a column. */
  peak: (value: number, seconds: number, ascii: boolean) => string;
}[] = [
  {
    label: "calls",
    value: ({ calls }) => calls,
    peak: (calls, seconds) => `${formatCount(calls / seconds)}/s`,
  },
  {
    label: "errors",
    value: ({ errors }) => errors,
    peak: (errors, seconds) => `${formatCount(errors / seconds)}/s`,
  },
  {
    label: "bytes",
    value: ({ bytes }) => bytes,
    peak: (bytes, seconds) => `${formatBytes(bytes / seconds)}/s`,
  },
  { label: "p50", value: ({ p50 }) => p50, peak: (ns, _, ascii) => formatDuration(ns, { ascii }) },
  { label: "p99", value: ({ p99 }) => p99, peak: (ns, _, ascii) => formatDuration(ns, { ascii }) },
];

const GAP = "  ";

/** The plot as lines of a label, the bars and the largest value; empty for a run of one interval. */
export function overTime(
  report: Report,
  width: number,
  ascii: boolean,
): { note: string; lines: string[] } | null {
  const { series, wall_ns } = report;
  const lackingSlots = Math.max(0, Math.floor((lackingNs(report) - series.start_ns) / series.interval_ns));
  const slots = withTail(series.slots, Math.ceil(wall_ns / series.interval_ns)).slice(lackingSlots);
  if (slots.length < MIN_COLUMNS || report.calls === 0) return null;
  const label = Math.max(...LINES.map(({ label }) => label.length));
  const peakWidth = 12;
  const room = Math.min(MAX_COLUMNS, width - label - peakWidth - 2 * GAP.length);
  const each = Math.ceil(slots.length / Math.max(MIN_COLUMNS, room));
  const columns = Array.from(
    { length: Math.ceil(slots.length / each) },
    (_, i) => plotColumn(slots.slice(i * each, (i + 1) * each)),
  );
  const columnNs = each * series.interval_ns;
  // A run that is shorter than its only column covers only part of it.
  const seconds = Math.min(columnNs, wall_ns || columnNs) / 1e9;
  const lines = LINES.flatMap(({ label: text, value, peak }) => {
    const values = columns.map(value);
    const most = Math.max(...values);
    if (most === 0) return [];
    const end = GAP + peak(most, seconds, ascii);
    return [text.padEnd(label) + GAP + heights(values, ascii, most) + end];
  });
  return {
    note: `${formatDuration(columnNs, { ascii })} a column, peak at right`,
    lines: lines.map((line) => textWidth(line) <= width ? line : line.slice(0, width)),
  };
}

/** The slots, and empty ones up to the end of the run. */
function withTail(slots: readonly ReportMeasures[], length: number): (ReportMeasures | null)[] {
  const missing = Math.min(Math.max(0, length - slots.length), slots.length * 1000);
  return [...slots, ...new Array<null>(missing).fill(null)];
}

/** Latencies are those of the slot with the highest: a sum of percentiles has no meaning. */
function plotColumn(slots: readonly (ReportMeasures | null)[]): PlotColumn {
  const column = { calls: 0, errors: 0, bytes: 0, p50: 0, p99: 0 };
  for (const slot of slots) {
    if (slot === null) continue;
    column.calls += slot.calls;
    column.errors += slot.errors;
    column.bytes += Number(slot.read_bytes) + Number(slot.write_bytes);
    column.p50 = Math.max(column.p50, slot.p50_ns ?? 0);
    column.p99 = Math.max(column.p99, slot.p99_ns ?? 0);
  }
  return column;
}
