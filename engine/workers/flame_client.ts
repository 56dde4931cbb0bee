import type { EventIngester, LiveTrieSource } from "../../runtime/contracts.ts";
import type { FlameProfile, TrieField, TrieMetric, TrieNode } from "../../runtime/flame.ts";
import type { FlameAnswer, FlameConfig, FlameRequest, FlameState } from "../../runtime/flame_messages.ts";
import { PROTOCOL_VERSION } from "../../runtime/messages.ts";
import { WorkerChannel, type WorkerOptions } from "./worker_channel.ts";
import { CountingClient } from "./counting_client.ts";

/** The live trie in a worker of its own. A snapshot holds every batch sent before it and none sent later. */
export class FlameClient extends CountingClient implements LiveTrieSource, EventIngester {
  readonly #worker: WorkerChannel<FlameRequest, FlameAnswer>;

  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: FlameConfig, options: WorkerOptions = {}): Promise<FlameClient> {
    const entry = new URL("./flame_worker.ts", import.meta.url);
    const hello = { kind: "hello" as const, protocol: PROTOCOL_VERSION, config };
    return new FlameClient(await WorkerChannel.open("flame worker", entry, hello, options));
  }

  private constructor(worker: WorkerChannel<FlameRequest, FlameAnswer>) {
    super(worker);
    this.#worker = worker;
  }

  /** Version of the trie after the batches sent so far. */
  async version(): Promise<number> {
    return (await this.#state()).version;
  }

  /** Frames in use, in their order. */
  async fields(): Promise<TrieField[]> {
    return (await this.#state()).fields;
  }

  /** What widths count. */
  async countField(): Promise<TrieMetric> {
    return (await this.#state()).metric;
  }

  /** Sets the frames and starts a new baseline. Rejects for an invalid list, and then changes nothing. */
  reconfigure(fields: TrieField[]): Promise<void> {
    return this.#worker.tell({ kind: "reconfigure", fields });
  }

  /** Sets what widths count and starts a new baseline; the metric in use changes nothing. Rejects for any other name. */
  setCountField(metric: TrieMetric): Promise<void> {
    return this.#worker.tell({ kind: "set_count_field", metric });
  }

  /** Starts a new baseline after the batches sent so far. */
  reset(): Promise<void> {
    return this.#worker.tell({ kind: "reset" });
  }

  /** The nodes large enough to be seen, for the metric in use. Batches sent meanwhile do not wait for it. */
  async snapshotTree(): Promise<{ version: number; root: TrieNode }> {
    const { version, root } = await this.#worker.ask({ kind: "tree" }, "tree");
    return { version, root };
  }

  /** The same as JSON text. */
  async snapshotJson(): Promise<{ version: number; json: string }> {
    const { version, json } = await this.#worker.ask({ kind: "json" }, "json");
    return { version, json };
  }

  /** All nodes with all metrics, in columns that belong to the caller. */
  async profile(): Promise<FlameProfile> {
    return (await this.#worker.ask({ kind: "profile" }, "profile")).profile;
  }

  async #state(): Promise<FlameState> {
    return (await this.#worker.ask({ kind: "state" }, "state")).state;
  }
}
