import type { EventSink, StreamSource } from "../runtime/contracts.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import type { Loss } from "../runtime/loss.ts";
import type { StreamRow, WarningRow } from "../runtime/row.ts";
import type { Arch } from "../runtime/syscalls/mod.ts";
import type { BatchReader } from "./batch_consumer.ts";
import { partOfBatch } from "./batch_copies.ts";
import { RowBuilder } from "./event_rows.ts";
import { STREAM_RING_ROWS } from "./stream_ring.ts";

/**
 * Fills the buffer of the interface with the newest rows of a trace. A busy machine makes more calls between two frames than
 * the buffer keeps, so calls are kept as columns, and rows are made of them when somebody looks.
 */
export class StreamFeed implements BatchReader, StreamSource {
  readonly keepsColumns = false;
  readonly #rows: RowBuilder;
  readonly #sink: EventSink;
  readonly canIngest = true;
  /** Calls that are not rows yet, with the names that are new with them, oldest first. */
  #waiting: EventBatch[] = [];
  #waitingCalls = 0;
  /** Columns for the next copy. */
  #spare: EventColumns | undefined;
  #lastSeq = 0;
  #lostCalls = 0;

  /** `arch` is the architecture whose call numbers the batches carry. */
  constructor(arch: Arch, sink: EventSink) {
    this.#rows = new RowBuilder(arch);
    this.#sink = sink;
  }

  /** Rows held now. */
  get length(): number {
    this.flush();
    return this.#sink.length;
  }

  /** The rows held now, oldest first. */
  snapshot(): (StreamRow | WarningRow)[] {
    this.flush();
    return this.#sink.snapshot();
  }

  /** Drops the rows that are no longer wanted; warnings stay. */
  retain(isWanted: (row: StreamRow) => boolean): void {
    this.flush();
    this.#sink.retain(isWanted);
  }

  /** There is always room. */
  room(): Promise<void> {
    return Promise.resolve();
  }

  /** Keeps a copy of the batch's newest calls, and lets go of those that would be overwritten. */
  ingest(batch: EventBatch): void {
    const { tasks, files, length } = batch;
    // Names alone would wait without end for calls to push them out.
    if (length === 0) {
      this.flush();
      return this.#rows.name(batch);
    }
    const part = partOfBatch(batch, Math.max(0, length - STREAM_RING_ROWS), length, this.#spare);
    this.#spare = undefined;
    this.#lastSeq = batch.firstSeq + length - 1;
    this.#waiting.push({ ...part, tasks, files });
    this.#waitingCalls += part.length;
    while (this.#waitingCalls - this.#waiting[0].length >= STREAM_RING_ROWS) {
      const oldest = this.#waiting.shift()!;
      this.#waitingCalls -= oldest.length;
      this.#rows.name(oldest);
      this.#spare = oldest.columns;
    }
  }

  /** Makes rows of the calls that wait. */
  flush(): void {
    for (const batch of this.#waiting) {
      this.#rows.apply(batch);
      for (let i = 0; i < batch.length; i++) this.#sink.push(this.#rows.row(i));
    }
    this.#waiting = [];
    this.#waitingCalls = 0;
  }

  /** Pushes a warning, with the number of the row before it, when more calls have been lost than at the last look. */
  noteLoss({ calls }: Loss, timeNs: number): void {
    if (calls === null || calls <= this.#lostCalls) return;
    const more = calls - this.#lostCalls;
    this.#lostCalls = calls;
    const warning = `${more} ${more === 1 ? "call was" : "calls were"} lost, ${calls} so far`;
    this.flush();
    this.#sink.push({ seq: this.#lastSeq, timeNs, warning });
  }
}
