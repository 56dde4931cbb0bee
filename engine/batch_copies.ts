import { createColumns, type EventBatch, type EventColumns } from "../runtime/event_batch.ts";
import type { BatchConsumer } from "./batch_consumer.ts";

/** Gives a consumer that keeps the columns a copy, so that the consumer behind it can have the batch itself. */
export class BatchCopies implements BatchConsumer, AsyncDisposable {
  readonly #consumer: BatchConsumer & AsyncDisposable;
  readonly #emptied: EventColumns[];

  /** `emptied` is where the consumer's columns come back to, to be filled again. */
  constructor(consumer: BatchConsumer & AsyncDisposable, emptied: EventColumns[]) {
    this.#consumer = consumer;
    this.#emptied = emptied;
  }

  /** As of the consumer. */
  get canIngest(): boolean {
    return this.#consumer.canIngest;
  }

  /** As of the consumer. */
  room(): Promise<void> {
    return this.#consumer.room();
  }

  /** Gives the consumer a copy; the batch stays as it is. */
  ingest(batch: EventBatch): void {
    const { columns, length } = batch;
    const capacity = columns.nr.length;
    const reused = this.#emptied.pop();
    const copy = reused?.nr.length === capacity ? reused : createColumns(capacity);
    copyColumns(columns, copy, length);
    void this.#consumer.ingest({ ...batch, columns: copy });
  }

  /** Ends the consumer. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#consumer[Symbol.asyncDispose]());
  }
}

/** Copies the first `length` calls. */
function copyColumns(from: EventColumns, to: EventColumns, length: number): void {
  to.ret.set(from.ret.subarray(0, length));
  for (const name of NUMBER_COLUMNS) to[name].set(from[name].subarray(0, length));
}

/** All columns whose elements are numbers; a test holds them against the columns there are. */
export const NUMBER_COLUMNS = [
  "enterNs",
  "durationNs",
  "gapNs",
  "bytes",
  "nr",
  "task",
  "file",
  "oldFile",
  "fd",
  "restarts",
  "flags",
] as const satisfies Exclude<keyof EventColumns, "ret">[];
