import type { FileName } from "../../runtime/event_batch.ts";
import { longer } from "../../runtime/longer.ts";

/** Paths whose numbers are remembered. */
const KNOWN_PATHS = 8192;

/** Numbers of names. A number never stands for two names. */
export class SlotIds {
  #ids = new Int32Array(64);
  #last = 0;
  /** Numbers by path, of files named since it was emptied. */
  readonly #known = new Map<string, number>();

  /** The number of the name in each slot; slots without a name have 0. Valid until a slot is named. */
  get ids(): Int32Array {
    return this.#ids;
  }

  /** Notes that a slot has a new name. Numbers wrap after 2^31 names, when no table remembers the first ones. */
  named(slot: number): void {
    this.#last = (this.#last % 0x7fff_ffff) + 1;
    this.#set(slot, this.#last);
  }

  /** The same of a file. One that is made again under its path, as programs do, mostly has its number again. */
  namedFile({ slot, path, raw }: FileName): void {
    if (raw !== undefined) return this.named(slot);
    const known = this.#known.get(path);
    if (known !== undefined) return this.#set(slot, known);
    this.named(slot);
    if (this.#known.size >= KNOWN_PATHS) this.#known.clear();
    this.#known.set(path, this.#last);
  }

  #set(slot: number, id: number): void {
    if (slot >= this.#ids.length) this.#ids = longer(this.#ids, slot + 1);
    this.#ids[slot] = id;
  }
}
