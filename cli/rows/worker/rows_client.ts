import { WorkerChannel, type WorkerOptions } from "../../../engine/workers/worker_channel.ts";
import type { EventBatch, EventColumns } from "../../../runtime/event_batch.ts";
import { PROTOCOL_VERSION } from "../../../runtime/messages.ts";
import type { RowsConfig, RowsRequest } from "./rows_messages.ts";

/**
 * Batches whose text has not come back: enough that the worker always has one to write, and few enough that what is under
 * way is written in milliseconds when a trace ends.
 */
const MOST_UNDER_WAY = 3;

/** Takes a text, and `done` to be called when its bytes are no longer needed. */
export type TextSink = (text: Uint8Array, done: () => void) => void;

/** Writes calls in a worker of its own. Texts come in the order of the batches, in memory that is used again. */
export class RowsClient implements Disposable {
  readonly #worker: WorkerChannel<RowsRequest, never>;
  readonly #spare: ArrayBuffer[] = [];
  readonly #underWay = new Set<Promise<EventColumns>>();

  /** Starts the worker and resolves when it is ready for batches; `take` gets each text. Rejects when it cannot start. */
  static async start(config: RowsConfig, take: TextSink, options: WorkerOptions = {}): Promise<RowsClient> {
    const entry = new URL("./rows_worker.ts", import.meta.url);
    const hello = { kind: "hello" as const, protocol: PROTOCOL_VERSION, config };
    return new RowsClient(await WorkerChannel.open("rows worker", entry, hello, options), take);
  }

  private constructor(worker: WorkerChannel<RowsRequest, never>, take: TextSink) {
    this.#worker = worker;
    worker.onTaken = ({ text }) => {
      if (text === undefined) return;
      const { buffer, bytes } = text;
      take(new Uint8Array(buffer, 0, bytes), () => this.#spare.push(buffer));
    };
  }

  /** True while another batch may be sent. */
  get canIngest(): boolean {
    return this.#underWay.size < MOST_UNDER_WAY && this.#worker.canIngest;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the worker has ended. */
  async room(): Promise<void> {
    while (this.#underWay.size >= MOST_UNDER_WAY) await Promise.race(this.#underWay);
    await this.#worker.room();
  }

  /**
   * Sends a batch; its columns' buffer is transferred. Resolves with the columns, emptied, when its text has come; a failure
   * also rejects {@linkcode room} and {@linkcode drained}.
   */
  ingest(batch: EventBatch): Promise<EventColumns> {
    const taken = this.#worker.ingest(batch, this.#spare.pop());
    this.#underWay.add(taken);
    taken.then(() => this.#underWay.delete(taken), () => {});
    return taken;
  }

  /** Resolves when the text of every batch has come. */
  async drained(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#worker.room();
  }

  /** Ends the worker at once. */
  [Symbol.dispose](): void {
    this.#worker.close();
  }
}
