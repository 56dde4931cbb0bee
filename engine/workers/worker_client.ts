import type { EventBatch, EventColumns } from "../../runtime/event_batch.ts";
import type { BatchKeeper } from "../batch_consumer.ts";
import type { Numbered, WorkerChannel } from "./worker_channel.ts";

/**
 * A worker that counts batches, as a consumer: what stats and flame worker have in common. A batch that cannot be
 * counted, or a worker that dies, ends it: everything pending and every later call rejects with the reason.
 */
export class WorkerClient<Request extends Numbered, Answer extends Numbered>
  implements BatchKeeper, AsyncDisposable {
  readonly keepsColumns = true;
  protected readonly worker: WorkerChannel<Request, Answer>;

  protected constructor(worker: WorkerChannel<Request, Answer>) {
    this.worker = worker;
  }

  /** True while the worker has fewer batches in hand than it may. */
  get canIngest(): boolean {
    return this.worker.canIngest;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the client has ended. */
  room(): Promise<void> {
    return this.worker.room();
  }

  /**
   * Sends a batch; its columns' buffer is transferred. Resolves with columns to be filled again, once it is counted.
   * Callers may ignore the promise: a failure also rejects {@linkcode room} and every later call. Rejects when there is
   * no room.
   */
  ingest(batch: EventBatch): Promise<EventColumns> {
    return this.worker.ingest(batch);
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.worker.close();
  }

  /** As {@linkcode close}. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
