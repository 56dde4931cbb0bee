import { NO_FD } from "../../runtime/event_batch.ts";
import { Bitmap } from "./bitmap.ts";
import { type EncodedColumn, int32Bytes, levelsOf } from "./encoded_column.ts";

/** Descriptors of the rows of a row group; those without one are nulls. */
export class DescriptorColumn {
  readonly #values: Int32Array;
  readonly #present: Bitmap;
  #length = 0;

  /** Room for `capacity` rows. */
  constructor(capacity: number) {
    this.#values = new Int32Array(capacity);
    this.#present = new Bitmap(capacity);
  }

  /** Adds calls `from` up to `to`. */
  add(fd: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const has = fd[i] !== NO_FD;
      this.#present.push(has ? 1 : 0);
      if (has) this.#values[this.#length++] = fd[i];
    }
  }

  /** The column as the file has it. */
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
