import { bucketIndex } from "../../engine/stats/buckets.ts";

/**
 * Powers of two at which the engine's buckets begin, so that sums of them are exact: from 256 ns, faster than a call that
 * does something, to 69 s, in steps of four. More buckets would cost each of a thousand series a place in a database.
 */
const EXPONENTS = Array.from({ length: 15 }, (_, i) => 8 + 2 * i);

/** First bucket of the engine beyond each bound. */
export const LATENCY_ENDS: readonly number[] = EXPONENTS.map((exponent) => bucketIndex(2 ** exponent));

/**
 * Bounds of the buckets of latencies, seconds. A bound belongs to its bucket, and latencies are whole nanoseconds: the
 * largest below a power of two is one less.
 */
export const LATENCY_BOUNDS: readonly number[] = EXPONENTS.map((exponent) => (2 ** exponent - 1) / 1e9);
