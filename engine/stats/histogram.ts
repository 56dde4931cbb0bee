import type { BucketData } from "../../runtime/stats.ts";
import type { Filled } from "./histograms.ts";

/** The number of values in all buckets. */
function sumOf(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** Filled buckets with the number of values in them. */
export function bucketData({ indexes, counts }: Filled): BucketData {
  return { count: sumOf(counts), indexes, counts };
}
