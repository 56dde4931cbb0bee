import type { StreamSequencer } from "../runtime/contracts.ts";

/** Numbers rows 1, 2, 3…; it outlives a restart of the trace. */
export class RowSequencer implements StreamSequencer {
  #next = 1;

  /** @inheritdoc */
  take(count: number): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }
}
