import type { CallCells } from "../../runtime/call_cells.ts";
import type { EventIngester, SnapshotSource } from "../../runtime/contracts.ts";
import type { IorError } from "../../runtime/errors.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import {
  PROTOCOL_VERSION,
  type StatsConfig,
  type StatsReply,
  type StatsRequest,
} from "../../runtime/messages.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";
import { WorkerChannel, type WorkerOptions } from "./worker_channel.ts";

/** Kinds of {@linkcode StatsReply} that are no failure. */
const ANSWERS = ["done", "snapshot"] as const satisfies StatsReply["kind"][];

/**
 * The stats engine in a worker of its own. A snapshot holds every batch sent before it. A batch that cannot be counted, or
 * a worker that dies, ends the client: everything pending and every later call rejects with the reason.
 */
export class StatsClient implements EventIngester, SnapshotSource, AsyncDisposable {
  readonly #worker: WorkerChannel<StatsRequest, StatsReply>;

  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: StatsConfig, options: WorkerOptions = {}): Promise<StatsClient> {
    const client = new StatsClient(options);
    try {
      await client.#worker.request({ kind: "hello", protocol: PROTOCOL_VERSION, config });
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  private constructor(options: WorkerOptions) {
    const entry = new URL("./stats_worker.ts", import.meta.url);
    this.#worker = new WorkerChannel("stats worker", entry, ANSWERS, options);
  }

  /** True while the worker has fewer batches in hand than it may. */
  get canIngest(): boolean {
    return this.#worker.canIngest;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the client has ended. */
  room(): Promise<void> {
    return this.#worker.room();
  }

  /**
   * Sends a batch; its columns' buffer is transferred. Resolves when it is counted. It is no mistake to leave the promise
   * alone: a failure also rejects {@linkcode room} and every later call. Rejects when there is no room.
   */
  ingest(batch: EventBatch): Promise<void> {
    return this.#worker.ingest(batch);
  }

  /**
   * Sends sums of calls. Resolves when they are counted; a failure ends the client. They take no room: they are few, and
   * whoever sends them waits for one answer before the next.
   */
  async ingestCells(cells: CallCells): Promise<void> {
    try {
      await this.#worker.request({ kind: "ingest_cells", cells });
    } catch (reason) {
      this.#worker.end(reason as IorError);
      throw reason;
    }
  }

  /** Everything counted from the batches sent so far. */
  snapshot(): Promise<StatsSnapshot> {
    return this.#snapshot(false);
  }

  /** The same, and starts a new baseline with it: each call is in one of two such snapshots, and in one only. */
  snapshotAndReset(): Promise<StatsSnapshot> {
    return this.#snapshot(true);
  }

  /** Starts a new baseline after the batches sent so far. */
  async reset(): Promise<void> {
    await this.#worker.request({ kind: "reset" });
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.#worker.close();
  }

  /** As {@linkcode StatsClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  async #snapshot(reset: boolean): Promise<StatsSnapshot> {
    const reply = await this.#worker.request({ kind: "snapshot", reset });
    if (reply.kind !== "snapshot") throw this.#worker.unexpected(reply);
    return reply.snapshot;
  }
}
