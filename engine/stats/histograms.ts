/** The filled buckets of a histogram in rising order, and how many values each holds. */
export interface Filled {
  indexes: Uint16Array;
  counts: Float64Array;
}

/** Allocates arrays of `length` elements for the filled buckets of a histogram. */
export type TakeRoom = (length: number) => Filled;

/** Allocates arrays for each histogram separately. */
export const takeOwnRoom: TakeRoom = (length) => ({
  indexes: new Uint16Array(length),
  counts: new Float64Array(length),
});

/** Elements that histograms of {@linkcode takeSharedRoom} share. */
const SHARED_ELEMENTS = 16 * 1024;

/**
 * Allocates arrays for many histograms in few buffers: tens of thousands of small buffers would take many times their
 * size, and much longer to send to another worker.
 */
export function takeSharedRoom(): TakeRoom {
  let room = takeOwnRoom(0);
  let used = 0;
  return (length) => {
    if (used + length > room.indexes.length) {
      room = takeOwnRoom(Math.max(SHARED_ELEMENTS, length));
      used = 0;
    }
    const [from, to] = [used, used += length];
    return { indexes: room.indexes.subarray(from, to), counts: room.counts.subarray(from, to) };
  };
}

/** Quantiles of a histogram. */
export interface Quantiles {
  /** Number of values. */
  count: number;
  values: (number | null)[];
}

/** Many histograms by row number, all of the same buckets. */
export interface Histograms {
  /** Memory of the counts, beside that of each row; freed memory is reused by others. */
  readonly bytes: number;
  /** Counts one value of `buckets[i]` in histogram `rows[i]` for `i` from `from` up to but excluding `to`. */
  increment(rows: Int32Array, buckets: Uint16Array, from: number, to: number): void;
  /** Makes sure that the first `rows` histograms exist; new ones are empty. */
  makeRoom(rows: number): void;
  /** Counts `count` values (an integer from 1 to 2^53) of `bucket`, which may be `NO_BUCKET`, in histogram `row`. */
  add(row: number, bucket: number, count: number): void;
  /** Counts the values of many buckets in histogram `row`. */
  addAll(row: number, filled: Filled): void;
  /** Adds the contents of histogram `row`, including calls without a value, to histogram `to` of `target`. */
  mergeInto(row: number, target: Histograms, to: number): void;
  /**
   * Adds the values of histogram `row`, the largest of which is `max`, to `sums[at + classes[bucket]]`, and those without a
   * value, whose bucket is `NO_BUCKET`, likewise.
   */
  sumClasses(row: number, max: number, classes: Uint8Array, sums: Float64Array, at: number): void;
  /** Empties a histogram. */
  clear(row: number): void;
  /**
   * The number of values of a histogram, and its quantiles of `qs`, in rising order, by nearest rank: the smallest value with
   * at least `q · count` values up to it, within `RELATIVE_ERROR`, the largest one exact; `null` of an empty histogram.
   * `max` is the largest value.
   */
  quantiles(row: number, qs: readonly number[], max: number): Quantiles;
  /** How many calls without a value were counted. */
  without(row: number): number;
  /** The filled buckets of a histogram, in arrays of their own or from `take`; shares nothing with the histogram. */
  filled(row: number, take?: TakeRoom): Filled;
}
