import type { EventSink } from "../runtime/contracts.ts";
import type { StreamRow, WarningRow } from "../runtime/row.ts";

/** Number of rows kept of the live stream: more than anyone scrolls back through, about 3 MB of row objects. */
export const STREAM_RING_ROWS = 10_000;

/**
 * The newest rows of the live stream. When it is full, a new row replaces the oldest one; the gap shows
 * in the `seq` of the rows that stay.
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
  #warnings = 0;

  /** Throws a `RangeError` unless `capacity`, in rows, is a positive integer. */
  constructor(capacity: number = STREAM_RING_ROWS) {
    if (!(Number.isSafeInteger(capacity) && capacity >= 1)) {
      throw new RangeError(
        `Cannot make a stream ring: its capacity is ${capacity} rows, it must be 1 or more`,
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

  /** Warnings among the rows held. */
  get warnings(): number {
    return this.#warnings;
  }

  /** Appends a row, replacing the oldest one when the ring is full. The row is not copied and must not change. */
  push(row: StreamRow | WarningRow): void {
    const next = this.#next;
    const replaced = this.#rows[next];
    if (replaced !== null && "warning" in replaced) this.#warnings--;
    if ("warning" in row) this.#warnings++;
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

  /** Drops the rows that are no longer wanted; warnings stay. */
  retain(isWanted: (row: StreamRow) => boolean): void {
    const kept = this.snapshot().filter((row) => "warning" in row || isWanted(row));
    this.clear();
    for (const row of kept) this.push(row);
  }

  /** Drops all rows, for a stream that starts again. */
  clear(): void {
    this.#rows.fill(null);
    this.#next = 0;
    this.#length = 0;
    this.#warnings = 0;
  }
}
