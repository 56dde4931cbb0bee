/**
 * Whether a change exceeds the noise, from one run on each side. A run is taken as a sample of
 * independent calls, each with a latency and a size.
 *
 * - Sums (`calls`, `errors`, bytes, time). The sum of n independent calls has a standard deviation of the root of the
 *   sum of their squares (a compound Poisson process); for counts that is √n. A change is beyond the noise when it is more
 *   than three times that of both runs together, and more than 2 % of the larger value. The squares of latencies come from the
 *   histogram; without one their upper bound is used, the longest latency times the sum: one long call may then hide
 *   a change but never make one. Sizes without a histogram are assumed to be exponentially distributed.
 * - `mean_ns`: the same with the standard error, from 30 calls on each side on.
 * - Quantiles: the interval of histogram values that contains the quantile with 99 % confidence, whatever the
 *   distribution (order statistics), as the edges of their buckets, so that the error of buckets is noise too. A change
 *   is beyond the noise when the two intervals do not overlap. p50 needs 11 calls, p90 79, p99 846.
 * - `max_ns` is never judged: it is one call.
 * - Rows of fewer than 10 calls on both sides are never judged: from 0 to 10 is the smallest change beyond three times √n.
 *
 * Bursts of calls vary more than that, and hundreds of rows are judged at once: a verdict tells where to look.
 */
import { bucketOfRank } from "../../runtime/quantile.ts";
import type { ReportHistogram, ReportMeasures } from "../../runtime/report.ts";
import type { ComparedMeasure, Verdict } from "./comparison.ts";

/** Fewest calls on one side that are judged. */
const CALLS_MIN = 10;

/** Standard deviations beyond which a difference is significant: by chance one in 370, if calls are independent. */
const DEVIATIONS = 3;

/** Part of the larger value by which two runs of the same program differ, however many calls there are. */
const FLOOR = 0.02;

/** Fewest calls of which a mean is near enough to a normal distribution. */
const MEAN_CALLS_MIN = 30;

/** Standard deviations within which 99 % of a normal distribution lie. */
const CONFIDENCE_DEVIATIONS = 2.576;

/** The part of a row that is judged. */
export interface Side extends ReportMeasures {
  latency?: ReportHistogram;
  size?: ReportHistogram;
}

/** How a measure is judged. */
type Judge = (before: Side, after: Side) => Verdict;

/** Judges the change of one measure. */
export function judgeChange(measure: ComparedMeasure, before: Side, after: Side): Verdict {
  if (before[measure] === null || after[measure] === null) return "unknown";
  if (Math.max(before.calls, after.calls) < CALLS_MIN) return "too_few_calls";
  return JUDGES[measure](before, after);
}

const JUDGES: Record<ComparedMeasure, Judge> = {
  calls: judgeSum((side) => side.calls, (side) => side.calls),
  errors: judgeSum((side) => side.errors, (side) => side.errors),
  read_bytes: judgeSum(
    ({ read_bytes }) => Number(read_bytes),
    (side) => bytesVariance(side, side.read_bytes),
  ),
  write_bytes: judgeSum(
    ({ write_bytes }) => Number(write_bytes),
    (side) => bytesVariance(side, side.write_bytes),
  ),
  total_ns: judgeSum(({ total_ns }) => Number(total_ns), squaresOfLatencies),
  mean_ns: judgeMean,
  p50_ns: judgeQuantile(0.5),
  p90_ns: judgeQuantile(0.9),
  p99_ns: judgeQuantile(0.99),
  max_ns: () => "unknown",
};

function judgeSum(value: (side: Side) => number, variance: (side: Side) => number): Judge {
  return (before, after) => (
    verdictOf(value(before), value(after), Math.sqrt(variance(before) + variance(after)))
  );
}

function verdictOf(before: number, after: number, deviation: number): Verdict {
  const noise = Math.max(DEVIATIONS * deviation, FLOOR * Math.max(before, after));
  return Math.abs(after - before) > noise ? "beyond_noise" : "within_noise";
}

/** Sum of the squares of all latencies, or its upper bound. */
function squaresOfLatencies({ latency, total_ns, max_ns }: Side): number {
  return latency === undefined ? Number(total_ns) * (max_ns ?? 0) : momentsOf(latency).squares;
}

/** The squares of sizes relative to their sum are those of the histogram, which does not tell the directions apart. */
function bytesVariance({ calls, size }: Side, bytes: number | bigint): number {
  const { sum, squares } = size === undefined ? { sum: 0, squares: 0 } : momentsOf(size);
  const relative = sum > 0 ? squares / sum ** 2 : 2 / Math.max(1, calls);
  return Number(bytes) ** 2 * relative;
}

function judgeMean(before: Side, after: Side): Verdict {
  const [first, second] = [before, after].map((side) => {
    const { total_ns, latency } = side;
    const count = latency === undefined ? side.calls : momentsOf(latency).count;
    const mean = Number(total_ns) / Math.max(1, count);
    const variance = Math.max(0, squaresOfLatencies(side) / Math.max(1, count) - mean ** 2);
    return { count, squaredError: variance / Math.max(1, count) };
  });
  if (Math.min(first.count, second.count) < MEAN_CALLS_MIN) return "too_few_calls";
  const error = Math.sqrt(first.squaredError + second.squaredError);
  return verdictOf(before.mean_ns ?? 0, after.mean_ns ?? 0, error);
}

function judgeQuantile(q: number): Judge {
  return (before, after) => {
    if (before.latency === undefined || after.latency === undefined) return "unknown";
    const [first, second] = [before.latency, after.latency].map((latency) => quantileInterval(latency, q));
    if (first.high <= second.low || second.high <= first.low) return "beyond_noise";
    // The interval is open on the side where they would part: more calls might have separated them.
    const open = first.low <= second.low ? first.high === Infinity : second.high === Infinity;
    return open ? "too_few_calls" : "within_noise";
  };
}

/**
 * The interval of the `q`-quantile with 99 % confidence: from `low` up to but excluding `high`; 0 and `Infinity` when there
 * are too few calls. The number of calls below the quantile is binomial, so its rank is within 2.576 deviations of n · q.
 */
export function quantileInterval(latency: ReportHistogram, q: number): { low: number; high: number } {
  const { count } = momentsOf(latency);
  const margin = CONFIDENCE_DEVIATIONS * Math.sqrt(count * q * (1 - q));
  const lowRank = Math.floor(count * q - margin);
  const highRank = Math.ceil(count * q + margin) + 1;
  return {
    low: lowRank < 1 ? 0 : bucketAt(latency, lowRank)[0],
    high: highRank > count ? Infinity : bucketAt(latency, highRank)[1],
  };
}

function bucketAt({ buckets }: ReportHistogram, rank: number): ReportHistogram["buckets"][number] {
  return buckets[bucketOfRank(buckets.map(([, , count]) => count), rank)];
}

/** Number, sum and sum of squares of the values, each taken as the middle of its bucket. */
function momentsOf({ buckets }: ReportHistogram): { count: number; sum: number; squares: number } {
  const moments = { count: 0, sum: 0, squares: 0 };
  for (const [low, high, count] of buckets) {
    const middle = (low + high - 1) / 2;
    moments.count += count;
    moments.sum += count * middle;
    moments.squares += count * middle ** 2;
  }
  return moments;
}
