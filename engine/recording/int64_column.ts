import { Bitmap } from "./bitmap.ts";
import { type EncodedColumn, int64Bytes, levelsOf } from "./encoded_column.ts";

const WORD = 0x1_0000_0000;

/**
 * Values of 64 bits of the rows of a row group, as the words that the file has: the low half first. A whole number from a
 * double is split by arithmetic, which costs a tenth of a `BigInt`.
 */
export class Int64Column {
  /** Low and high word of each value, nulls left out. */
  readonly words: Int32Array;
  /** Values so far. */
  length = 0;
  readonly #present: Bitmap | null;
  #min = Infinity;
  #max = -Infinity;

  /** `nullable`: rows may have no value. */
  constructor(capacity: number, nullable: boolean) {
    this.words = new Int32Array(2 * capacity);
    this.#present = nullable ? new Bitmap(capacity) : null;
  }

  /** Appends values `from` up to `to`; what is no finite number is a null, or 0 where there are none. */
  addNumbers(values: Float64Array, from: number, to: number): void {
    const { words } = this;
    let at = 2 * this.length;
    let min = this.#min;
    let max = this.#max;
    const present = this.#present;
    for (let i = from; i < to; i++) {
      const value = values[i];
      const finite = value - value === 0;
      if (present !== null) {
        present.push(finite ? 1 : 0);
        if (!finite) continue;
      }
      const high = Math.floor(value / WORD);
      words[at++] = value - high * WORD;
      words[at++] = high;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.length = at / 2;
    this.#min = min;
    this.#max = max;
  }

  /** Appends `count` values that follow each other from `first` on. */
  addSequence(first: number, count: number): void {
    const { words } = this;
    let at = 2 * this.length;
    for (let value = first; value < first + count; value++) {
      words[at++] = value;
      words[at++] = Math.floor(value / WORD);
    }
    this.length += count;
    if (first < this.#min) this.#min = first;
    if (first + count - 1 > this.#max) this.#max = first + count - 1;
  }

  /** Appends exact values; those of rows that have one of the bits `none` in `flags` are nulls. Keeps no bounds. */
  addExact(values: BigInt64Array, flags: Uint8Array, none: number, from: number, to: number): void {
    const source = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
    const { words } = this;
    let at = 2 * this.length;
    for (let i = from; i < to; i++) {
      const has = (flags[i] & none) === 0;
      this.#present?.push(has ? 1 : 0);
      if (!has) continue;
      words[at++] = source[2 * i];
      words[at++] = source[2 * i + 1];
    }
    this.length = at / 2;
  }

  /** The column as the file has it, with `offset` added to every value. Valid until {@linkcode Int64Column.clear}. */
  encode(rows: number, offset = 0n): EncodedColumn {
    const words = offset === 0n ? this.words : shifted(this.words, this.length, offset);
    const bounded = this.#max >= this.#min && Number.isSafeInteger(this.#min) &&
      Number.isSafeInteger(this.#max);
    return {
      levels: this.#present && levelsOf(this.#present),
      nulls: rows - this.length,
      dictionary: null,
      values: new Uint8Array(words.buffer, 0, 8 * this.length),
      bounds: bounded
        ? [int64Bytes(BigInt(this.#min) + offset), int64Bytes(BigInt(this.#max) + offset)]
        : null,
    };
  }

  /** Makes it empty. */
  clear(): void {
    this.length = 0;
    this.#present?.clear();
    this.#min = Infinity;
    this.#max = -Infinity;
  }
}

/** A copy of `count` values with `offset` added, 32 bits at a time. */
function shifted(words: Int32Array, count: number, offset: bigint): Int32Array {
  const sums = new Int32Array(2 * count);
  const lowOffset = Number(BigInt.asUintN(32, offset));
  const highOffset = Number(BigInt.asIntN(32, offset >> 32n));
  for (let i = 0; i < 2 * count; i += 2) {
    const low = (words[i] >>> 0) + lowOffset;
    sums[i] = low;
    sums[i + 1] = words[i + 1] + highOffset + (low >= WORD ? 1 : 0);
  }
  return sums;
}
