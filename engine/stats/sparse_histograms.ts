import { longer } from "../../runtime/longer.ts";
import { quantileRank } from "../../runtime/quantile.ts";
import { ALL_CELLS, BucketCells } from "./bucket_cells.ts";
import { BUCKET_COUNT } from "./buckets.ts";
import { NO_BUCKET } from "./call_columns.ts";
import { bucketMiddle } from "./buckets.ts";
import { DENSE_STRIDE, DenseHistograms } from "./dense_histograms.ts";
import { type Filled, type Histograms, type Quantiles, takeOwnRoom } from "./histograms.ts";

/**
 * Words of a histogram's head: where its cells start, -1 for none; its number of cells minus one; filled cells; values in the
 * list; how often the list was full; its number among the dense ones, -1 for none; then the list, two values per
 * word. 64 bytes are one line of the processor's cache.
 */
const START = 0;
const MASK = 1;
const FILLED = 2;
const LISTED = 3;
const LISTS = 4;
const DENSE = 5;
const HEAD = 16;
const LIST = 2 * (DENSE + 1);

/**
 * Values that are only appended, and counted together when the list is full: a call then touches one cache line, not two,
 * and most files see no more calls and need no cells at all.
 */
const LIST_VALUES = 2 * HEAD - LIST;

/** Number of cells when the list is full for the first time. */
const FIRST_CELLS = 16;

/** A histogram that has had this many full lists, two thousand values, counts a large part of the calls and becomes dense. */
const DENSE_LISTS = 100;

/** Room to add up one histogram by bucket, all 0 between two of them. */
const COUNTS = new Float64Array(BUCKET_COUNT);

/** Maximum number of dense histograms, 6.3 KB each. */
const MAX_DENSE = 512;

/** The number of one histogram, for each value of its list. */
const one = new Int32Array(LIST_VALUES);

/** Where one histogram is spread out to find its quantiles; empty in between. */
const spread = new DenseHistograms();
spread.makeRoom(1);

/**
 * Histograms that take as much room as their filled buckets need: there is one for each of tens of thousands of files. The
 * first and the latest values are a list; the others are in cells for filled buckets only, see {@linkcode BucketCells}. The
 * histograms of busy rows have a count for every bucket.
 */
export class SparseHistograms implements Histograms {
  #heads = new Int32Array(0);
  /** The same memory, for the lists. */
  #lists = new Uint16Array(0);
  readonly #cells = new BucketCells();
  readonly #dense = new DenseHistograms();
  #denseEnd = 0;
  readonly #denseFree: number[] = [];

  /** @inheritdoc */
  get bytes(): number {
    return 4 * (this.#cells.used + DENSE_STRIDE * (this.#denseEnd - this.#denseFree.length));
  }

  /** @inheritdoc */
  increment(rows: Int32Array, buckets: Uint16Array, from: number, to: number): void {
    const heads = this.#heads;
    const lists = this.#lists;
    let counts = this.#dense.counts;
    // Calls of one process or one file often follow each other.
    let last = -1;
    let dense = -1;
    for (let i = from; i < to; i++) {
      const head = Math.imul(rows[i], HEAD);
      if (head !== last) {
        last = head;
        dense = heads[head + DENSE];
      }
      if (dense >= 0) {
        const at = Math.imul(dense, DENSE_STRIDE) + buckets[i];
        const count = (counts[at] + 1) | 0;
        counts[at] = count;
        if (count === 0) this.#dense.passed(at);
        continue;
      }
      const listed = heads[head + LISTED];
      lists[(head << 1) + LIST + listed] = buckets[i];
      heads[head + LISTED] = listed + 1;
      if (listed + 1 === LIST_VALUES) {
        this.#countList(head);
        counts = this.#dense.counts;
        last = -1;
      }
    }
  }

  /** @inheritdoc */
  makeRoom(rows: number): void {
    const before = this.#heads.length;
    if (rows * HEAD <= before) return;
    this.#heads = longer(this.#heads, rows * HEAD);
    this.#lists = new Uint16Array(this.#heads.buffer);
    for (let head = before; head < this.#heads.length; head += HEAD) {
      this.#heads[head + START] = -1;
      this.#heads[head + DENSE] = -1;
    }
  }

  /** @inheritdoc */
  add(row: number, bucket: number, count: number): void {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) return this.#dense.add(dense, bucket, count);
    if (count > 1) return this.#addToCell(head, bucket, count);
    const listed = this.#heads[head + LISTED];
    this.#lists[2 * head + LIST + listed] = bucket;
    this.#heads[head + LISTED] = listed + 1;
    if (listed + 1 === LIST_VALUES) this.#countList(head);
  }

  /** @inheritdoc */
  addAll(row: number, filled: Filled): void {
    const dense = this.#heads[row * HEAD + DENSE];
    if (dense >= 0) return this.#dense.addAll(dense, filled);
    const { indexes, counts } = filled;
    for (let i = 0; i < indexes.length; i++) this.add(row, indexes[i], counts[i]);
  }

  /** @inheritdoc */
  mergeInto(row: number, target: Histograms, to: number): void {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) return this.#dense.mergeInto(dense, target, to);
    // By the loop that counts calls, which the compiler knows already when a snapshot merges thousands of files.
    const list = this.#list(head);
    target.increment(one.fill(to, 0, list.length), list, 0, list.length);
    const start = this.#heads[head + START];
    if (start < 0) return;
    this.#cells.forEach(start, this.#heads[head + MASK], (bucket, count) => target.add(to, bucket, count));
  }

  /** @inheritdoc */
  sumClasses(row: number, max: number, classes: Uint8Array, sums: Float64Array, at: number): void {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) return this.#dense.sumClasses(dense, max, classes, sums, at);
    const from = 2 * head + LIST;
    const to = from + this.#heads[head + LISTED];
    for (let i = from; i < to; i++) sums[at + classes[this.#lists[i]]]++;
    const start = this.#heads[head + START];
    if (start >= 0) this.#cells.sumClasses(start, this.#heads[head + MASK], classes, sums, at);
  }

  /** @inheritdoc */
  clear(row: number): void {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) {
      this.#dense.clear(dense);
      this.#denseFree.push(dense);
    }
    this.#releaseCells(head);
    this.#heads[head + DENSE] = -1;
    this.#heads[head + LISTED] = 0;
    this.#heads[head + LISTS] = 0;
  }

  /** @inheritdoc */
  quantiles(row: number, qs: readonly number[], max: number): Quantiles {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) return this.#dense.quantiles(dense, qs, max);
    if (this.#heads[head + START] < 0) return quantilesOf(this.#list(head), qs, max);
    this.mergeInto(row, spread, 0);
    const quantiles = spread.quantiles(0, qs, max);
    spread.clear(0);
    return quantiles;
  }

  /** @inheritdoc */
  without(row: number): number {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) return this.#dense.without(dense);
    let without = 0;
    for (const bucket of this.#list(head)) if (bucket === NO_BUCKET) without++;
    const start = this.#heads[head + START];
    return start < 0 ? without : without + this.#cells.count(start, this.#heads[head + MASK], NO_BUCKET);
  }

  /** @inheritdoc */
  filled(row: number, take = takeOwnRoom): Filled {
    const head = row * HEAD;
    const dense = this.#heads[head + DENSE];
    if (dense >= 0) return this.#dense.filled(dense, take);
    let [length, first, last] = [0, BUCKET_COUNT, -1];
    const count = (bucket: number, count: number) => {
      if (bucket === NO_BUCKET) return;
      if (COUNTS[bucket] === 0) length++;
      COUNTS[bucket] += count;
      if (bucket < first) first = bucket;
      if (bucket > last) last = bucket;
    };
    for (const bucket of this.#list(head)) count(bucket, 1);
    const start = this.#heads[head + START];
    if (start >= 0) this.#cells.forEach(start, this.#heads[head + MASK], count);
    const filled = take(length);
    for (let bucket = first, i = 0; bucket <= last; bucket++) {
      if (COUNTS[bucket] === 0) continue;
      filled.indexes[i] = bucket;
      filled.counts[i++] = COUNTS[bucket];
      COUNTS[bucket] = 0;
    }
    return filled;
  }

  #list(head: number): Uint16Array {
    const from = 2 * head + LIST;
    return this.#lists.subarray(from, from + this.#heads[head + LISTED]);
  }

  /** Counts the values of a full list, and empties it. */
  #countList(head: number): void {
    const heads = this.#heads;
    heads[head + LISTED] = 0;
    if (++heads[head + LISTS] >= DENSE_LISTS && this.#makeDense(head)) return;
    const from = 2 * head + LIST;
    const to = from + LIST_VALUES;
    for (let i = from; i < to; i++) {
      const start = heads[head + START];
      if (start >= 0) i = this.#cells.increment(start, heads[head + MASK], this.#lists, i, to);
      if (i < to) this.#addToCell(head, this.#lists[i], 1);
    }
  }

  /** Turns a histogram with a full list into a dense one; returns false when there are too many of them. */
  #makeDense(head: number): boolean {
    if (this.#denseFree.length === 0 && this.#denseEnd === MAX_DENSE) return false;
    const dense = this.#denseFree.pop() ?? this.#denseEnd++;
    this.#dense.makeRoom(dense + 1);
    for (let i = 0; i < LIST_VALUES; i++) this.#dense.add(dense, this.#lists[2 * head + LIST + i], 1);
    const start = this.#heads[head + START];
    if (start >= 0) {
      this.#cells.forEach(
        start,
        this.#heads[head + MASK],
        (bucket, count) => this.#dense.add(dense, bucket, count),
      );
    }
    this.#releaseCells(head);
    this.#heads[head + DENSE] = dense;
    return true;
  }

  /** Adds to the cell of a bucket, taking an empty cell when it has none and a larger block before three of four are filled. */
  #addToCell(head: number, bucket: number, count: number): void {
    const heads = this.#heads;
    const cells = this.#cells;
    const start = heads[head + START];
    const mask = heads[head + MASK];
    if (start < 0) {
      this.#place(head, FIRST_CELLS);
    } else {
      if (cells.add(start, mask, bucket, count)) return;
      if (mask + 1 < ALL_CELLS && 4 * (heads[head + FILLED] + 1) > 3 * (mask + 1)) {
        this.#place(head, 2 * (mask + 1));
        cells.forEach(
          start,
          mask,
          (bucket, count) => cells.insert(heads[head + START], heads[head + MASK], bucket, count),
        );
        cells.release(start, mask);
      }
    }
    cells.insert(heads[head + START], heads[head + MASK], bucket, count);
    heads[head + FILLED]++;
  }

  #place(head: number, size: number): void {
    this.#heads[head + START] = this.#cells.allocate(size);
    this.#heads[head + MASK] = size - 1;
  }

  #releaseCells(head: number): void {
    const start = this.#heads[head + START];
    if (start >= 0) this.#cells.release(start, this.#heads[head + MASK]);
    this.#heads[head + START] = -1;
    this.#heads[head + FILLED] = 0;
  }
}

/** The quantiles of a list of buckets, in any order. */
function quantilesOf(list: Uint16Array, qs: readonly number[], max: number): Quantiles {
  const sorted = list.slice().sort();
  const end = sorted.indexOf(NO_BUCKET); // the highest number
  const count = end < 0 ? sorted.length : end;
  const values = qs.map((q) => {
    const rank = quantileRank(count, q);
    return count === 0 ? null : rank === count ? max : Math.min(bucketMiddle(sorted[rank - 1]), max);
  });
  return { count, values };
}
