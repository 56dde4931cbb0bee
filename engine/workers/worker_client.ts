import type { EventBatch, EventColumns } from "../../runtime/event_batch.ts";
import type { BatchKeeper } from "../batch_consumer.ts";

/** The end of a channel that takes batches. */
export type BatchChannel = Omit<BatchKeeper, "keepsColumns"> & {
  /** Ends the worker at once; what is pending rejects. */
  close(): void;
};

/**
 * A worker that takes batches, as a consumer: the common part of all clients. A batch that cannot be
 * taken, or a worker that dies, ends it: everything pending and every later call rejects with the reason.
 */
export class WorkerClient implements BatchKeeper, AsyncDisposable {
  /** The columns go to the worker. */
  readonly keepsColumns = true;
  readonly #channel: BatchChannel;

  /** `channel` is the worker's, ready for batches. */
  constructor(channel: BatchChannel) {
    this.#channel = channel;
  }

  /** True while the worker may take another batch. */
  get canIngest(): boolean {
    return this.#channel.canIngest;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the client has ended. */
  room(): Promise<void> {
    return this.#channel.room();
  }

  /**
   * Sends a batch; its columns' buffer is transferred. Resolves with columns for reuse, once it is counted.
   * Callers may ignore the promise: a failure also rejects {@linkcode room} and every later call. Rejects when there is
   * no room.
   */
  ingest(batch: EventBatch): Promise<EventColumns | null> {
    return this.#channel.ingest(batch);
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.#channel.close();
  }

  /** As {@linkcode close}. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
