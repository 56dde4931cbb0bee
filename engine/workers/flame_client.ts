import type { EventIngester, LiveTrieSource } from "../../runtime/contracts.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import type { FlameProfile, TrieField, TrieMetric, TrieNode } from "../../runtime/flame.ts";
import type { FlameConfig, FlameReply, FlameRequest, FlameState } from "../../runtime/flame_messages.ts";
import { PROTOCOL_VERSION } from "../../runtime/messages.ts";
import type { BatchConsumer } from "../batch_consumer.ts";
import { WorkerChannel, type WorkerOptions } from "./worker_channel.ts";

/** Kinds of {@linkcode FlameReply} that are no failure. */
const ANSWERS = ["done", "state", "profile", "tree", "json"] as const satisfies FlameReply["kind"][];

/** Questions that are answered in kind. */
type Question = "state" | "profile" | "tree" | "json";

/**
 * The live trie in a worker of its own. A snapshot holds every batch sent before it and none sent later. A batch that cannot
 * be counted, or a worker that dies, ends the client: everything pending and every later call rejects with the reason.
 */
export class FlameClient implements LiveTrieSource, EventIngester, BatchConsumer, AsyncDisposable {
  readonly #worker: WorkerChannel<FlameRequest, FlameReply>;

  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: FlameConfig, options: WorkerOptions = {}): Promise<FlameClient> {
    const client = new FlameClient(options);
    try {
      await client.#worker.request({ kind: "hello", protocol: PROTOCOL_VERSION, config });
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  private constructor(options: WorkerOptions) {
    const entry = new URL("./flame_worker.ts", import.meta.url);
    this.#worker = new WorkerChannel("flame worker", entry, ANSWERS, options);
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

  /** Version of the trie after the batches sent so far. */
  async version(): Promise<number> {
    return (await this.#state()).version;
  }

  /** Frames in use, in their order. */
  async fields(): Promise<TrieField[]> {
    return (await this.#state()).fields;
  }

  /** What widths count now. */
  async countField(): Promise<TrieMetric> {
    return (await this.#state()).metric;
  }

  /** Sets the frames and starts a new baseline. Rejects for a list that is not possible; nothing changes then. */
  async reconfigure(fields: TrieField[]): Promise<void> {
    await this.#worker.request({ kind: "reconfigure", fields });
  }

  /** Sets what widths count and starts a new baseline; the metric in use changes nothing. Rejects for any other name. */
  async setCountField(metric: TrieMetric): Promise<void> {
    await this.#worker.request({ kind: "set_count_field", metric });
  }

  /** Starts a new baseline after the batches sent so far. */
  async reset(): Promise<void> {
    await this.#worker.request({ kind: "reset" });
  }

  /** The nodes worth a look for the metric in use. Batches sent meanwhile do not wait for it. */
  async snapshotTree(): Promise<{ version: number; root: TrieNode }> {
    const { version, root } = await this.#ask("tree");
    return { version, root };
  }

  /** The same as JSON text. */
  async snapshotJson(): Promise<{ version: number; json: string }> {
    const { version, json } = await this.#ask("json");
    return { version, json };
  }

  /** All nodes with all metrics, in columns of the caller's own. */
  async profile(): Promise<FlameProfile> {
    return (await this.#ask("profile")).profile;
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.#worker.close();
  }

  /** As {@linkcode FlameClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  async #state(): Promise<FlameState> {
    return (await this.#ask("state")).state;
  }

  async #ask<Kind extends Question>(kind: Kind): Promise<Extract<FlameReply, { kind: Kind }>> {
    const reply = await this.#worker.request({ kind: kind as Question });
    if (reply.kind !== kind) throw this.#worker.unexpected(reply);
    return reply as Extract<FlameReply, { kind: Kind }>;
  }
}
