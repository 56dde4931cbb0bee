import type { CallCells, SlowLimits } from "../runtime/call_cells.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import type { Loss } from "../runtime/loss.ts";

/** Common to every consumer. It gets nothing while {@linkcode Consumer.canIngest} is false. */
export interface Consumer {
  /** False while the consumer can take no more. */
  readonly canIngest: boolean;
  /** Resolves when it can take a batch; rejects when it never will again. */
  room(): Promise<void>;
  /** Takes sums of calls. A consumer without it needs every call as a row. */
  ingestCells?(cells: CallCells): Promise<void>;
  /** Which calls it wants as rows where others are added up; none by default. */
  readonly slow?: SlowLimits;
  /** Called now and again, and at the end, with the calls lost so far and the time, nanoseconds since the trace began. */
  noteLoss?(loss: Loss, timeNs: number): void;
}

/** A consumer that is done with a batch when `ingest` returns, and leaves its columns as they are. */
export interface BatchReader extends Consumer {
  /** It does not keep them. */
  readonly keepsColumns: false;
  /** Reads a batch. */
  ingest(batch: EventBatch): void;
}

/** A consumer that takes the columns of a batch with it, to another thread for instance. */
export interface BatchKeeper extends Consumer {
  /** It keeps them. */
  readonly keepsColumns: true;
  /**
   * Takes a batch; the caller must not use its columns after. Resolves with columns for reuse, `null` when they are
   * lost. A failure also rejects the next `room`.
   */
  ingest(batch: EventBatch): Promise<EventColumns | null>;
}

/** Takes batches from a {@linkcode FanOut}. */
export type BatchConsumer = BatchReader | BatchKeeper;
