import type { SlowLimits } from "../../runtime/call_cells.ts";
import type { EventIngester, SnapshotSource } from "../../runtime/contracts.ts";
import {
  ALL_SLOW,
  PROTOCOL_VERSION,
  type StatsAnswer,
  type StatsConfig,
  type StatsRequest,
} from "../../runtime/messages.ts";
import type { MetricSums } from "../../runtime/metric_sums.ts";
import type { SnapshotRequest, StatsSnapshot } from "../../runtime/stats.ts";
import { WorkerChannel, type WorkerOptions } from "./worker_channel.ts";
import { CountingClient } from "./counting_client.ts";

/** The stats engine in a worker of its own. A snapshot holds every batch sent before it. */
export class StatsClient extends CountingClient implements EventIngester, SnapshotSource {
  readonly #worker: WorkerChannel<StatsRequest, StatsAnswer>;
  #slow = ALL_SLOW;
  /** Resets without an answer: what is said of the calls before them is over. */
  #resets = 0;

  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: StatsConfig, options: WorkerOptions = {}): Promise<StatsClient> {
    const entry = new URL("./stats_worker.ts", import.meta.url);
    const hello = { kind: "hello" as const, protocol: PROTOCOL_VERSION, config };
    return new StatsClient(await WorkerChannel.open("stats worker", entry, hello, options));
  }

  private constructor(worker: WorkerChannel<StatsRequest, StatsAnswer>) {
    super(worker);
    this.#worker = worker;
    worker.onTaken = ({ slow }) => {
      if (slow !== undefined && this.#resets === 0) this.#slow = slow;
    };
  }

  /** Calls that may be among the slowest, by what is known of them so far. */
  get slow(): SlowLimits {
    return this.#slow;
  }

  /** What was counted from the batches sent so far: all of it, or what the request says. */
  async snapshot(request?: SnapshotRequest): Promise<StatsSnapshot> {
    return (await this.#worker.ask({ kind: "snapshot", request }, "snapshot")).snapshot;
  }

  /** The sums for metrics of the same. `latencyEnds` are the first buckets beyond each class of latencies but the last. */
  async sums(latencyEnds: readonly number[]): Promise<MetricSums> {
    return (await this.#worker.ask({ kind: "sums", latencyEnds }, "sums")).sums;
  }

  /**
   * What was counted as a snapshot has it, and starts a new baseline: every call is in exactly one such snapshot. Its time begins
   * at `sinceNs`, nanoseconds since the trace began, default the last exit.
   */
  async snapshotAndReset(sinceNs?: number): Promise<StatsSnapshot> {
    const asked = this.#worker.ask({ kind: "snapshot", reset: true, sinceNs }, "snapshot");
    return (await this.#resetting(asked)).snapshot;
  }

  /** Starts a new baseline after the batches sent so far, whose time begins likewise. */
  reset(sinceNs?: number): Promise<void> {
    return this.#resetting(this.#worker.tell({ kind: "reset", sinceNs }));
  }

  async #resetting<Value>(answer: Promise<Value>): Promise<Value> {
    this.#resets++;
    this.#slow = ALL_SLOW;
    try {
      return await answer;
    } finally {
      this.#resets--;
    }
  }
}
