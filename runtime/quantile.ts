/** Quantiles of histograms, by nearest rank: the smallest value with at least `q · count` values up to it. */

/** The rank of the `q`-quantile (`q` from 0 to 1) of `count` values, from 1. Throws a `RangeError` for any other `q`. */
export function quantileRank(count: number, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`Cannot take a quantile: it is ${q}, it must be from 0 to 1`);
  return Math.max(1, Math.ceil(q * count));
}

/** Index of the bucket that holds the value of a rank, -1 when the buckets hold fewer values. */
export function bucketOfRank(counts: ArrayLike<number>, rank: number): number {
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i];
    if (seen >= rank) return i;
  }
  return -1;
}

/** The value that represents a bucket of the integers from `low` up to but excluding `high`: its middle, rounded down. */
export function middleOf(low: number, high: number): number {
  return low + Math.floor((high - 1 - low) / 2);
}
