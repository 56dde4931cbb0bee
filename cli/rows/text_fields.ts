/** The fields that a line of text shows beside the file, and how each is written and coloured. */
import type { StreamRow } from "../../runtime/row.ts";
import { formatDuration } from "../text/format.ts";
import type { Timestamps } from "./clock.ts";
import { type RowColumn, rowColumn } from "./columns.ts";

/** What text shows for "no value". */
export const NO_VALUE = "-";

/** Fewest columns of a line for the path; other columns are dropped before it gets less. */
const PATH_COLUMNS_MIN = 24;

/** A field of a line. */
export interface TextField {
  column: RowColumn;
  /** The value as it is read by people; not escaped. */
  text(row: StreamRow, ascii: boolean): string;
  /** True for a field that tells how the call ended, and has the colour of that. */
  outcome: boolean;
}

/** The fields before the path, from left to right; those with the highest `drop` go first on a narrow terminal. */
const LINE: readonly { name: string; drop: number }[] = [
  { name: "time_ns", drop: 4 },
  { name: "pid", drop: 0 },
  { name: "tid", drop: 5 },
  { name: "comm", drop: 1 },
  { name: "syscall", drop: 0 },
  { name: "latency_ns", drop: 0 },
  { name: "bytes", drop: 3 },
  { name: "ret", drop: 0 },
  { name: "fd", drop: 2 },
];

/** Fields that tell how a call ended. */
const OUTCOMES = ["ret", "errno", "failed"];

/** Fields that are written differently for people. A line without `errno` has the name of the error instead of `ret`. */
const TEXTS: Readonly<Record<string, (row: StreamRow, ascii: boolean) => string>> = {
  time_ns: (row) => `${(Math.floor(row.timeNs / 1000) / 1e6).toFixed(6)}s`,
  latency_ns: (row, ascii) => durationText(row.latencyNs, ascii),
  gap_ns: (row, ascii) => durationText(row.gapNs, ascii),
  iowait_ns: (row, ascii) => durationText(row.iowaitNs, ascii),
  blocked_ns: (row, ascii) => durationText(row.blockedNs, ascii),
  runqueue_ns: (row, ascii) => durationText(row.runqueueNs, ascii),
  ret: (row) => row.errno ?? valueText(row.ret),
};

/** The fields for which there is room beside a path on a terminal of `width` columns, `null` for no limit. */
export function fittingFields(width: number | null): TextField[] {
  let line = LINE;
  const taken = () => line.reduce((sum, { name }) => sum + rowColumn(name).width + 1, 0);
  for (let drop = Math.max(...LINE.map((field) => field.drop)); drop > 0; drop--) {
    if (width === null || taken() + PATH_COLUMNS_MIN <= width) break;
    line = line.filter((field) => field.drop !== drop);
  }
  return chosenFields(line.map(({ name }) => name), null);
}

/**
 * These fields in this order. Throws a `RangeError` for an unknown name, and for `time` without a clock.
 */
export function chosenFields(names: readonly string[], clock: Timestamps | null): TextField[] {
  const telling = OUTCOMES.some((name) => names.includes(name)) ? OUTCOMES : ["syscall"];
  return names.map((name) => ({
    column: rowColumn(name),
    text: name === "ret" && names.includes("errno") ? (row) => valueText(row.ret) : textOf(name, clock),
    outcome: telling.includes(name),
  }));
}

function textOf(name: string, clock: Timestamps | null): TextField["text"] {
  if (Object.hasOwn(TEXTS, name)) return TEXTS[name];
  const { value } = rowColumn(name);
  if (clock === null && name === "time") throw new RangeError("Cannot show the time of rows without a clock");
  return (row) => valueText(value(row, clock ?? NO_CLOCK));
}

/** For fields that do not use the time. */
const NO_CLOCK: Timestamps = { timestamp: () => NO_VALUE };

function durationText(ns: number | null, ascii: boolean): string {
  return ns === null ? NO_VALUE : formatDuration(ns, { ascii });
}

function valueText(value: string | number | bigint | boolean | null): string {
  return value === null ? NO_VALUE : String(value);
}
