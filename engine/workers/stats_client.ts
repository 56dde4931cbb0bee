import type { CallCells } from "../../runtime/call_cells.ts";
import type { EventIngester, SnapshotSource } from "../../runtime/contracts.ts";
import { errorFromData, IorError } from "../../runtime/errors.ts";
import {
  columnsBuffer,
  columnsFromBuffer,
  type EventBatch,
  type EventColumns,
} from "../../runtime/event_batch.ts";
import {
  PROTOCOL_VERSION,
  type StatsConfig,
  type StatsReply,
  type StatsRequest,
} from "../../runtime/messages.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";

/**
 * Batches sent and not yet answered. Enough to keep the worker busy while the reader sleeps between two polls; few
 * enough that a worker that lags stops the reader, so that loss shows in the kernel's counters and memory stays flat.
 */
export const MAX_BATCHES_IN_FLIGHT = 8;

/** Extras of {@linkcode StatsClient.start}. */
export interface StatsClientOptions {
  /** Gets the columns of each batch back once the worker has counted it, to be filled again. */
  onEmptied?: (columns: EventColumns) => void;
  /** Makes the worker; another one than ior's own is of use to tests only. */
  createWorker?: () => Worker;
}

/** A request without the number that the client gives it. */
type Unnumbered<Request> = Request extends StatsRequest ? Omit<Request, "id"> : never;

interface Pending {
  resolve(reply: StatsReply): void;
  reject(reason: IorError): void;
}

/**
 * The stats engine in a worker of its own. Requests are answered in order, so a snapshot holds every batch sent before
 * it. A batch that cannot be counted, or a worker that dies, ends the client: everything pending and every later call
 * rejects with the reason, an {@linkcode IorError}.
 */
export class StatsClient implements EventIngester, SnapshotSource, AsyncDisposable {
  readonly #worker: Worker;
  readonly #onEmptied: (columns: EventColumns) => void;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #inFlight = 0;
  /** What {@linkcode room} waits for while there is none. */
  #room: PromiseWithResolvers<void> | null = null;
  #dead: IorError | null = null;

  /** Starts the worker and resolves when it is ready for batches. Rejects when it cannot start or refuses `config`. */
  static async start(config: StatsConfig, options: StatsClientOptions = {}): Promise<StatsClient> {
    const client = new StatsClient(options);
    try {
      await client.#request({ kind: "hello", protocol: PROTOCOL_VERSION, config });
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  private constructor(options: StatsClientOptions) {
    this.#onEmptied = options.onEmptied ?? (() => {});
    this.#worker = options.createWorker?.() ??
      new Worker(new URL("./stats_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = (event: MessageEvent<StatsReply>) => this.#receive(event.data);
    this.#worker.onerror = (event) => {
      // Without this an error in the worker ends the whole process.
      event.preventDefault();
      this.#end(new IorError("runtime", `The stats worker died: ${event.message}`));
    };
    this.#worker.onmessageerror = () => {
      this.#end(new IorError("runtime", "The stats worker sent a message that cannot be read"));
    };
  }

  /** True when another batch can be sent now: fewer than {@linkcode MAX_BATCHES_IN_FLIGHT} are unanswered. */
  get canIngest(): boolean {
    return this.#dead === null && this.#inFlight < MAX_BATCHES_IN_FLIGHT;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the client has ended. */
  room(): Promise<void> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    if (this.canIngest) return Promise.resolve();
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  /**
   * Sends a batch; its columns' buffer is transferred and must not be touched any more. Resolves when it is counted. It is
   * no mistake to leave the promise alone: a failure also rejects {@linkcode room} and every later call. Rejects when
   * there is no room.
   */
  ingest(batch: EventBatch): Promise<void> {
    if (this.#dead === null && !this.canIngest) {
      return Promise.reject(
        new IorError("runtime", `Cannot send a batch to the stats worker: ${this.#inFlight} are unanswered`, {
          hint: "Wait for room",
        }),
      );
    }
    this.#inFlight++;
    const counted = this.#request({ kind: "ingest", batch }, [columnsBuffer(batch.columns)])
      .then((reply) => this.#counted(reply))
      .catch((reason) => {
        this.#end(reason);
        throw reason;
      });
    counted.catch(() => {});
    return counted;
  }

  /**
   * Sends sums of calls. Resolves when they are counted; a failure ends the client. They take no room: they are few, and
   * whoever sends them waits for one answer before the next.
   */
  async ingestCells(cells: CallCells): Promise<void> {
    try {
      await this.#request({ kind: "ingest_cells", cells });
    } catch (reason) {
      this.#end(reason as IorError);
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
    await this.#request({ kind: "reset" });
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.#end(new IorError("runtime", "The stats worker was closed"));
  }

  /** As {@linkcode StatsClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  async #snapshot(reset: boolean): Promise<StatsSnapshot> {
    const reply = await this.#request({ kind: "snapshot", reset });
    if (reply.kind !== "snapshot") throw unexpected(reply);
    return reply.snapshot;
  }

  #request(request: Unnumbered<StatsRequest>, transfer: ArrayBuffer[] = []): Promise<StatsReply> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<StatsReply>();
    this.#pending.set(id, { resolve, reject });
    try {
      this.#worker.postMessage({ ...request, id } satisfies StatsRequest, transfer);
    } catch (error) {
      this.#pending.delete(id);
      const message = error instanceof Error ? error.message : String(error);
      reject(
        new IorError("runtime", `Cannot send a message to the stats worker: ${message}`, { cause: error }),
      );
    }
    return promise;
  }

  #receive(reply: StatsReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return this.#end(unexpected(reply));
    this.#pending.delete(reply.id);
    switch (reply.kind) {
      case "done":
      case "snapshot":
        return pending.resolve(reply);
      case "failed":
        return pending.reject(errorFromData(reply.error));
      default:
        pending.reject(unexpected(reply));
        return this.#end(unexpected(reply satisfies never));
    }
  }

  #counted(reply: StatsReply): void {
    this.#inFlight--;
    this.#room?.resolve();
    this.#room = null;
    if (reply.kind !== "done" || reply.buffer === undefined) throw unexpected(reply);
    this.#onEmptied(columnsFromBuffer(reply.buffer));
  }

  #end(reason: IorError): void {
    if (this.#dead !== null) return;
    this.#dead = reason;
    this.#worker.terminate();
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    this.#room?.reject(reason);
    this.#room = null;
  }
}

function unexpected(reply: { kind: unknown; id: unknown }): IorError {
  return new IorError(
    "runtime",
    `Cannot use an answer of the stats worker: kind ${String(reply.kind)}, id ${String(reply.id)}`,
  );
}
