import type { SlowLimits } from "../../runtime/call_cells.ts";
import type { SnapshotSource } from "../../runtime/contracts.ts";
import type { FlameProfile } from "../../runtime/flame.ts";
import { ALL_SLOW, PROTOCOL_VERSION } from "../../runtime/messages.ts";
import type { MetricSums } from "../../runtime/metric_sums.ts";
import type { SnapshotRequest, StatsSnapshot } from "../../runtime/stats.ts";
import type {
  StatsFlameAnswer,
  StatsFlameConfig,
  StatsFlameRequest,
} from "../../runtime/stats_flame_messages.ts";
import { CountingClient } from "./counting_client.ts";
import { WorkerChannel, type WorkerOptions } from "./worker_channel.ts";

/**
 * The stats engine and the trie in one worker. A thread of its own for the trie takes 20 MB: its heap with the garbage in it,
 * the runtime's part, and all names once more. What runs for months has both in one; what ends soon has two, which keep up
 * with more rows.
 */
export class StatsFlameClient extends CountingClient implements SnapshotSource {
  readonly #worker: WorkerChannel<StatsFlameRequest, StatsFlameAnswer>;
  #slow = ALL_SLOW;

  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: StatsFlameConfig, options: WorkerOptions = {}): Promise<StatsFlameClient> {
    const entry = new URL("./stats_flame_worker.ts", import.meta.url);
    const hello = { kind: "hello" as const, protocol: PROTOCOL_VERSION, config };
    return new StatsFlameClient(await WorkerChannel.open("stats and flame worker", entry, hello, options));
  }

  private constructor(worker: WorkerChannel<StatsFlameRequest, StatsFlameAnswer>) {
    super(worker);
    this.#worker = worker;
    worker.onTaken = ({ slow }) => this.#slow = slow ?? this.#slow;
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

  /** All nodes of the trie with all metrics, in columns that belong to the caller. */
  async profile(): Promise<FlameProfile> {
    return (await this.#worker.ask({ kind: "profile" }, "profile")).profile;
  }
}
