import { type Loss, lossOf } from "../../runtime/loss.ts";

const NONE = lossOf({ ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 });

/** How many calls had been lost at each moment, as far back as a window may begin: `lengthNs` before a call that still comes. */
export class LossHistory {
  readonly #lengthNs: number;
  /** Changes, oldest first; the first one is older than what is asked for. */
  readonly #changes: { timeNs: number; loss: Loss }[] = [{ timeNs: 0, loss: NONE }];

  constructor(lengthNs: number) {
    this.#lengthNs = lengthNs;
  }

  /** Notes the loss so far. Calls that still come ended at `arrivedNs` or later. */
  note(loss: Loss, timeNs: number, arrivedNs: number): void {
    if (loss.calls !== this.#changes.at(-1)!.loss.calls) this.#changes.push({ timeNs, loss });
    while (this.#changes.length > 1 && this.#changes[1].timeNs <= arrivedNs - this.#lengthNs) {
      this.#changes.shift();
    }
  }

  /** The loss up to a moment, as last noted by then. */
  at(timeNs: number): Loss {
    return this.#changes.findLast((change) => change.timeNs <= timeNs)?.loss ?? NONE;
  }
}
