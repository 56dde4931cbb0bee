import { longer } from "../../runtime/longer.ts";

/** Numbers of names. A slot gets a new number with every new name, so that a number never stands for two names. */
export class SlotIds {
  #ids = new Int32Array(64);
  #last = 0;

  /** The number of the name in each slot; slots without a name have 0. Valid until a slot is named. */
  get ids(): Int32Array {
    return this.#ids;
  }

  /** Notes that a slot has a new name. Numbers wrap after 2^31 names, when no table remembers the first ones. */
  named(slot: number): void {
    if (slot >= this.#ids.length) this.#ids = longer(this.#ids, slot + 1);
    this.#last = (this.#last % 0x7fff_ffff) + 1;
    this.#ids[slot] = this.#last;
  }
}
