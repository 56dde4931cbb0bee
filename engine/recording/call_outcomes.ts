import { errnoName } from "../../runtime/errno.ts";
import { type EventColumns, EventFlag } from "../../runtime/event_batch.ts";
import { Bitmap } from "./bitmap.ts";
import { encodeDictionary, TEXT } from "./dictionary.ts";
import type { EncodedColumn } from "./encoded_column.ts";

/** Errors are the return values from -4095 on, see `IS_ERR_VALUE` in the kernel's include/linux/err.h. */
const MAX_ERRNO = 4095;

/** Bits of calls that have no result. */
export const DID_NOT_RETURN: number = EventFlag.NO_RETURN | EventFlag.KILLED;

/** By the path bits of the flags, shifted to the right; the first one names it when both hold. */
const PATH_ERRORS = [null, "fault", "truncated", "fault"] as const;
const PATH_SHIFT = Math.log2(EventFlag.PATH_FAULT);

/** How the calls of a row group ended: what the file has as `errno`, `failed` and `path_error`. */
export class CallOutcomes {
  readonly #errno: Uint16Array;
  readonly #failed: Bitmap;
  readonly #pathError: Uint8Array;
  #rows = 0;

  /** Room for `capacity` rows. */
  constructor(capacity: number) {
    this.#errno = new Uint16Array(capacity);
    this.#failed = new Bitmap(capacity);
    this.#pathError = new Uint8Array(capacity);
  }

  /** Adds calls `from` up to `to`. */
  add({ ret, flags }: EventColumns, from: number, to: number): void {
    // The two halves of each return value: an element of a BigInt64Array costs an allocation to look at.
    const words = new Int32Array(ret.buffer, ret.byteOffset, 2 * ret.length);
    let row = this.#rows;
    for (let i = from; i < to; i++, row++) {
      const low = words[2 * i];
      const failed = words[2 * i + 1] === -1 && low < 0 && low >= -MAX_ERRNO &&
        (flags[i] & DID_NOT_RETURN) === 0;
      this.#errno[row] = failed ? -low : 0;
      this.#failed.push(failed ? 1 : 0);
      this.#pathError[row] = (flags[i] >> PATH_SHIFT) & 3;
    }
    this.#rows = row;
  }

  /** Name of the error, for those that failed. */
  errno(): EncodedColumn {
    const names = Array.from({ length: MAX_ERRNO + 1 }, (_, errno) => errno === 0 ? null : errnoName(errno));
    return encodeDictionary(this.#errno, this.#rows, names, TEXT, true);
  }

  /** Which failed. */
  failed(): EncodedColumn {
    return { levels: null, nulls: 0, dictionary: null, values: this.#failed.filled(), bounds: null };
  }

  /** Why the path is not there in full. */
  pathError(): EncodedColumn {
    return encodeDictionary(this.#pathError, this.#rows, PATH_ERRORS, TEXT, true);
  }

  /** Makes it empty. */
  clear(): void {
    this.#failed.clear();
    this.#rows = 0;
  }
}
