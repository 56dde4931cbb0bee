import { OTHER_FRAME } from "../../runtime/flame.ts";

/** Number of the root's name and of any other empty name. */
export const ROOT_NAME = 0;

/** Number of the name of frames that hold what was folded; a traced file of that name has another number. */
export const OTHER_NAME = 1;

/** Numbers the names of frames, in the order of first use. */
export class FrameNames {
  #numberOf = new Map<string, number>([["", ROOT_NAME]]);
  #texts = ["", OTHER_FRAME];

  /** Names by their number. Names are only appended. */
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
   * Forgets the names that are not in `used`, and renumbers the others. Returns the new number of each old one. An
   * array of names obtained before does not change.
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
