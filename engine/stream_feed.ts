import type { EventSink } from "../runtime/contracts.ts";
import type { EventBatch } from "../runtime/event_batch.ts";
import type { Loss } from "../runtime/loss.ts";
import type { Arch } from "../runtime/syscalls/mod.ts";
import type { BatchReader } from "./batch_consumer.ts";
import { RowBuilder } from "./event_rows.ts";
import { STREAM_RING_ROWS } from "./stream_ring.ts";

/** Pushes the rows of a running trace into the buffer of the interface: of each batch only the newest, as many as it keeps. */
export class StreamFeed implements BatchReader {
  readonly keepsColumns = false;
  readonly #rows: RowBuilder;
  readonly #sink: EventSink;
  readonly canIngest = true;
  #lastSeq = 0;
  #lostCalls = 0;

  /** `arch` is the architecture whose call numbers the batches carry. */
  constructor(arch: Arch, sink: EventSink) {
    this.#rows = new RowBuilder(arch);
    this.#sink = sink;
  }

  /** There is always room. */
  room(): Promise<void> {
    return Promise.resolve();
  }

  /** Pushes the batch's newest rows, in their order. */
  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    this.#lastSeq = batch.firstSeq + batch.length - 1;
    for (let i = Math.max(0, batch.length - STREAM_RING_ROWS); i < batch.length; i++) {
      this.#sink.push(this.#rows.row(i));
    }
  }

  /** Pushes a warning, with the number of the row before it, when more calls have been lost than at the last look. */
  noteLoss({ calls }: Loss, timeNs: number): void {
    if (calls === null || calls <= this.#lostCalls) return;
    const more = calls - this.#lostCalls;
    this.#lostCalls = calls;
    const warning = `${more} ${more === 1 ? "call was" : "calls were"} lost, ${calls} so far`;
    this.#sink.push({ seq: this.#lastSeq, timeNs, warning });
  }
}
