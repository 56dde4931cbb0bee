/** Rows of measures, and their columns: rates since the last frame, and totals since the baseline. */
import { cachedBytes } from "../../runtime/report.ts";
import type { ExtraMeasures, Measures } from "../../runtime/stats.ts";
import { cachedShare, SPENT_TITLE, spentBar } from "../report/spent.ts";
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
  | ExtraName
  | "mean"
  | "p50"
  | "p99"
  | "max";

/** Names of the columns that there are only when the trace asks for what they show. */
type ExtraName = "spent" | "iowait" | "blocked" | "queue" | "cached%";

/** What each of them is made of, and its heading where that is not its name. */
const EXTRAS: Readonly<Record<ExtraName, { of: keyof ExtraMeasures; title?: string }>> = {
  spent: { of: "iowaitNs", title: SPENT_TITLE },
  iowait: { of: "iowaitNs" },
  blocked: { of: "blockedNs" },
  queue: { of: "runqueueNs" },
  "cached%": { of: "fetchedBytes" },
};

/** What the columns mean, for the help. */
export const MEASURES_HELP: readonly string[] = [
  "CALLS/S, BUSY% and BYTES/S are of the time since the last frame, all others since the baseline (z).",
  "BUSY% is the share of that time spent in calls, and TIME their sum; 100% is one thread all the time.",
  "Both exclude WAIT: time in calls that wait for pipes, sockets, terminals and others. MEAN, P50, P99 and MAX " +
  "include those.",
];

/** The same of those that a trace has when it asks for them. */
export const WAITS_HELP =
  `With --waits ${SPENT_TITLE} has a letter for each tenth of the time, waiting too: c on a processor, ` +
  "i waiting for I/O, b blocked by anything else, q waiting for a processor, ? unknown. It sorts by the time off the processor; " +
  "IOWAIT, BLOCKED and QUEUE are its parts (s).";
export const CACHE_HELP =
  "With --cache CACHED% is the part of the bytes read that was in memory. What is read ahead counts as not cached.";

/** A count of at most so many columns, seven at least: exact as long as it fits. */
export function countText(value: number, columns: number): string {
  const exact = formatCount(value);
  return exact.length <= columns ? exact : value.toExponential(2);
}

/** Time in calls without waiting, nanoseconds. */
export function busyNs({ totalNs, waitingNs }: Measures): number {
  return Number(totalNs) - Number(waitingNs);
}

/** The measures of a row under the names of reports. */
export function spentOf(
  { totalNs, readBytes, iowaitNs, blockedNs, runqueueNs, partsUnknownNs, fetchedBytes, fetchUnknownBytes }:
    & Pick<Measures, "totalNs" | "readBytes">
    & ExtraMeasures,
): Parameters<typeof spentBar>[0] & Parameters<typeof cachedShare>[0] {
  return {
    total_ns: totalNs,
    read_bytes: readBytes,
    iowait_ns: iowaitNs,
    blocked_ns: blockedNs,
    runqueue_ns: runqueueNs,
    parts_unknown_ns: partsUnknownNs,
    fetched_bytes: fetchedBytes,
    fetch_unknown_bytes: fetchUnknownBytes,
  };
}

/**
 * Columns of measures, in the order of `names`, as far as `stats` has them; the first of `preference` stay longest on a narrow
 * terminal.
 */
export function measureColumns<Row extends MeasuredRow>(
  names: readonly MeasureName[],
  preference: readonly MeasureName[],
  { seconds, ascii, stats }: { seconds: number; ascii: boolean; stats: ExtraMeasures | undefined },
): NumberColumn<Row>[] {
  const all = allColumns(seconds, ascii);
  return names.filter((name) => !isExtra(name) || stats?.[EXTRAS[name].of] !== undefined).map((name) => ({
    ...all[name],
    sort: name,
    title: (isExtra(name) ? EXTRAS[name].title : undefined) ?? name.toUpperCase(),
    rank: preference.indexOf(name) < 0 ? preference.length : preference.indexOf(name),
  }));
}

function isExtra(name: MeasureName): name is ExtraName {
  return Object.hasOwn(EXTRAS, name);
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
  const count = (width: number, value: (row: MeasuredRow) => number) =>
    form(width, value, (value) => countText(value ?? 0, width));
  const bytes = (value: number | null) => formatBytes(value ?? 0);
  return {
    "calls/s": count(9, rate((row) => row.calls)),
    "busy%": form(6, (row) => rate(busyNs)(row) / 1e7, percent),
    "bytes/s": form(8, rate(movedBytes), bytes),
    calls: count(11, total((row) => row.calls)),
    errors: {
      ...count(9, total((row) => row.errors)),
      style: ({ now }) => now.errors > 0 ? "bad" : "quiet",
    },
    read: form(8, total((row) => Number(row.readBytes)), bytes),
    written: form(8, total((row) => Number(row.writeBytes)), bytes),
    time: form(7, total(busyNs), duration),
    wait: form(7, total((row) => Number(row.waitingNs)), duration),
    spent: {
      width: SPENT_TITLE.length,
      value: ({ now }) => offProcessorNs(now),
      text: ({ now }) => spentBar(spentOf(now)),
    },
    iowait: form(7, total((row) => Number(row.iowaitNs ?? 0)), duration),
    blocked: form(7, total((row) => Number(row.blockedNs ?? 0)), duration),
    queue: form(7, total((row) => Number(row.runqueueNs ?? 0)), duration),
    "cached%": {
      width: 7,
      value: ({ now }) => {
        const cached = cachedBytes(spentOf(now));
        return cached === null ? null : cached / Number(now.readBytes);
      },
      text: ({ now }) => cachedShare(spentOf(now)),
      style: ({ now }) => quietZero(Number(now.readBytes)),
    },
    mean: form(6, mean, duration),
    p50: form(6, ({ now }) => now.p50Ns, duration),
    p99: form(6, ({ now }) => now.p99Ns, duration),
    max: form(7, ({ now }) => now.returned === 0 ? null : now.maxNs, duration),
  };
}

function offProcessorNs({ iowaitNs = 0, blockedNs = 0, runqueueNs = 0 }: ExtraMeasures): number {
  return Number(iowaitNs) + Number(blockedNs) + Number(runqueueNs);
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
