import { longer } from "../../runtime/longer.ts";
import { quantileRank } from "../../runtime/quantile.ts";
import { BUCKET_COUNT, bucketIndex, bucketMiddle } from "./buckets.ts";
import { NO_BUCKET } from "./call_columns.ts";
import { type Filled, type Histograms, type Quantiles, takeOwnRoom } from "./histograms.ts";

/** Counts of a histogram: its buckets, and the calls without a value. */
export const DENSE_STRIDE = BUCKET_COUNT + 1;
const STRIDE = DENSE_STRIDE;

const WORD = 2 ** 32;

/**
 * Histograms that all have a count for every bucket (6.3 KB each), for tables of few rows that count every call. Counts
 * are exact up to 2^53.
 */
export class DenseHistograms implements Histograms {
  /** The counts' lower parts, unsigned words in signed arithmetic: half the memory to keep near the processor. */
  #counts = new Int32Array(0);
  /** Their upper parts, by the same index: how often a lower part has wrapped at 2^32. */
  readonly #carries = new Map<number, number>();

  /** @inheritdoc */
  get bytes(): number {
    return this.#counts.byteLength;
  }

  /** @inheritdoc */
  increment(rows: Int32Array, buckets: Uint16Array, from: number, to: number): void {
    const counts = this.#counts;
    for (let i = from; i < to; i++) {
      const at = Math.imul(rows[i], STRIDE) + buckets[i];
      const count = (counts[at] + 1) | 0;
      counts[at] = count;
      if (count === 0) this.#carry(at, 1);
    }
  }

  /** The lower parts of all counts, for loops that count by themselves. Valid until {@linkcode DenseHistograms.makeRoom}. */
  get counts(): Int32Array {
    return this.#counts;
  }

  /** To be called when a lower part has become 0 by counting. */
  passed(at: number): void {
    this.#carry(at, 1);
  }

  /** @inheritdoc */
  makeRoom(rows: number): void {
    if (rows * STRIDE <= this.#counts.length) return;
    this.#counts = longer(this.#counts, rows * STRIDE);
  }

  /** @inheritdoc */
  add(row: number, bucket: number, count: number): void {
    this.#addTo(row * STRIDE + bucket, count);
  }

  /** @inheritdoc */
  addAll(row: number, { indexes, counts }: Filled): void {
    const start = row * STRIDE;
    for (let i = 0; i < indexes.length; i++) this.#addTo(start + indexes[i], counts[i]);
  }

  /** @inheritdoc */
  mergeInto(row: number, target: Histograms, to: number): void {
    const start = row * STRIDE;
    for (let bucket = 0; bucket < STRIDE; bucket++) {
      const count = this.#countAt(start + bucket);
      if (count !== 0) target.add(to, bucket, count);
    }
  }

  /** @inheritdoc */
  sumClasses(row: number, max: number, classes: Uint8Array, sums: Float64Array, at: number): void {
    const start = row * STRIDE;
    const counts = this.#counts;
    const end = bucketIndex(max) + 1;
    for (let bucket = 0; bucket < end; bucket++) {
      const count = counts[start + bucket];
      if (count !== 0) sums[at + classes[bucket]] += count >>> 0;
    }
    sums[at + classes[NO_BUCKET]] += counts[start + NO_BUCKET] >>> 0;
    for (const [index, carry] of this.#carries) {
      const bucket = index - start;
      if (bucket >= 0 && bucket < STRIDE) sums[at + classes[bucket]] += WORD * carry;
    }
  }

  /** @inheritdoc */
  clear(row: number): void {
    const start = row * STRIDE;
    this.#counts.fill(0, start, start + STRIDE);
    for (const at of this.#carries.keys()) if (at >= start && at < start + STRIDE) this.#carries.delete(at);
  }

  /** @inheritdoc */
  without(row: number): number {
    return this.#countAt(row * STRIDE + NO_BUCKET);
  }

  /** @inheritdoc */
  filled(row: number, take = takeOwnRoom): Filled {
    const start = row * STRIDE;
    let length = 0;
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) if (this.#countAt(start + bucket) !== 0) length++;
    const filled = take(length);
    for (let bucket = 0, i = 0; i < length; bucket++) {
      const count = this.#countAt(start + bucket);
      if (count === 0) continue;
      filled.indexes[i] = bucket;
      filled.counts[i++] = count;
    }
    return filled;
  }

  /** @inheritdoc */
  quantiles(row: number, qs: readonly number[], max: number): Quantiles {
    const start = row * STRIDE;
    const end = start + bucketIndex(max) + 1;
    let count = 0;
    for (let at = start; at < end; at++) count += this.#countAt(at);
    if (count === 0) return { count, values: qs.map(() => null) };
    let at = start;
    let seen = this.#countAt(at);
    const values = qs.map((q) => {
      const rank = quantileRank(count, q);
      while (seen < rank) seen += this.#countAt(++at);
      return rank === count ? max : Math.min(bucketMiddle(at - start), max);
    });
    return { count, values };
  }

  #addTo(at: number, count: number): void {
    const total = (this.#counts[at] >>> 0) + count;
    // The array takes the lower part of it.
    this.#counts[at] = total;
    if (total >= WORD) this.#carry(at, Math.floor(total / WORD));
  }

  #countAt(at: number): number {
    const low = this.#counts[at] >>> 0;
    return this.#carries.size === 0 ? low : low + WORD * (this.#carries.get(at) ?? 0);
  }

  #carry(at: number, carry: number): void {
    this.#carries.set(at, (this.#carries.get(at) ?? 0) + carry);
  }
}
