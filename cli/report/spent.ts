/** Where the time of calls went, and what the page cache spared them: for traces that know it. */
import { cachedBytes, type Fetched, type ReportMeasures } from "../../runtime/report.ts";
import { formatDuration, formatShare } from "../text/format.ts";
import type { BusyRow } from "./on_files.ts";

/** Characters of a bar: a tenth of the time each. */
const BAR = 10;

/** The heading of the bars, which explains their letters. */
export const SPENT_TITLE = "CPU/IO/BLK/Q";

/** A letter for each part of the time. */
const LETTERS = ["c", "i", "b", "q", "?"] as const;

/** Measures that have it. */
type Spent =
  & Pick<ReportMeasures, "total_ns" | "iowait_ns" | "blocked_ns" | "runqueue_ns" | "parts_unknown_ns">
  & BusyRow;

/**
 * The time of calls, that of calls that wait among it: on a processor, waiting for I/O, for anything else, for a processor,
 * and what is not known to be any of these; nanoseconds.
 */
export function partsOf(
  { total_ns, waited_ns = 0, iowait_ns = 0, blocked_ns = 0, runqueue_ns = 0, parts_unknown_ns = 0 }: Spent,
): [number, number, number, number, number] {
  const off = [iowait_ns, blocked_ns, runqueue_ns, parts_unknown_ns].map(Number);
  const [iowait, blocked, runqueue, unknown] = off;
  return [
    Math.max(0, Number(total_ns) + Number(waited_ns) - iowait - blocked - runqueue - unknown),
    iowait,
    blocked,
    runqueue,
    unknown,
  ];
}

/** A bar of plain letters: `ciiiiiiibq` has a tenth on a processor and most of the time waiting for I/O. */
export function spentBar(row: Spent): string {
  const parts = partsOf(row);
  const whole = parts.reduce((sum, ns) => sum + ns, 0);
  if (whole === 0) return "";
  let text = "";
  let until = 0;
  parts.forEach((ns, i) => {
    until += ns;
    text = text.padEnd(Math.round(BAR * until / whole), LETTERS[i]);
  });
  return text;
}

/** The same in a sentence. */
export function spentText(row: Spent, ascii: boolean): string {
  const parts = partsOf(row);
  const whole = parts.reduce((sum, ns) => sum + ns, 0);
  const words = ["on a processor", "waiting for I/O", "blocked", "waiting for a processor", "unknown"];
  const known = parts.at(-1) === 0 ? parts.slice(0, -1) : parts;
  return known.map((ns, i) => `${formatDuration(ns, { ascii })} ${words[i]} (${formatShare(ns, whole)})`)
    .join(", ");
}

/** The part of the bytes read that was in the page cache; `-` where nothing was read, and where that is not known. */
export function cachedShare(row: Fetched): string {
  const cached = cachedBytes(row);
  return cached === null ? "-" : formatShare(cached, row.read_bytes);
}
