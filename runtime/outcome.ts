/** How a call ended: the one place that knows which calls returned and which of those failed. */
import { MAX_ERRNO } from "./errno.ts";
import { type EventColumns, EventFlag } from "./event_batch.ts";

/** Flags of calls without a result: those that never return, and those whose process was killed inside. */
export const DID_NOT_RETURN: number = EventFlag.NO_RETURN | EventFlag.KILLED;

/** The two halves of each returned value, low first: reading an element of a BigInt64Array costs an allocation. */
export function returnWords({ ret }: EventColumns): Int32Array {
  return new Int32Array(ret.buffer, ret.byteOffset, 2 * ret.length);
}

/** The error number of call `i`, 0 when it did not fail. `words` are its {@linkcode returnWords}. */
export function errnoOf(words: Int32Array, flags: Uint8Array, i: number): number {
  const low = words[2 * i];
  const failed = words[2 * i + 1] === -1 && low < 0 && low >= -MAX_ERRNO;
  return failed && (flags[i] & DID_NOT_RETURN) === 0 ? -low : 0;
}

/** True when call `i` failed: it returned one of -4095…-1. */
export function isFailed(columns: EventColumns, i: number): boolean {
  return errnoOf(returnWords(columns), columns.flags, i) !== 0;
}
