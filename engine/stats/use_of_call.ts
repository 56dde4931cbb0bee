/** Which use of files a call is, by its traits and how it ended: a table, as choosing would cost a mispredicted branch. */
import { Trait } from "./call_traits.ts";
import { Use } from "./uses.ts";

/** ENOENT of include/uapi/asm-generic/errno-base.h. */
const NOT_FOUND = 2;

/** How a call may have ended, as far as a use depends on it. */
export const ENDINGS = 6;

/**
 * The number of an ending, below {@linkcode ENDINGS}: from 0, 2 or 4 on for a success, another error and a name that does
 * not exist, and 1 more when `tiny` is 1 and not 0: very few bytes moved. Computed from sign bits, without a branch.
 */
export function endingOf(errno: number, tiny: number): number {
  return 2 * (((0 - errno) >>> 31) + (((errno ^ NOT_FOUND) - 1) >>> 31)) + tiny;
}

/** The uses of a call with these traits, by ending; -1 for none. */
export function usesOf(traits: number): number[] {
  return Array.from({ length: ENDINGS }, (_, ending) => {
    const tiny = (ending & 1) !== 0;
    if ((traits & Trait.READS) !== 0) return tiny ? Use.tiny_read : -1;
    if ((traits & Trait.WRITES) !== 0) return tiny ? Use.tiny_write : -1;
    if ((traits & Trait.LOOKS_UP) !== 0) {
      if (ending >> 1 === 2) return Use.missing;
      if (ending >> 1 !== 0) return -1;
      return (traits & Trait.OPENS) !== 0 ? Use.reopen : (traits & Trait.QUERIES) !== 0 ? Use.query : -1;
    }
    if ((traits & Trait.SYNCS) !== 0) return Use.sync;
    return (traits & Trait.SEEKS) !== 0 ? Use.seek : -1;
  });
}
