import { errnoName, MAX_ERRNO } from "../../runtime/errno.ts";
import { type EventColumns, EventFlag } from "../../runtime/event_batch.ts";
import { errnoOf, returnWords } from "../../runtime/outcome.ts";
import type { EncodedColumn } from "../parquet/write_column.ts";
import { encodeDictionary, TEXT } from "../parquet/write_dictionary.ts";
import { Bitmap } from "../parquet/write_levels.ts";

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
  add(columns: EventColumns, from: number, to: number): void {
    const words = returnWords(columns);
    const { flags } = columns;
    let row = this.#rows;
    for (let i = from; i < to; i++, row++) {
      const errno = errnoOf(words, flags, i);
      this.#errno[row] = errno;
      this.#failed.push(errno === 0 ? 0 : 1);
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
