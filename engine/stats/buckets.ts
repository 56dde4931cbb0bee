/**
 * The buckets of every histogram: one set for all, so that any two can be merged. Log-linear: each power of two is split
 * into 32 buckets of equal width, and whole numbers below 64 have a bucket each. Values are non-negative integers,
 * nanoseconds or bytes, up to 2^53.
 */
import { middleOf } from "../../runtime/quantile.ts";

/** Buckets per power of two, as a power of two. */
const SUB_BITS = 5;
const SUB_BUCKETS = 1 << SUB_BITS;

/** Largest value with a bucket of its own; larger ones count as this. 2^53 ns is 104 days. */
export const MAX_VALUE = 2 ** 53 - 1;

/** Number of buckets: 64 of one value each, then 32 for each power of two from 2^6 to 2^52. */
export const BUCKET_COUNT = 2 * SUB_BUCKETS + (53 - 6) * SUB_BUCKETS;

/**
 * Largest relative error of a value that is represented by the middle of its bucket: a bucket is at most 1/32 of its lower bound
 * wide, so its middle is off by at most 1/64.
 */
export const RELATIVE_ERROR = 1 / (2 * SUB_BUCKETS);

/** A double and its two words; the machine is little-endian, so the upper word is the second. */
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Exponent of a double whose buckets would start at index 0, with the exponent's bias of 1023. */
const FIRST_EXPONENT = 1023 + SUB_BITS - 1;

/**
 * The bucket of a value. Fractions are truncated. Negative values count as 0 (the clock that kernel programs read may step
 * back by a few nanoseconds, see `ktime_get_mono_fast_ns` in kernel/time/timekeeping.c), values above
 * {@linkcode MAX_VALUE} as that. Takes about a nanosecond: a double already holds the power of two in its exponent and
 * the place between two powers in the bits that follow, so the bucket is the top of its upper word.
 */
export function bucketIndex(value: number): number {
  if (!(value >= SUB_BUCKETS)) return value > 0 ? value | 0 : 0;
  double[0] = value;
  const index = (words[1] >>> (20 - SUB_BITS)) - FIRST_EXPONENT * SUB_BUCKETS;
  return index < BUCKET_COUNT ? index : BUCKET_COUNT - 1;
}

/** Smallest value of a bucket. */
export function bucketLow(index: number): number {
  if (index < 2 * SUB_BUCKETS) return index;
  const shift = Math.floor(index / SUB_BUCKETS) - 1;
  return (index - shift * SUB_BUCKETS) * 2 ** shift;
}

/** Smallest value above a bucket; the bucket holds the integers from {@linkcode bucketLow} up to but excluding this. */
export function bucketHigh(index: number): number {
  return bucketLow(index + 1);
}

/** The value that represents a bucket: its middle, rounded down to an integer. */
export function bucketMiddle(index: number): number {
  return middleOf(bucketLow(index), bucketHigh(index));
}
