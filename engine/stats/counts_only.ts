import { longer } from "../../runtime/longer.ts";
import { NO_BUCKET } from "./call_columns.ts";
import { type Filled, type Histograms, type Quantiles, takeOwnRoom } from "./histograms.ts";

/** Counts of a row: calls with a value, and without. */
const STRIDE = 2;

/** Histograms of one bucket, for sums whose quantiles nobody asks for: merging the others is what takes time. */
export class CountsOnly implements Histograms {
  #counts = new Float64Array(0);

  /** @inheritdoc */
  get bytes(): number {
    return this.#counts.byteLength;
  }

  /** @inheritdoc */
  increment(rows: Int32Array, buckets: Uint16Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#counts[rows[i] * STRIDE + (buckets[i] === NO_BUCKET ? 1 : 0)]++;
  }

  /** @inheritdoc */
  makeRoom(rows: number): void {
    if (rows * STRIDE > this.#counts.length) this.#counts = longer(this.#counts, rows * STRIDE);
  }

  /** @inheritdoc */
  add(row: number, bucket: number, count: number): void {
    this.#counts[row * STRIDE + (bucket === NO_BUCKET ? 1 : 0)] += count;
  }

  /** @inheritdoc */
  addAll(row: number, { indexes, counts }: Filled): void {
    for (let i = 0; i < indexes.length; i++) this.add(row, indexes[i], counts[i]);
  }

  /** @inheritdoc Values go to one bucket of `target`, so it should be another of these. */
  mergeInto(row: number, target: Histograms, to: number): void {
    const [values, without] = this.#counts.subarray(row * STRIDE, (row + 1) * STRIDE);
    if (values > 0) target.add(to, 0, values);
    if (without > 0) target.add(to, NO_BUCKET, without);
  }

  /** @inheritdoc All values are in the first class. */
  sumClasses(row: number, _max: number, classes: Uint8Array, sums: Float64Array, at: number): void {
    sums[at + classes[0]] += this.#counts[row * STRIDE];
    sums[at + classes[NO_BUCKET]] += this.#counts[row * STRIDE + 1];
  }

  /** @inheritdoc */
  clear(row: number): void {
    this.#counts.fill(0, row * STRIDE, (row + 1) * STRIDE);
  }

  /** @inheritdoc No quantile is known. */
  quantiles(row: number, qs: readonly number[]): Quantiles {
    return { count: this.#counts[row * STRIDE], values: qs.map(() => null) };
  }

  /** @inheritdoc */
  without(row: number): number {
    return this.#counts[row * STRIDE + 1];
  }

  /** @inheritdoc No bucket is known. */
  filled(_row: number, take = takeOwnRoom): Filled {
    return take(0);
  }
}
