import type { EventSink } from "../runtime/contracts.ts";
import type { StreamRow, WarningRow } from "../runtime/row.ts";

/** Rows kept of the live stream: more than anyone scrolls back through, and about 3 MB of row objects. */
export const STREAM_RING_ROWS = 10_000;

/**
 * The newest rows of the live stream. A row that comes in takes the place of the oldest one when all places are taken;
 * the hole shows in the `seq` of those that stay.
 *
 * ```ts
 * import { StreamRing } from "./stream_ring.ts";
 * const ring = new StreamRing(2);
 * for (const seq of [1, 2, 3]) ring.push({ seq, timeNs: 0, warning: "" });
 * ring.snapshot().map((row) => row.seq); // [2, 3]
 * ```
 */
export class StreamRing implements EventSink {
  readonly #rows: (StreamRow | WarningRow | null)[];
  /** Place of the next row. */
  #next = 0;
  #length = 0;

  /** Throws a `RangeError` when `capacity`, in rows, is not a whole number from 1 on. */
  constructor(capacity: number = STREAM_RING_ROWS) {
    if (!(Number.isSafeInteger(capacity) && capacity >= 1)) {
      throw new RangeError(
        `Cannot make a stream ring: it is to hold ${capacity} rows, it must hold 1 or more`,
      );
    }
    // All places are there from the start, so that a push only writes.
    this.#rows = new Array<StreamRow | WarningRow | null>(capacity).fill(null);
  }

  /** Rows it can hold. */
  get capacity(): number {
    return this.#rows.length;
  }

  /** Rows held now. */
  get length(): number {
    return this.#length;
  }

  /** Appends a row, in the place of the oldest one when all are taken. The row is kept as it is and must not change. */
  push(row: StreamRow | WarningRow): void {
    const next = this.#next;
    this.#rows[next] = row;
    this.#next = next + 1 === this.#rows.length ? 0 : next + 1;
    if (this.#length < this.#rows.length) this.#length++;
  }

  /** The rows held now, oldest first, in an array of their own. */
  snapshot(): (StreamRow | WarningRow)[] {
    const rows = this.#length < this.#rows.length
      ? this.#rows.slice(0, this.#length)
      : [...this.#rows.slice(this.#next), ...this.#rows.slice(0, this.#next)];
    return rows as (StreamRow | WarningRow)[];
  }

  /** Lets go of the rows that are not wanted any more; warnings stay. */
  retain(isWanted: (row: StreamRow) => boolean): void {
    const kept = this.snapshot().filter((row) => "warning" in row || isWanted(row));
    this.clear();
    for (const row of kept) this.push(row);
  }

  /** Lets all rows go, for a stream that starts anew. */
  clear(): void {
    this.#rows.fill(null);
    this.#next = 0;
    this.#length = 0;
  }
}
