import type { CallCells, SlowLimits } from "../runtime/call_cells.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import type { Loss } from "../runtime/loss.ts";
import type { BatchConsumer, BatchKeeper, BatchReader } from "./batch_consumer.ts";
import { copyOfBatch } from "./batch_copies.ts";

/**
 * What travels to the consumers: calls one by one, or sums of calls. Sums of a sampled trace are not for those that need
 * rows: they see a sample.
 */
export type Fed =
  | { kind: "batch"; batch: EventBatch }
  | { kind: "sums"; cells: CallCells; sampled?: boolean };

/**
 * Hands batches and sums to all consumers, of a trace and of a recording alike. It waits for the slowest of them: while
 * one has no room, nothing is read, so that loss shows once, in the kernel.
 *
 * Columns belong to the fan-out. Consumers that only read are served first; of those that keep the columns the last one gets
 * the batch itself, and the others get copies, whose columns are reused when they come back.
 */
export class FanOut {
  readonly #consumers: readonly BatchConsumer[];
  readonly #readers: readonly BatchReader[];
  readonly #copied: readonly BatchKeeper[];
  readonly #last: BatchKeeper | undefined;
  readonly #emptied: EventColumns[] = [];
  readonly #recycle: (columns: EventColumns) => void;

  /** `recycle` takes the columns of batches back to where they come from. */
  constructor(consumers: readonly BatchConsumer[], recycle: (columns: EventColumns) => void) {
    this.#consumers = consumers;
    this.#readers = consumers.filter((consumer) => !consumer.keepsColumns);
    const keepers = consumers.filter((consumer) => consumer.keepsColumns);
    this.#copied = keepers.slice(0, -1);
    this.#last = keepers.at(-1);
    this.#recycle = recycle;
  }

  /** True when every consumer accepts sums instead of rows. */
  get takesSums(): boolean {
    return this.#consumers.every(({ ingestCells }) => ingestCells !== undefined);
  }

  /** Which calls a consumer wants as rows where others are added up. */
  get slow(): SlowLimits {
    const wanted = this.#consumers.flatMap(({ slow }) => slow ? [slow] : []);
    return {
      filesNs: Math.min(...wanted.map(({ filesNs }) => filesNs)),
      waitingNs: Math.min(...wanted.map(({ waitingNs }) => waitingNs)),
    };
  }

  /**
   * Waits for room everywhere, then hands it to all. Rejects when a consumer will never have room again, and for sums
   * when one of them needs rows.
   */
  async feed(fed: Fed): Promise<void> {
    for (const consumer of this.#consumers) if (!consumer.canIngest) await consumer.room();
    if (fed.kind === "batch") return this.#feedBatch(fed.batch);
    if (!fed.sampled && !this.takesSums) {
      throw new RangeError("Cannot hand sums to consumers: one of them needs rows");
    }
    await Promise.all(this.#consumers.map((consumer) => consumer.ingestCells?.(fed.cells)));
  }

  /** Tells the consumers that want to know how many calls have been lost by now. */
  noteLoss(loss: () => Loss, timeNs: number): void {
    for (const consumer of this.#consumers) consumer.noteLoss?.(loss(), timeNs);
  }

  #feedBatch(batch: EventBatch): void {
    for (const reader of this.#readers) reader.ingest(batch);
    const keepCopy = (columns: EventColumns) => void this.#emptied.push(columns);
    for (const keeper of this.#copied) give(keeper, copyOfBatch(batch, this.#emptied), keepCopy);
    if (this.#last) give(this.#last, batch, this.#recycle);
    else this.#recycle(batch.columns);
  }
}

/** A failure of a keeper shows at its next `room`. */
function give(keeper: BatchKeeper, batch: EventBatch, back: (columns: EventColumns) => void): void {
  keeper.ingest(batch).then((columns) => columns && back(columns), () => {});
}
