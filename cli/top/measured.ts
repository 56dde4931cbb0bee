/** Rows of measures, and their columns: rates since the last frame, and totals since the baseline. */
import type { Measures } from "../../runtime/stats.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";
import type { Style } from "./line.ts";
import type { NumberColumn } from "./table.ts";

/** A row with its measures now and at the frame before. */
export interface MeasuredRow {
  id: string;
  now: Measures;
  /** `null` for a row that is new. */
  before: Measures | null;
}

/** Names of the columns. */
export type MeasureName =
  | "calls/s"
  | "busy%"
  | "bytes/s"
  | "calls"
  | "errors"
  | "read"
  | "written"
  | "time"
  | "wait"
  | "mean"
  | "p50"
  | "p99"
  | "max";

/** What the columns mean, for the help. */
export const MEASURES_HELP: readonly string[] = [
  "CALLS/S, BUSY% and BYTES/S are of the time since the last frame, all others since the baseline (z).",
  "BUSY% is time in calls of that time, and TIME the sum of it; 100% is one thread all the time.",
  "Both are without WAIT: time in calls that wait for pipes, sockets, terminals and others. MEAN, P50, P99 and MAX are of " +
  "all calls, those too.",
];

/** Widest count that is written exactly. */
const EXACT_COUNT = 999_999_999;

/** A count of at most eleven columns. */
export function countText(value: number): string {
  return value <= EXACT_COUNT ? formatCount(value) : value.toExponential(2);
}

/** Time in calls without waiting, nanoseconds. */
export function busyNs({ totalNs, waitingNs }: Measures): number {
  return Number(totalNs) - Number(waitingNs);
}

/** Columns of measures, in the order of `names`; the first ones stay longest on a narrow terminal. */
export function measureColumns<Row extends MeasuredRow>(
  names: readonly MeasureName[],
  preference: readonly MeasureName[],
  { seconds, ascii }: { seconds: number; ascii: boolean },
): NumberColumn<Row>[] {
  const all = allColumns(seconds, ascii);
  return names.map((name) => ({
    ...all[name],
    sort: name,
    title: name.toUpperCase(),
    rank: preference.indexOf(name) < 0 ? preference.length : preference.indexOf(name),
  }));
}

type ColumnForm = Omit<NumberColumn<MeasuredRow>, "sort" | "title" | "rank">;

function allColumns(seconds: number, ascii: boolean): Record<MeasureName, ColumnForm> {
  const rate = (value: (measures: Measures) => number) => ({ now, before }: MeasuredRow) =>
    seconds > 0 ? Math.max(0, value(now) - (before === null ? 0 : value(before))) / seconds : 0;
  const total = (value: (measures: Measures) => number) => ({ now }: MeasuredRow) => value(now);
  const mean = ({ now: { totalNs, returned } }: MeasuredRow) =>
    returned === 0 ? null : Number(totalNs) / returned;
  const duration = (ns: number | null) => ns === null ? "-" : formatDuration(ns, { ascii });
  const form = (
    width: number,
    value: (row: MeasuredRow) => number | null,
    text: (value: number | null) => string,
  ): ColumnForm => ({ width, value, text: (row) => text(value(row)), style: (row) => quietZero(value(row)) });
  const count = (value: number | null) => countText(value ?? 0);
  const bytes = (value: number | null) => formatBytes(value ?? 0);
  return {
    "calls/s": form(9, rate((row) => row.calls), count),
    "busy%": form(6, (row) => rate(busyNs)(row) / 1e7, percent),
    "bytes/s": form(8, rate(movedBytes), bytes),
    calls: form(11, total((row) => row.calls), count),
    errors: {
      ...form(9, total((row) => row.errors), count),
      style: ({ now }) => now.errors > 0 ? "bad" : "quiet",
    },
    read: form(8, total((row) => Number(row.readBytes)), bytes),
    written: form(8, total((row) => Number(row.writeBytes)), bytes),
    time: form(7, total(busyNs), duration),
    wait: form(7, total((row) => Number(row.waitingNs)), duration),
    mean: form(6, mean, duration),
    p50: form(6, ({ now }) => now.p50Ns, duration),
    p99: form(6, ({ now }) => now.p99Ns, duration),
    max: form(7, ({ now }) => now.returned === 0 ? null : now.maxNs, duration),
  };
}

/** A share of one thread's time; more than one thread is more than 100%. */
function percent(value: number | null): string {
  if (value === null || value === 0) return "0%";
  return value < 0.05 ? "<0.1%" : value < 100 ? `${value.toFixed(1)}%` : `${Math.round(value)}%`;
}

function movedBytes({ readBytes, writeBytes }: Measures): number {
  return Number(readBytes) + Number(writeBytes);
}

function quietZero(value: number | null): Style {
  return value === null || value === 0 ? "quiet" : "plain";
}
