import { NO_BUCKET } from "./call_columns.ts";

/** With this many cells every bucket has its own: the smallest power of two that holds all buckets. */
export const ALL_CELLS = 2048;

/** Low bits of a cell's first word: 1 + the bucket, 0 for an empty cell. The bits above are the count's upper part. */
const KEY_BITS = 11;
const KEY_MASK = (1 << KEY_BITS) - 1;

const WORD = 2 ** 32;

if (NO_BUCKET >= KEY_MASK || ALL_CELLS !== KEY_MASK + 1) {
  throw new RangeError(`Cannot pack ${NO_BUCKET + 1} buckets into ${KEY_BITS} bits`);
}

/**
 * Blocks of cells in one array, each the filled buckets of one histogram: an open-addressing table of two words per cell:
 * bucket with the upper part of the count, and the lower part. A bucket's cell is its number modulo the block's size, so
 * neighbouring buckets are neighbours in memory. A count is exact up to 2^53.
 *
 * A block is given by the start of its first cell and its number of cells minus one; callers keep both.
 */
export class BucketCells {
  #cells = new Int32Array(2 * 1024);
  /** Words in use. */
  #used = 0;
  /** Starts of free blocks, by the logarithm of their number of cells. */
  readonly #free: number[][] = Array.from({ length: Math.log2(ALL_CELLS) + 1 }, () => []);

  /** Returns the start of a new block of `size` empty cells; `size` is a power of two up to {@linkcode ALL_CELLS}. */
  allocate(size: number): number {
    const words = 2 * size;
    const free = this.#free[Math.log2(size)].pop();
    if (free !== undefined) {
      this.#cells.fill(0, free, free + words);
      return free;
    }
    const start = this.#used;
    this.#used += words;
    if (this.#used > this.#cells.length) {
      this.#cells = new Int32Array(this.#cells.buffer.transfer(2 * this.#cells.byteLength));
    }
    return start;
  }

  /** Frees a block. */
  release(start: number, mask: number): void {
    this.#free[Math.log2(mask + 1)].push(start);
  }

  /** Adds one to the count of each of the buckets, up to the first without a cell. Returns the index of that one. */
  increment(start: number, mask: number, buckets: Uint16Array, from: number, to: number): number {
    const cells = this.#cells;
    for (let i = from; i < to; i++) {
      const bucket = buckets[i];
      const at = start + ((bucket & mask) << 1);
      if ((cells[at] & KEY_MASK) === bucket + 1) {
        // The lower part of a count is an unsigned word; in signed arithmetic it reaches 2^32 where it becomes 0.
        const low = (cells[at + 1] + 1) | 0;
        cells[at + 1] = low;
        if (low === 0) cells[at] += 1 << KEY_BITS;
      } else if (!this.add(start, mask, bucket, 1)) {
        return i;
      }
    }
    return to;
  }

  /** Adds to the count of a bucket that has a cell; returns false when it has none. */
  add(start: number, mask: number, bucket: number, count: number): boolean {
    const at = this.#probe(start, mask, bucket);
    if (this.#cells[at] === 0) return false;
    this.#set(at, bucket, this.#countAt(at) + count);
    return true;
  }

  /** Gives a bucket without a cell one, with its count. The block must have an empty cell. */
  insert(start: number, mask: number, bucket: number, count: number): void {
    this.#set(this.#probe(start, mask, bucket), bucket, count);
  }

  /** The count of a bucket, 0 when it has no cell. */
  count(start: number, mask: number, bucket: number): number {
    const at = this.#probe(start, mask, bucket);
    return this.#cells[at] === 0 ? 0 : this.#countAt(at);
  }

  /** Calls `visit` for each cell that is filled, in no particular order; it may allocate blocks. */
  forEach(start: number, mask: number, visit: (bucket: number, count: number) => void): void {
    for (let at = start; at <= start + 2 * mask; at += 2) {
      const key = this.#cells[at] & KEY_MASK;
      if (key !== 0) visit(key - 1, this.#countAt(at));
    }
  }

  #set(at: number, bucket: number, count: number): void {
    this.#cells[at] = (Math.floor(count / WORD) << KEY_BITS) | (bucket + 1);
    this.#cells[at + 1] = count % WORD;
  }

  #countAt(at: number): number {
    return (this.#cells[at] >>> KEY_BITS) * WORD + (this.#cells[at + 1] >>> 0);
  }

  /** Where the cell of a bucket starts, or an empty cell where it belongs. */
  #probe(start: number, mask: number, bucket: number): number {
    const cells = this.#cells;
    let cell = bucket & mask;
    for (;;) {
      const word = cells[start + 2 * cell];
      if (word === 0 || (word & KEY_MASK) === bucket + 1) return start + 2 * cell;
      cell = (cell + 1) & mask;
    }
  }
}
