import type { MaybePromise } from "../runtime/contracts.ts";
import type { EventBatch } from "../runtime/event_batch.ts";

/** Takes batches from the session. The session gives none while {@linkcode BatchConsumer.canIngest} is false. */
export interface BatchConsumer {
  /** False while the consumer has as much in hand as it may. */
  readonly canIngest: boolean;
  /** Resolves when it can take a batch; rejects when it never will again. */
  room(): Promise<void>;
  /** Takes a batch. */
  ingest(batch: EventBatch): MaybePromise<void>;
}
