import { type EventColumns, EventFlag } from "../../runtime/event_batch.ts";
import { MAX_ERRNO } from "../stats/errors_by_call.ts";

/** How a call can end, and what else is to be said of it: a bit each. */
const ENDINGS = [
  "failed",
  "killed",
  "no_return",
  "restarted",
  "path_fault",
  "path_truncated",
] as const;

type Ending = typeof ENDINGS[number];

const BIT = Object.fromEntries(ENDINGS.map((name, i) => [name, 1 << i])) as Record<Ending, number>;

const NOT_OK = BIT.failed | BIT.killed | BIT.no_return;
const DID_NOT_RETURN = EventFlag.NO_RETURN | EventFlag.KILLED;

/** The bits of each combination of {@linkcode EventFlag}s. */
const BITS_OF_FLAGS = Uint8Array.from({ length: 256 }, (_, flags) => (
  (flags & EventFlag.KILLED ? BIT.killed : 0) | (flags & EventFlag.NO_RETURN ? BIT.no_return : 0) |
  (flags & EventFlag.PATH_FAULT ? BIT.path_fault : 0) |
  (flags & EventFlag.PATH_TRUNCATED ? BIT.path_truncated : 0)
));

/** The two halves of each value returned: an element of a BigInt64Array costs an allocation to look at. */
export function returnWords({ ret }: EventColumns): Int32Array {
  return new Int32Array(ret.buffer, ret.byteOffset, 2 * ret.length);
}

/** How call `i` ended, as a small number. `words` are its {@linkcode returnWords}. */
export function endingOf(columns: EventColumns, words: Int32Array, i: number): number {
  const flags = columns.flags[i];
  let ending = BITS_OF_FLAGS[flags];
  if (columns.restarts[i] !== 0) ending |= BIT.restarted;
  const low = words[2 * i];
  const failed = words[2 * i + 1] === -1 && low < 0 && low >= -MAX_ERRNO;
  return failed && (flags & DID_NOT_RETURN) === 0 ? ending | BIT.failed : ending;
}

/** The name of the frame for an {@linkcode endingOf}: `ok`, `failed`, `killed,path_fault` and so on. */
export function endingText(ending: number): string {
  const names: string[] = ENDINGS.filter((name) => ending & BIT[name]);
  return [...(ending & NOT_OK ? [] : ["ok"]), ...names].join(",");
}
