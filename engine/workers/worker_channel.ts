import { errorFromData, IorError } from "../../runtime/errors.ts";
import {
  columnsBuffer,
  columnsFromBuffer,
  type EventBatch,
  type EventColumns,
} from "../../runtime/event_batch.ts";
import type { DoneReply, FailedReply, IngestRequest } from "../../runtime/messages.ts";

/**
 * Maximum number of unanswered batches. Enough to keep the worker busy while the reader sleeps between two polls; few
 * enough that a worker that lags stops the reader, so that loss shows in the kernel's counters and memory stays flat.
 */
export const MAX_BATCHES_IN_FLIGHT = 8;

/**
 * How long a worker may leave requests unanswered, milliseconds. Far above what a request takes on a loaded machine or a
 * slow disk; a trace whose worker hangs ends, and does not wait for ever.
 */
export const MAX_SILENCE_MS = 60_000;

/**
 * Looks in that time. The worker hangs after as many looks without an answer, not at a moment: while the whole process is
 * stopped, or the machine sleeps, there are none.
 */
const SILENCE_LOOKS = 6;

/** Options of the start of a worker. */
export interface WorkerOptions {
  /** Creates the worker; only tests need another one than ior's own. */
  createWorker?: () => Worker;
  /** Instead of {@linkcode MAX_SILENCE_MS}; only tests need another one. */
  maxSilenceMs?: number;
}

/** Requests carry a number, and the answer has the same one. */
export interface Numbered {
  kind: string;
  id: number;
}

/** A request without the number that the channel gives it. */
type Unnumbered<Request> = Request extends Numbered ? Omit<Request, "id"> : never;

/** A request that waits for its answer. */
interface Pending<Reply> {
  /** Takes an answer; returns false when it is of the wrong kind. */
  accepts(reply: Reply): boolean;
  reject(reason: IorError): void;
}

/**
 * The main thread's end of a worker that takes batches. Requests take effect in order; answers may
 * come after those to later requests. A batch that cannot be taken in, or a
 * worker that dies or hangs, ends the channel: everything pending and every later call rejects with the reason, an
 * {@linkcode IorError}.
 *
 * `Request` are the requests beside batches, `Answer` the answers beside `done` and `failed`.
 */
export class WorkerChannel<Request extends Numbered, Answer extends Numbered> {
  readonly #what: string;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending<Answer | DoneReply>>();
  #lastId = 0;
  #inFlight = 0;
  /** What {@linkcode room} waits for while there is none. */
  #room: PromiseWithResolvers<void> | null = null;
  #dead: IorError | null = null;
  /** Called with the answer to each batch. */
  onTaken: (reply: DoneReply) => void = () => {};
  readonly #maxSilenceMs: number;
  /** Runs while requests are pending. */
  #watch: ReturnType<typeof setInterval> | undefined;
  #silentLooks = 0;

  private constructor(what: string, worker: Worker, maxSilenceMs: number) {
    this.#what = what;
    this.#maxSilenceMs = maxSilenceMs;
    this.#worker = worker;
    this.#worker.onmessage = (event: MessageEvent<Answer | DoneReply | FailedReply>) =>
      this.#receive(event.data);
    this.#worker.onerror = (event) => {
      // Without this an error in the worker ends the whole process.
      event.preventDefault();
      this.end(new IorError("runtime", `The ${what} died: ${event.message}`));
    };
    this.#worker.onmessageerror = () => {
      this.end(new IorError("runtime", `The ${what} sent a message that cannot be read`));
    };
  }

  /**
   * Starts a worker and resolves when it is ready for batches; rejects when it cannot start or refuses `hello`.
   *
   * `what` names the worker in errors, `entry` is the module it runs.
   */
  static async open<Request extends Numbered, Answer extends Numbered>(
    what: string,
    entry: URL,
    hello: Unnumbered<Request>,
    options: WorkerOptions,
  ): Promise<WorkerChannel<Request, Answer>> {
    const worker = options.createWorker?.() ?? new Worker(entry, { type: "module" });
    const maxSilenceMs = options.maxSilenceMs ?? MAX_SILENCE_MS;
    const channel = new WorkerChannel<Request, Answer>(what, worker, maxSilenceMs);
    try {
      await channel.tell(hello);
    } catch (error) {
      channel.close();
      throw error;
    }
    return channel;
  }

  /** True when another batch can be sent now: fewer than {@linkcode MAX_BATCHES_IN_FLIGHT} are unanswered. */
  get canIngest(): boolean {
    return this.#dead === null && this.#inFlight < MAX_BATCHES_IN_FLIGHT;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the channel has ended. */
  room(): Promise<void> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    if (this.canIngest) return Promise.resolve();
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  /**
   * Sends a batch; its columns' buffer, and `memory` for what the worker answers, are transferred and must not be used
   * after. Resolves with the columns, emptied, once the batch is taken in. Callers may ignore the promise: a failure also rejects {@linkcode room} and
   * every later call. Rejects when there is no room.
   */
  ingest(batch: EventBatch, memory?: ArrayBuffer): Promise<EventColumns> {
    if (this.#dead === null && !this.canIngest) {
      return Promise.reject(
        new IorError(
          "runtime",
          `Cannot send a batch to the ${this.#what}: ${this.#inFlight} are unanswered`,
          { hint: "Wait for room" },
        ),
      );
    }
    this.#inFlight++;
    const hasExtra = batch.columns.extra !== undefined;
    const buffer = columnsBuffer(batch.columns);
    const taken =
      (memory === undefined
        ? this.#send({ kind: "ingest", batch }, isDone, [buffer])
        : this.#send({ kind: "ingest", batch, memory }, isDone, [buffer, memory]))
        .then((reply) => this.#emptied(reply, hasExtra))
        .catch((reason) => {
          this.end(reason);
          throw reason;
        });
    taken.catch(() => {});
    return taken;
  }

  /** Sends an order; resolves when it is done, rejects when it fails. */
  async tell(order: Unnumbered<Request>): Promise<void> {
    await this.#send(order, isDone);
  }

  /** Sends a question; resolves with its answer, rejects when it fails. */
  ask<Kind extends Answer["kind"]>(
    question: Unnumbered<Request>,
    kind: Kind,
  ): Promise<Extract<Answer, { kind: Kind }>> {
    return this.#send(question, (reply): reply is Extract<Answer, { kind: Kind }> => reply.kind === kind);
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.end(new IorError("runtime", `The ${this.#what} was closed`));
  }

  /** Ends the channel for a reason; the first one stays. */
  end(reason: IorError): void {
    if (this.#dead !== null) return;
    this.#dead = reason;
    clearInterval(this.#watch);
    this.#worker.terminate();
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    this.#room?.reject(reason);
    this.#room = null;
  }

  #send<Wanted extends Answer | DoneReply>(
    request: Unnumbered<Request> | Omit<IngestRequest, "id">,
    isWanted: (reply: Answer | DoneReply) => reply is Wanted,
    transfer: ArrayBuffer[] = [],
  ): Promise<Wanted> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Wanted>();
    const accepts = (reply: Answer | DoneReply) => {
      if (!isWanted(reply)) return false;
      resolve(reply);
      return true;
    };
    this.#pending.set(id, { accepts, reject });
    this.#watch ??= setInterval(() => this.#look(), this.#maxSilenceMs / SILENCE_LOOKS);
    try {
      this.#worker.postMessage({ ...request, id }, transfer);
    } catch (error) {
      this.#pending.delete(id);
      const message = error instanceof Error ? error.message : String(error);
      reject(
        new IorError("runtime", `Cannot send a message to the ${this.#what}: ${message}`, { cause: error }),
      );
    }
    return promise;
  }

  /** Ends the channel of a worker that has been silent for too long; ends the watch when nothing is pending. */
  #look(): void {
    if (this.#pending.size === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      this.#silentLooks = 0;
    } else if (++this.#silentLooks > SILENCE_LOOKS) {
      this.end(
        new IorError("runtime", `The ${this.#what} hangs: no answer for ${this.#maxSilenceMs / 1000} s`),
      );
    }
  }

  #receive(reply: Answer | DoneReply | FailedReply): void {
    this.#silentLooks = 0;
    const pending = this.#pending.get(reply.id);
    if (pending !== undefined && isFailed(reply)) {
      this.#pending.delete(reply.id);
      return pending.reject(errorFromData(reply.error));
    }
    if (pending === undefined || isFailed(reply) || !pending.accepts(reply)) {
      return this.end(this.#unexpected(reply));
    }
    this.#pending.delete(reply.id);
  }

  #emptied(reply: DoneReply, hasExtra: boolean): EventColumns {
    this.#inFlight--;
    this.#room?.resolve();
    this.#room = null;
    if (reply.buffer === undefined) throw this.#unexpected(reply);
    this.onTaken(reply);
    return columnsFromBuffer(reply.buffer, hasExtra);
  }

  /** The error of an answer that does not match a request. */
  #unexpected(reply: Numbered): IorError {
    return new IorError(
      "runtime",
      `Cannot use an answer of the ${this.#what}: kind ${String(reply.kind)}, id ${String(reply.id)}`,
    );
  }
}

function isDone(reply: Numbered): reply is DoneReply {
  return reply.kind === "done";
}

function isFailed(reply: Numbered): reply is FailedReply {
  return reply.kind === "failed";
}
