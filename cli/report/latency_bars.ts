/** The small latency histogram of a table row: one character per step of a common logarithmic axis. */
import type { ReportHistogram } from "../../runtime/report.ts";
import { heights } from "../text/bars.ts";
import { formatDuration } from "../text/format.ts";

/** Maximum width of a histogram: two characters for each of eight powers of ten. */
const MAX_STEPS = 16;

/** Characters for each power of ten, most first: the axis takes the most that fit. */
const STEPS_PER_DECADE = [4, 3, 2, 1] as const;

/** The axis that the histograms of one table share, so that rows can be compared. */
export interface LatencyAxis {
  /** Powers of ten of nanoseconds at both ends. */
  from: number;
  to: number;
  stepsPerDecade: number;
}

/** The axis for these histograms, `null` when all are empty. */
export function latencyAxis(histograms: readonly ReportHistogram[]): LatencyAxis | null {
  const filled = histograms.filter(({ buckets }) => buckets.length > 0);
  if (filled.length === 0) return null;
  const smallest = Math.min(...filled.map(({ buckets }) => buckets[0][0]));
  const largest = Math.max(...filled.map(({ buckets }) => buckets[buckets.length - 1][0]));
  const from = decade(smallest);
  const to = decade(largest) + 1;
  const stepsPerDecade = STEPS_PER_DECADE.find((steps) => steps * (to - from) <= MAX_STEPS) ?? 1;
  return { from, to, stepsPerDecade };
}

/** The axis as text: its two ends. */
export function axisTitle({ from, to }: LatencyAxis, ascii: boolean): string {
  const end = (power: number) => formatDuration(10 ** power, { ascii }).replace(/\.0+(?=\D)/, "");
  return `${end(from)}${ascii ? ".." : "‥"}${end(to)}`;
}

/** A histogram on the axis. The tallest bar is the row's own most frequent latency. */
export function latencyBars(histogram: ReportHistogram, axis: LatencyAxis, ascii: boolean): string {
  const counts = new Array<number>((axis.to - axis.from) * axis.stepsPerDecade).fill(0);
  for (const [low, high, count] of histogram.buckets) {
    const step = Math.floor(
      (Math.log10(Math.max(1, (low + high - 1) / 2)) - axis.from) * axis.stepsPerDecade,
    );
    counts[Math.min(Math.max(step, 0), counts.length - 1)] += count;
  }
  return heights(counts, ascii);
}

function decade(ns: number): number {
  return Math.floor(Math.log10(Math.max(1, ns)));
}
