import { OTHER_FRAME } from "../../runtime/flame.ts";

/** Number of the root's name, and of any other that is empty. */
export const ROOT_NAME = 0;

/** Number of the name of frames that take in what was folded; a traced file of that name has another number. */
export const OTHER_NAME = 1;

/** Numbers for the names of frames: a name has one, from its first use on. */
export class FrameNames {
  #numberOf = new Map<string, number>([["", ROOT_NAME]]);
  #texts = ["", OTHER_FRAME];

  /** Names by their number. Only ever appended to: what was there stays as it was. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** The number of a name. */
  number(text: string): number {
    let number = this.#numberOf.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numberOf.set(text, number);
    }
    return number;
  }

  /**
   * Forgets the names that are not in `used`, and numbers the others anew. Returns the new number of each old one. The
   * names of before stay as they were for whoever holds them.
   */
  keep(used: Iterable<number>): Int32Array {
    const old = this.#texts;
    const renumbered = new Int32Array(old.length);
    this.#texts = ["", OTHER_FRAME];
    this.#numberOf = new Map([["", ROOT_NAME]]);
    renumbered[OTHER_NAME] = OTHER_NAME;
    for (const number of used) {
      if (number > OTHER_NAME) renumbered[number] = this.number(old[number]);
    }
    return renumbered;
  }
}
