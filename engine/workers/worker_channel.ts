import { type ErrorData, errorFromData, IorError } from "../../runtime/errors.ts";
import {
  columnsBuffer,
  columnsFromBuffer,
  type EventBatch,
  type EventColumns,
} from "../../runtime/event_batch.ts";

/**
 * Batches sent and not yet answered. Enough to keep the worker busy while the reader sleeps between two polls; few
 * enough that a worker that lags stops the reader, so that loss shows in the kernel's counters and memory stays flat.
 */
export const MAX_BATCHES_IN_FLIGHT = 8;

/** Extras of the start of a worker. */
export interface WorkerOptions {
  /** Gets the columns of each batch back once the worker has taken it in, to be filled again. */
  onEmptied?: (columns: EventColumns) => void;
  /** Makes the worker; another one than ior's own is of use to tests only. */
  createWorker?: () => Worker;
}

/** What every worker is asked: requests carry a number, and the answer has the same one. */
interface AnyRequest {
  kind: string;
  id: number;
}

/** What every worker answers with, beside answers of its own. */
interface AnyReply {
  kind: string;
  id: number;
  /** Of `done` for a batch: the columns' buffer, given back to be used again. */
  buffer?: ArrayBuffer;
  /** Of `failed`. */
  error?: ErrorData;
}

/** A request without the number that the channel gives it. */
type Unnumbered<Request> = Request extends AnyRequest ? Omit<Request, "id"> : never;

/** An answer that is no failure. */
type Success<Reply> = Exclude<Reply, { kind: "failed" }>;

interface Pending<Reply> {
  resolve(reply: Success<Reply>): void;
  reject(reason: IorError): void;
}

/**
 * The main thread's end of a worker that takes batches. Requests take effect in order; answers may
 * come later than those to requests behind them. A batch that cannot be taken in, or a
 * worker that dies, ends the channel: everything pending and every later call rejects with the reason, an
 * {@linkcode IorError}.
 */
export class WorkerChannel<Request extends AnyRequest, Reply extends AnyReply> {
  readonly #what: string;
  readonly #answers: readonly Reply["kind"][];
  readonly #worker: Worker;
  readonly #onEmptied: (columns: EventColumns) => void;
  readonly #pending = new Map<number, Pending<Reply>>();
  #lastId = 0;
  #inFlight = 0;
  /** What {@linkcode room} waits for while there is none. */
  #room: PromiseWithResolvers<void> | null = null;
  #dead: IorError | null = null;

  /** `what` names the worker in errors, `entry` is the module it runs, `answers` are the kinds it answers with. */
  constructor(
    what: string,
    entry: URL,
    answers: readonly Reply["kind"][],
    options: WorkerOptions,
  ) {
    this.#what = what;
    this.#answers = answers;
    this.#onEmptied = options.onEmptied ?? (() => {});
    this.#worker = options.createWorker?.() ?? new Worker(entry, { type: "module" });
    this.#worker.onmessage = (event: MessageEvent<Reply>) => this.#receive(event.data);
    this.#worker.onerror = (event) => {
      // Without this an error in the worker ends the whole process.
      event.preventDefault();
      this.end(new IorError("runtime", `The ${what} died: ${event.message}`));
    };
    this.#worker.onmessageerror = () => {
      this.end(new IorError("runtime", `The ${what} sent a message that cannot be read`));
    };
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
   * Sends a batch; its columns' buffer is transferred and must not be touched any more. Resolves when it is taken in. It
   * is no mistake to leave the promise alone: a failure also rejects {@linkcode room} and every later call. Rejects
   * when there is no room.
   */
  ingest(batch: EventBatch): Promise<void> {
    if (this.#dead === null && !this.canIngest) {
      return Promise.reject(
        new IorError(
          "runtime",
          `Cannot send a batch to the ${this.#what}: ${this.#inFlight} are unanswered`,
          {
            hint: "Wait for room",
          },
        ),
      );
    }
    this.#inFlight++;
    const request = { kind: "ingest", batch } as unknown as Unnumbered<Request>;
    const taken = this.request(request, [columnsBuffer(batch.columns)])
      .then((reply) => this.#emptied(reply))
      .catch((reason) => {
        this.end(reason);
        throw reason;
      });
    taken.catch(() => {});
    return taken;
  }

  /** Ends the worker at once; what is pending rejects. Safe to call more than once. */
  close(): void {
    this.end(new IorError("runtime", `The ${this.#what} was closed`));
  }

  /** Sends a request; resolves with its answer, rejects with the failure that it is. */
  request(request: Unnumbered<Request>, transfer: ArrayBuffer[] = []): Promise<Success<Reply>> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Success<Reply>>();
    this.#pending.set(id, { resolve, reject });
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

  #receive(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return this.end(this.unexpected(reply));
    this.#pending.delete(reply.id);
    if (reply.kind === "failed" && reply.error) return pending.reject(errorFromData(reply.error));
    if (this.#answers.includes(reply.kind)) return pending.resolve(reply as Success<Reply>);
    pending.reject(this.unexpected(reply));
    this.end(this.unexpected(reply));
  }

  #emptied(reply: AnyReply): void {
    this.#inFlight--;
    this.#room?.resolve();
    this.#room = null;
    if (reply.kind !== "done" || reply.buffer === undefined) throw this.unexpected(reply);
    this.#onEmptied(columnsFromBuffer(reply.buffer));
  }

  /** Ends the channel for a reason; the first one stays. */
  end(reason: IorError): void {
    if (this.#dead !== null) return;
    this.#dead = reason;
    this.#worker.terminate();
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    this.#room?.reject(reason);
    this.#room = null;
  }

  /** The error of an answer that is none to what was asked. */
  unexpected(reply: { kind: unknown; id: unknown }): IorError {
    return new IorError(
      "runtime",
      `Cannot use an answer of the ${this.#what}: kind ${String(reply.kind)}, id ${String(reply.id)}`,
    );
  }
}
