import { type EventColumns, EventFlag } from "../../runtime/event_batch.ts";
import { errnoOf } from "../../runtime/outcome.ts";

/** How a call can end, and other notes about it, one bit each. */
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

/** The bits of each combination of {@linkcode EventFlag}s. */
const BITS_OF_FLAGS = Uint8Array.from({ length: 256 }, (_, flags) => (
  (flags & EventFlag.KILLED ? BIT.killed : 0) | (flags & EventFlag.NO_RETURN ? BIT.no_return : 0) |
  (flags & EventFlag.PATH_FAULT ? BIT.path_fault : 0) |
  (flags & EventFlag.PATH_TRUNCATED ? BIT.path_truncated : 0)
));

/** How call `i` ended, as a small number. `words` are the halves of each returned value. */
export function endingOf(columns: EventColumns, words: Int32Array, i: number): number {
  let ending = BITS_OF_FLAGS[columns.flags[i]];
  if (columns.restarts[i] !== 0) ending |= BIT.restarted;
  return errnoOf(words, columns.flags, i) === 0 ? ending : ending | BIT.failed;
}

/** The same of a call with these flags and this error, 0 for none, that the kernel did not start again. */
export function endingWith(flags: number, errno: number): number {
  return errno === 0 ? BITS_OF_FLAGS[flags] : BITS_OF_FLAGS[flags] | BIT.failed;
}

/** The name of the frame for an {@linkcode endingOf}: `ok`, `failed`, `killed,path_fault` and so on. */
export function endingText(ending: number): string {
  const names: string[] = ENDINGS.filter((name) => ending & BIT[name]);
  return [...(ending & NOT_OK ? [] : ["ok"]), ...names].join(",");
}
