import type { Recorder, RecorderStatus } from "../../runtime/contracts.ts";
import { errorToData, IorError } from "../../runtime/errors.ts";
import type { EventBatch, EventColumns } from "../../runtime/event_batch.ts";
import { PROTOCOL_VERSION } from "../../runtime/messages.ts";
import type { RecorderAnswer, RecorderConfig, RecorderRequest } from "../../runtime/recorder_messages.ts";
import type { RecordingEnd, RecordingStart } from "../../runtime/recording.ts";
import type { ReportHeader } from "../../runtime/report.ts";
import type { BatchKeeper } from "../batch_consumer.ts";
import { WorkerChannel, type WorkerOptions } from "./worker_channel.ts";

/**
 * Writes a recording in a worker of its own. It takes batches from {@linkcode RecorderClient.start} on. A failure after
 * that ends only the recording: later batches are counted as dropped, and the status has the reason.
 */
export class RecorderClient implements Recorder, BatchKeeper, AsyncDisposable {
  /** The columns go to the worker. */
  readonly keepsColumns = true;
  readonly #config: RecorderConfig;
  readonly #worker: WorkerChannel<RecorderRequest, RecorderAnswer>;
  readonly #started = Promise.withResolvers<void>();
  #isStarted = false;
  #isFinal = false;
  /** Rows of the batches so far, for when the worker dies. */
  #rows = 0;
  #failure: IorError | null = null;

  /**
   * Starts the worker and opens the place the recording goes to, before anything is traced.
   *
   * @throws {IorError} `usage` when it cannot be written to.
   */
  static async open(config: RecorderConfig, options: WorkerOptions = {}): Promise<RecorderClient> {
    const entry = new URL("./recorder_worker.ts", import.meta.url);
    const hello = { kind: "hello" as const, protocol: PROTOCOL_VERSION, config };
    return new RecorderClient(config, await WorkerChannel.open("recorder worker", entry, hello, options));
  }

  private constructor(config: RecorderConfig, worker: WorkerChannel<RecorderRequest, RecorderAnswer>) {
    this.#config = config;
    this.#worker = worker;
    this.#started.promise.catch(() => {}); // whoever awaits room sees it
  }

  /** Begins a run; in a directory, again after `stop`. Before the first, there is no room for batches. */
  async start(start: RecordingStart): Promise<void> {
    this.#isFinal = false;
    this.#rows = 0;
    const begun = this.#worker.tell({ kind: "start", start });
    this.#isStarted = true;
    this.#started.resolve();
    await begun.catch((reason) => this.#fail(reason));
  }

  /** True while the worker may take another batch, and always once the recording has failed. */
  get canIngest(): boolean {
    return this.#isStarted && (this.#failure !== null || this.#worker.canIngest);
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the client is closed before it was started. */
  async room(): Promise<void> {
    await this.#started.promise;
    if (this.#failure === null) await this.#worker.room().catch((reason) => this.#fail(reason));
  }

  /**
   * Sends a batch; its columns' buffer is transferred. Resolves with columns for reuse once it is taken in or
   * dropped; with `null` when they are lost with the worker.
   */
  async ingest(batch: EventBatch): Promise<EventColumns | null> {
    this.#rows += batch.length;
    if (this.#failure !== null) return batch.columns;
    try {
      return await this.#worker.ingest(batch);
    } catch (reason) {
      this.#fail(reason);
      return null;
    }
  }

  /** Sends what is now known of the run, for the segments that end from here on. */
  async update(header: ReportHeader): Promise<void> {
    if (this.#failure !== null) return;
    await this.#worker.tell({ kind: "update", header }).catch((reason) => this.#fail(reason));
  }

  /** Ends the segment that is written; the next row begins another. A recording of one file goes on. */
  async cut(): Promise<void> {
    if (this.#failure !== null) return;
    await this.#worker.tell({ kind: "cut" }).catch((reason) => this.#fail(reason));
  }

  /** The status so far. */
  status(): Promise<RecorderStatus> {
    return this.#status({ kind: "status" });
  }

  /** Completes the recording, which has its name when this resolves with the final status. */
  async stop(end: RecordingEnd): Promise<RecorderStatus> {
    const status = await this.#status({ kind: "stop", end });
    this.#isFinal = true;
    return status;
  }

  /** Removes what is not complete, and ends the worker. Safe to call more than once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#started.reject(new IorError("runtime", "The recording was given up before it was started"));
    if (!this.#isFinal && this.#failure === null) {
      await this.#worker.tell({ kind: "discard" }).catch(() => {});
    }
    this.#isFinal = true;
    this.#worker.close();
  }

  async #status(request: { kind: "status" } | { kind: "stop"; end: RecordingEnd }): Promise<RecorderStatus> {
    if (this.#failure === null) {
      try {
        return (await this.#worker.ask(request, "status")).status;
      } catch (reason) {
        this.#fail(reason);
      }
    }
    // The worker is gone, and with it every file that had no name yet.
    return {
      path: this.#config.target.path,
      rows: 0,
      dropped: this.#rows,
      lastError: this.#failure!.message,
    };
  }

  #fail(reason: unknown): void {
    if (this.#failure !== null) return;
    const { message } = errorToData(reason);
    this.#failure = reason instanceof IorError ? reason : new IorError("runtime", message);
    this.#worker.end(this.#failure);
  }
}
