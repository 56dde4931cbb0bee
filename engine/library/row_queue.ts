import type { EventBatch } from "../../runtime/event_batch.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";
import type { BatchReader } from "../batch_consumer.ts";
import { RowBuilder } from "../event_rows.ts";

/** Rows that wait; with as many nothing more is taken, and the trace waits. A row takes some 200 bytes. */
const MOST_ROWS = 16_384;

/** Rows between a trace and whoever iterates over them. One iteration takes them all; leaving it drops the rest. */
export class RowQueue implements BatchReader {
  readonly keepsColumns = false;
  readonly #builder: RowBuilder;
  #rows: StreamRow[] = [];
  #at = 0;
  #end: { failure: unknown } | null = null;
  #isLeft = false;
  #wakeReader = () => {};
  #wakeWriter = () => {};

  /** `arch` is that of the batches. */
  constructor(arch: Arch) {
    this.#builder = new RowBuilder(arch);
  }

  get canIngest(): boolean {
    return this.#isLeft || this.#rows.length - this.#at < MOST_ROWS;
  }

  room(): Promise<void> {
    return new Promise((resolve) => this.#wakeWriter = resolve);
  }

  ingest(batch: EventBatch): void {
    this.#builder.apply(batch);
    if (this.#isLeft) return;
    for (let i = 0; i < batch.length; i++) this.#rows.push(this.#builder.row(i));
    this.#wakeReader();
  }

  /** No more rows come; `failure` is thrown to the reader after those that wait, unless it is `null`. */
  end(failure: unknown = null): void {
    this.#end = { failure };
    this.#wakeReader();
  }

  /** The rows, in the order in which the calls returned, as they come. */
  async *rows(): AsyncGenerator<StreamRow, void, void> {
    try {
      for (;;) {
        while (this.#at < this.#rows.length) yield this.#take();
        if (this.#end !== null) break;
        await new Promise<void>((resolve) => this.#wakeReader = resolve);
      }
    } finally {
      this.leave();
    }
    if (this.#end.failure !== null) throw this.#end.failure;
  }

  /** Drops the rows that wait, and takes those that come without keeping them. */
  leave(): void {
    this.#isLeft = true;
    this.#empty();
  }

  #take(): StreamRow {
    const row = this.#rows[this.#at++];
    if (this.#at === this.#rows.length) this.#empty();
    else if (this.#at === MOST_ROWS) this.#forgetTaken();
    return row;
  }

  /** A reader that is nearly as fast as the trace does not come to the end. */
  #forgetTaken(): void {
    this.#rows = this.#rows.slice(this.#at);
    this.#at = 0;
  }

  #empty(): void {
    this.#rows = [];
    this.#at = 0;
    this.#wakeWriter();
  }
}
