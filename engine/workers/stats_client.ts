import type { CallCells } from "../../runtime/call_cells.ts";
import type { EventIngester, SnapshotSource } from "../../runtime/contracts.ts";
import type { IorError } from "../../runtime/errors.ts";
import {
  PROTOCOL_VERSION,
  type StatsConfig,
  type StatsReply,
  type StatsRequest,
} from "../../runtime/messages.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";
import { WorkerClient, type WorkerClientOptions } from "./worker_client.ts";

/** Kinds of {@linkcode StatsReply} that are no failure. */
const ANSWERS = ["done", "snapshot"] as const satisfies StatsReply["kind"][];

/** The stats engine in a worker of its own. A snapshot holds every batch sent before it. */
export class StatsClient extends WorkerClient<StatsRequest, StatsReply>
  implements EventIngester, SnapshotSource {
  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: StatsConfig, options: WorkerClientOptions = {}): Promise<StatsClient> {
    const client = new StatsClient(options);
    try {
      await client.request({ kind: "hello", protocol: PROTOCOL_VERSION, config });
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  private constructor(options: WorkerClientOptions) {
    super("stats worker", new URL("./stats_worker.ts", import.meta.url), ANSWERS, options);
  }

  /**
   * Sends sums of calls. Resolves when they are counted; a failure ends the client. They take no room: they are few, and
   * whoever sends them waits for one answer before the next.
   */
  async ingestCells(cells: CallCells): Promise<void> {
    try {
      await this.request({ kind: "ingest_cells", cells });
    } catch (reason) {
      this.end(reason as IorError);
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
    await this.request({ kind: "reset" });
  }

  async #snapshot(reset: boolean): Promise<StatsSnapshot> {
    const reply = await this.request({ kind: "snapshot", reset });
    if (reply.kind !== "snapshot") throw this.unexpected(reply);
    return reply.snapshot;
  }
}
