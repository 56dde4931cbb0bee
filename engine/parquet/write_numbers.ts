import { int32Bytes, int64Bytes } from "./write_bytes.ts";
import type { EncodedColumn } from "./write_column.ts";
import { Bitmap, levelsOf } from "./write_levels.ts";

const WORD = 0x1_0000_0000;

/**
 * The 64-bit values of a row group, as stored: two words each, the low half first. Doubles are split by arithmetic, which
 * costs a tenth of a `BigInt`.
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

  /** Appends values `from` up to `to`; one that is not finite becomes null, or 0 in a column that is not nullable. */
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

  /** Appends `count` consecutive values from `first` on. */
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

  /** Appends rows without a value. */
  addNulls(count: number): void {
    for (let i = 0; i < count; i++) this.#present?.push(0);
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

  /** The column as the file has it. Valid until {@linkcode Int64Column.clear}. */
  encode(rows: number): EncodedColumn {
    return {
      levels: this.#present && levelsOf(this.#present),
      nulls: rows - this.length,
      dictionary: null,
      values: new Uint8Array(this.words.buffer, 0, 8 * this.length),
      bounds: boundsOf(this.#min, this.#max),
    };
  }

  /** A column of the values mapped by `value`, which must be increasing. */
  encodeMapped(value: (value: number) => number): EncodedColumn {
    const { words, length } = this;
    const mapped = new Int32Array(2 * length);
    for (let at = 0; at < mapped.length; at += 2) {
      const whole = value(words[at + 1] * WORD + (words[at] >>> 0));
      const high = Math.floor(whole / WORD);
      mapped[at] = whole - high * WORD;
      mapped[at + 1] = high;
    }
    const bounds = boundsOf(value(this.#min), value(this.#max));
    return { levels: null, nulls: 0, dictionary: null, values: new Uint8Array(mapped.buffer), bounds };
  }

  /** Makes it empty. */
  clear(): void {
    this.length = 0;
    this.#present?.clear();
    this.#min = Infinity;
    this.#max = -Infinity;
  }
}

/** The bounds, only when exact; `min` is infinite when there are no values. */
function boundsOf(min: number, max: number): EncodedColumn["bounds"] {
  const exact = Number.isSafeInteger(min) && Number.isSafeInteger(max);
  return exact ? [int64Bytes(BigInt(min)), int64Bytes(BigInt(max))] : null;
}

/** Values of 32 bits of the rows of a row group; those that are `none` are nulls. */
export class Int32Column {
  readonly #none: number;
  readonly #given: number;
  readonly #values: Int32Array;
  readonly #present: Bitmap;
  #length = 0;

  /** Room for `capacity` rows. The number `none` is no value, unless a row has a flag of `given`. */
  constructor(capacity: number, none: number, given: number) {
    this.#none = none;
    this.#given = given;
    this.#values = new Int32Array(capacity);
    this.#present = new Bitmap(capacity);
  }

  /** Adds values `from` up to `to`. */
  add(values: Int32Array, flags: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const has = values[i] !== this.#none || (flags[i] & this.#given) !== 0;
      this.#present.push(has ? 1 : 0);
      if (has) this.#values[this.#length++] = values[i];
    }
  }

  /** The column as the file has it. Valid until {@linkcode Int32Column.clear}. */
  encode(): EncodedColumn {
    const values = this.#values.subarray(0, this.#length);
    let min = Infinity;
    let max = -Infinity;
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    return {
      levels: levelsOf(this.#present),
      nulls: this.#present.length - this.#length,
      dictionary: null,
      values: new Uint8Array(values.buffer, 0, 4 * this.#length),
      bounds: this.#length === 0 ? null : [int32Bytes(min), int32Bytes(max)],
    };
  }

  /** Makes it empty. */
  clear(): void {
    this.#present.clear();
    this.#length = 0;
  }
}
