import type { CallCells } from "../runtime/call_cells.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import type { Loss } from "../runtime/loss.ts";

/** What every consumer has. It is given nothing while {@linkcode Consumer.canIngest} is false. */
export interface Consumer {
  /** False while the consumer has as much in hand as it may. */
  readonly canIngest: boolean;
  /** Resolves when it can take a batch; rejects when it never will again. */
  room(): Promise<void>;
  /** Takes sums of calls. A consumer without it needs every call as a row. */
  ingestCells?(cells: CallCells): Promise<void>;
  /** Told after each look at the ring how many calls have been lost by then, nanoseconds into the trace. */
  noteLoss?(loss: Loss, timeNs: number): void;
}

/** A consumer that is done with a batch when `ingest` returns, and leaves its columns as they are. */
export interface BatchReader extends Consumer {
  /** It leaves them. */
  readonly keepsColumns: false;
  /** Reads a batch. */
  ingest(batch: EventBatch): void;
}

/** A consumer that takes the columns of a batch with it, to another thread for instance. */
export interface BatchKeeper extends Consumer {
  /** It takes them. */
  readonly keepsColumns: true;
  /**
   * Takes a batch; its columns must not be touched any more. Resolves with columns to be filled again, `null` when they
   * are lost. A failure also shows at the next `room`.
   */
  ingest(batch: EventBatch): Promise<EventColumns | null>;
}

/** Takes batches from a {@linkcode FanOut}. */
export type BatchConsumer = BatchReader | BatchKeeper;
