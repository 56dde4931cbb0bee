import { bucketOfRank, quantileRank } from "../../runtime/quantile.ts";
import type { BucketData, HistogramData } from "../../runtime/stats.ts";
import { bucketMiddle } from "./buckets.ts";
import type { Filled } from "./histograms.ts";

/** The number of values in all buckets. */
export function sumOf(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** Filled buckets with the number of values in them. */
export function bucketData({ indexes, counts }: Filled): BucketData {
  return { count: sumOf(counts), indexes, counts };
}

/**
 * Filled buckets as a histogram whose smallest and largest value are not known: the middles of the outermost buckets
 * stand for them, so every quantile is still within `RELATIVE_ERROR`. `sum` is copied.
 */
export function histogramOfBuckets(data: BucketData, sum: HistogramData["sum"]): HistogramData {
  const { indexes } = data;
  const empty = data.count === 0;
  return {
    ...data,
    min: empty ? 0 : bucketMiddle(indexes[0]),
    max: empty ? 0 : bucketMiddle(indexes[indexes.length - 1]),
    sum,
  };
}

/**
 * The `q`-quantile (`q` from 0 to 1) by nearest rank: the smallest value with at least `q · count` values up to it,
 * within `RELATIVE_ERROR`; the largest value is exact. `null` of an empty histogram. Throws a
 * `RangeError` for any other `q`, and when the buckets do not hold `count` values.
 *
 * ```ts
 * import { quantile } from "./histogram.ts";
 * const data = {
 *   count: 3, min: 7, max: 90, sum: 117,
 *   indexes: Uint16Array.of(7, 20, 77), counts: Float64Array.of(1, 1, 1),
 * };
 * quantile(data, 0.5); // 20
 * ```
 */
export function quantile(data: HistogramData, q: number): number | null {
  const rank = quantileRank(data.count, q);
  if (data.count === 0) return null;
  if (rank === data.count) return data.max;
  if (rank === 1) return data.min;
  const bucket = bucketOfRank(data.counts, rank);
  if (bucket === -1) {
    throw new RangeError(
      `Cannot take a quantile: the buckets hold ${sumOf(data.counts)} values, they must hold ${data.count}`,
    );
  }
  return Math.min(Math.max(bucketMiddle(data.indexes[bucket]), data.min), data.max);
}
