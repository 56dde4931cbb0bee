import { longer } from "../../runtime/longer.ts";
import { NO_BUCKET } from "./call_columns.ts";

/** With this many cells every bucket has its own: the smallest power of two that holds all buckets. */
export const ALL_CELLS = 2048;

/** Low bits of a cell: 1 + the bucket, 0 for an empty cell. The bits above are the count's lower part. */
const KEY_BITS = 11;
const KEY_MASK = (1 << KEY_BITS) - 1;

/** Values that the lower part of a count can have. */
const COUNTS = 2 ** (32 - KEY_BITS);

if (NO_BUCKET >= KEY_MASK || ALL_CELLS !== KEY_MASK + 1) {
  throw new RangeError(`Cannot pack ${NO_BUCKET + 1} buckets into ${KEY_BITS} bits`);
}

/**
 * Blocks of cells in one array, each the filled buckets of one histogram: an open-addressing table, one word per cell:
 * bucket and count. A bucket's cell is its number modulo the block's size, so neighbouring buckets are neighbours in
 * memory. A count is exact up to 2^53: few exceed what a cell holds, and those have a carry beside it.
 *
 * A block is given by the start of its first cell and its number of cells minus one; callers keep both. It starts at a
 * multiple of its size, and free neighbours are joined: when thousands of histograms outgrow their blocks together, the
 * freed blocks make room for the larger ones.
 */
export class BucketCells {
  #cells = new Int32Array(ALL_CELLS);
  /** Counts divided by {@linkcode COUNTS}, by the index of their cell. */
  readonly #carries = new Map<number, number>();
  /** Starts of free blocks, by the logarithm of their number of cells. */
  readonly #free: Set<number>[] = Array.from({ length: Math.log2(ALL_CELLS) + 1 }, () => new Set());
  /** Where the next block of {@linkcode ALL_CELLS} starts that was never used. */
  #end = 0;
  #used = 0;

  /** Cells in the blocks that are allocated. */
  get used(): number {
    return this.#used;
  }

  /** Returns the start of a new block of `size` empty cells; `size` is a power of two up to {@linkcode ALL_CELLS}. */
  allocate(size: number): number {
    const start = this.#take(Math.log2(size));
    this.#cells.fill(0, start, start + size);
    this.#used += size;
    return start;
  }

  /** Frees a block. */
  release(start: number, mask: number): void {
    if (this.#carries.size > 0) { for (let at = start; at <= start + mask; at++) this.#carries.delete(at); }
    this.#used -= mask + 1;
    let order = Math.log2(mask + 1);
    // Of two neighbours that were split, the start of one differs from that of the other in one bit.
    for (; order < Math.log2(ALL_CELLS) && this.#free[order].delete(start ^ (1 << order)); order++) {
      start &= ~(1 << order);
    }
    this.#free[order].add(start);
  }

  /** Adds one to the count of each of the buckets, up to the first without a cell. Returns the index of that one. */
  increment(start: number, mask: number, buckets: Uint16Array, from: number, to: number): number {
    const cells = this.#cells;
    for (let i = from; i < to; i++) {
      const bucket = buckets[i];
      const at = start + (bucket & mask);
      if ((cells[at] & KEY_MASK) === bucket + 1) {
        const cell = (cells[at] + (1 << KEY_BITS)) | 0;
        cells[at] = cell;
        if (cell >>> KEY_BITS === 0) this.#carry(at, 1);
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
    for (let at = start; at <= start + mask; at++) {
      const key = this.#cells[at] & KEY_MASK;
      if (key !== 0) visit(key - 1, this.#countAt(at));
    }
  }

  /** Adds the count of each bucket to `sums[at + classes[bucket]]`. */
  sumClasses(start: number, mask: number, classes: Uint8Array, sums: Float64Array, at: number): void {
    const cells = this.#cells;
    for (let cell = start; cell <= start + mask; cell++) {
      const key = cells[cell] & KEY_MASK;
      if (key !== 0) sums[at + classes[key - 1]] += this.#countAt(cell);
    }
  }

  /** Takes a free block, a half of a larger one when there is none of the size. */
  #take(order: number): number {
    for (const start of this.#free[order]) {
      this.#free[order].delete(start);
      return start;
    }
    if (1 << order === ALL_CELLS) return this.#takeNew();
    const start = this.#take(order + 1);
    this.#free[order].add(start + (1 << order));
    return start;
  }

  #takeNew(): number {
    const start = this.#end;
    this.#end += ALL_CELLS;
    if (this.#end > this.#cells.length) this.#cells = longer(this.#cells, this.#end);
    return start;
  }

  #set(at: number, bucket: number, count: number): void {
    // The shift leaves the lower part of the count.
    this.#cells[at] = (count << KEY_BITS) | (bucket + 1);
    if (count >= COUNTS) this.#carries.set(at, Math.floor(count / COUNTS));
  }

  #countAt(at: number): number {
    const low = this.#cells[at] >>> KEY_BITS;
    return this.#carries.size === 0 ? low : low + COUNTS * (this.#carries.get(at) ?? 0);
  }

  #carry(at: number, carry: number): void {
    this.#carries.set(at, (this.#carries.get(at) ?? 0) + carry);
  }

  /** Where the cell of a bucket is, or an empty cell where it belongs. */
  #probe(start: number, mask: number, bucket: number): number {
    const cells = this.#cells;
    let cell = bucket & mask;
    for (;;) {
      const word = cells[start + cell];
      if (word === 0 || (word & KEY_MASK) === bucket + 1) return start + cell;
      cell = (cell + 1) & mask;
    }
  }
}
