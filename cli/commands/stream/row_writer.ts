import type { BatchKeeper } from "../../../engine/batch_consumer.ts";
import type { EventBatch, EventColumns } from "../../../runtime/event_batch.ts";
import { ByteText, type CallWriter } from "../../rows/mod.ts";
import type { RowsClient, TextSink } from "../../rows/worker/rows_client.ts";
import type { Output } from "../../run/output.ts";

/** Rows written between two looks at the clock. */
const ROWS_AT_ONCE = 64;

/** Bytes written in one piece: as much as the output writes at once, and so little that the allocator reuses their memory. */
const PIECE_BYTES = 60 * 1024;

/**
 * Rows in a second from which on a worker writes them: with fewer, one thread has time for everything. Only rows of known
 * names count: a new one has to be copied for the worker, which takes longer than to write a line.
 */
const BUSY_ROWS = 50_000;
const SECOND_MS = 1000;

/** Rows shown after the end all the same, a few milliseconds: on a busy machine ior may not have had a core for so long. */
const LATE_ROWS = 1024;

/** How rows are written. */
export interface RowWriterOptions {
  output: Output;
  /** Writes the calls as long as no worker does. */
  calls: CallWriter;
  /** Starts a worker that writes them; `null` when this thread writes all. */
  startWorker: ((take: TextSink) => Promise<RowsClient>) | null;
  /** Rows after which to stop, `null` for no limit. */
  maxRows: number | null;
  /** Instead of {@linkcode BUSY_ROWS}; only tests need another number. */
  busyRows?: number;
}

/**
 * Writes every call of a batch into the output: in this thread, and in a worker from the moment that there are many of
 * them.
 */
export class RowWriter implements BatchKeeper, Disposable {
  readonly keepsColumns = true;
  readonly #options: RowWriterOptions;
  readonly #text = new ByteText();
  readonly #over = Promise.withResolvers<void>();
  /** Rows still to write. */
  #left: number;
  /** When rows are not shown any more, milliseconds of `performance.now()`. */
  #endMs = Infinity;
  /** Rows that are shown after that. */
  #lateRows = LATE_ROWS;
  #wake = () => {};
  /** Begin of the second whose rows are counted. */
  #secondMs = -Infinity;
  #rowsOfSecond = 0;
  #starting: Promise<RowsClient> | null = null;
  #worker: RowsClient | null = null;
  /** Why the worker did not start. */
  #failure: { reason: unknown } | null = null;
  /** True once a batch has gone to the worker: all others follow. */
  #isHandedOver = false;
  /** Rows written. */
  rows = 0;
  /** Rows that came too late to be shown. */
  notShown = 0;

  constructor(options: RowWriterOptions) {
    this.#options = options;
    this.#left = options.maxRows ?? Infinity;
  }

  /** True when a batch can be taken, or must not wait any more. */
  get canIngest(): boolean {
    return this.#hasRoom || this.#isLate;
  }

  /** Resolves when {@linkcode canIngest} is true. Rejects when the output or the worker has failed. */
  room(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waitForRoom().then(resolve, reject);
    this.#wake = resolve;
    return promise;
  }

  /** Shows rows for so many milliseconds more, and a few later ones that the output takes at once; the rest is counted. */
  endIn(ms: number): void {
    this.#endMs = performance.now() + ms;
    setTimeout(() => this.#wake(), ms);
  }

  /** True when the reader has gone or has all requested rows. */
  get isOver(): boolean {
    return this.#left === 0 || this.#options.output.closed;
  }

  /** Resolves when it {@linkcode isOver}. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Writes a batch. Resolves with columns for reuse; rejects when the worker fails. */
  async ingest(batch: EventBatch): Promise<EventColumns> {
    const wanted = this.isOver ? 0 : Math.min(batch.length, this.#left);
    this.#noteRate(wanted - batch.files.length - batch.tasks.length);
    const [shown, columns] = this.#worker === null
      ? [this.#writeHere(batch, wanted), batch.columns]
      : this.#handOver(this.#worker, batch, wanted);
    this.rows += shown;
    this.notShown += wanted - shown;
    if (shown < wanted) this.#lateRows = 0; // what is shown has no hole
    this.#left -= wanted;
    if (this.isOver) this.#over.resolve();
    return await columns;
  }

  /** Resolves when everything is in the output. Rejects when the worker has failed. */
  async finish(): Promise<void> {
    this.#check();
    await this.#worker?.drained();
  }

  /** Ends the worker, also one that is still starting. */
  [Symbol.dispose](): void {
    this.#starting?.then((worker) => worker[Symbol.dispose](), () => {});
  }

  get #hasRoom(): boolean {
    return this.#failure === null && this.#options.output.hasRoom && (this.#worker?.canIngest ?? true);
  }

  async #waitForRoom(): Promise<void> {
    while (!this.#hasRoom) {
      this.#check();
      await this.#options.output.room();
      await this.#worker?.room();
    }
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }

  get #isLate(): boolean {
    return performance.now() >= this.#endMs;
  }

  get #mayShow(): boolean {
    return !this.#isLate || (this.#lateRows > 0 && this.#options.output.hasRoom);
  }

  /** Writes rows of a batch in this thread; returns how many were shown. */
  #writeHere(batch: EventBatch, wanted: number): number {
    const { calls, output } = this.#options;
    calls.apply(batch);
    let shown = 0;
    while (shown < wanted && this.#mayShow) {
      const end = Math.min(wanted, shown + ROWS_AT_ONCE);
      if (this.#isLate) this.#lateRows -= end - shown;
      while (shown < end) {
        calls.write(shown++, this.#text);
        if (this.#text.length >= PIECE_BYTES) output.write(this.#text.take());
      }
    }
    if (this.#text.length > 0) output.write(this.#text.take());
    return shown;
  }

  /** Sends a batch to the worker, the first with all names so far; returns how many rows will be shown. */
  #handOver(
    worker: RowsClient,
    batch: EventBatch,
    wanted: number,
  ): [shown: number, Promise<EventColumns> | EventColumns] {
    const isLate = this.#isLate;
    const shown = !isLate ? wanted : this.#hasRoom ? Math.min(wanted, this.#lateRows) : 0;
    // Nothing follows rows that are not shown, so nobody needs the names.
    if (shown === 0 && (isLate || this.isOver)) return [0, batch.columns];
    if (isLate) this.#lateRows -= shown;
    const { names } = this.#options.calls;
    const known = this.#isHandedOver
      ? batch
      : { tasks: [...names.tasks, ...batch.tasks], files: [...names.files, ...batch.files] };
    this.#isHandedOver = true;
    return [shown, worker.ingest({ ...batch, tasks: known.tasks, files: known.files, length: shown })];
  }

  /** Starts the worker when there are many rows. */
  #noteRate(rows: number): void {
    const { startWorker, output, busyRows = BUSY_ROWS } = this.#options;
    if (startWorker === null || this.#starting !== null) return;
    const nowMs = performance.now();
    if (nowMs >= this.#secondMs + SECOND_MS) {
      this.#secondMs = nowMs;
      this.#rowsOfSecond = 0;
    }
    this.#rowsOfSecond += Math.max(0, rows);
    if (this.#rowsOfSecond < busyRows) return;
    this.#starting = startWorker((text, done) => output.write(text, done));
    this.#starting.then((worker) => this.#worker = worker, (reason) => this.#failure = { reason });
  }
}
