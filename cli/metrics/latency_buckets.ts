import { bucketIndex } from "../../engine/stats/buckets.ts";
import type { BucketData } from "../../runtime/stats.ts";

/**
 * Powers of two at which the engine's buckets begin, so that sums of them are exact: from 256 ns, faster than a call that
 * does something, to 69 s, in steps of four. More buckets would cost each of a thousand series a place in a database.
 */
const EXPONENTS = Array.from({ length: 15 }, (_, i) => 8 + 2 * i);

/** First bucket of the engine beyond each bound. */
const ENDS = EXPONENTS.map((exponent) => bucketIndex(2 ** exponent));

/**
 * Bounds of the buckets of latencies, seconds. A bound belongs to its bucket, and latencies are whole nanoseconds: the
 * largest below a power of two is one less.
 */
export const LATENCY_BOUNDS: readonly number[] = EXPONENTS.map((exponent) => (2 ** exponent - 1) / 1e9);

/** How many values are in each of these buckets, and above them. */
export function countLatencies({ indexes, counts }: Pick<BucketData, "indexes" | "counts">): number[] {
  const sums = new Array<number>(ENDS.length + 1).fill(0);
  let at = 0;
  for (let i = 0; i < indexes.length; i++) {
    while (at < ENDS.length && indexes[i] >= ENDS[at]) at++;
    sums[at] += counts[i];
  }
  return sums;
}
