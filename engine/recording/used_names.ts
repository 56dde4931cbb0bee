import { longer } from "../../runtime/longer.ts";

/**
 * The names that rows of a row group use, numbered from 1 in the order of first use. Names stay in their slots from one
 * row group to the next; the numbers start again.
 */
export class UsedNames<Name extends { slot: number }> {
  readonly #what: string;
  readonly #names: (Name | undefined)[] = [];
  /** Number of each slot's name, 0 for one that no row has used. */
  #numbers = new Uint32Array(1024);
  /** The names used; the first is none. */
  readonly used: (Name | null)[] = [null];

  /** `what` is what the names are of, for errors. */
  constructor(what: string) {
    this.#what = what;
  }

  /** Gives a slot its name from here on. */
  set(name: Name): void {
    while (this.#names.length < name.slot) this.#names.push(undefined);
    this.#names[name.slot] = name;
    if (name.slot < this.#numbers.length) this.#numbers[name.slot] = 0;
  }

  /** The number of a slot's name, 0 when no row has used it yet. */
  get numbers(): Uint32Array {
    return this.#numbers;
  }

  /** Numbers the name of a slot. Throws a `RangeError` when it has none. */
  use(slot: number): Name {
    const name = this.#names[slot];
    if (name === undefined) {
      throw new RangeError(
        `Cannot name a ${this.#what}: slot ${slot} is in a row, and no batch has named it`,
      );
    }
    if (slot >= this.#numbers.length) this.#grow(slot);
    this.#numbers[slot] = this.used.length;
    this.used.push(name);
    return name;
  }

  /** Restarts the numbering. */
  clear(): void {
    this.#numbers.fill(0);
    this.used.length = 1;
  }

  #grow(slot: number): void {
    this.#numbers = longer(this.#numbers, slot + 1);
  }
}
