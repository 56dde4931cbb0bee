import { RowBuilder } from "../../engine/event_rows.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { ByteText } from "./byte_text.ts";

/** Writes the calls of batches. Every batch must be applied, in order: the names of one are those of the next too. */
export interface CallWriter {
  /** All names known so far. */
  readonly names: Pick<EventBatch, "tasks" | "files">;
  /** Takes the names of a batch, whose calls can then be written, until its columns are reused. */
  apply(batch: EventBatch): void;
  /** Appends call `i` of the batch applied last. */
  write(i: number, out: ByteText): void;
}

/** Makes a row of each call. */
export class CallRows implements CallWriter {
  readonly #rows: RowBuilder;
  readonly #row: (row: StreamRow, out: ByteText) => void;

  constructor(arch: Arch, row: (row: StreamRow, out: ByteText) => void) {
    this.#rows = new RowBuilder(arch);
    this.#row = row;
  }

  /** @inheritdoc */
  get names(): Pick<EventBatch, "tasks" | "files"> {
    return this.#rows.names;
  }

  /** @inheritdoc */
  apply(batch: EventBatch): void {
    this.#rows.apply(batch);
  }

  /** @inheritdoc */
  write(i: number, out: ByteText): void {
    this.#row(this.#rows.row(i), out);
  }
}
