/** Numbers with their units, as every option reads them. */
import { IorError } from "../errors.ts";
import { parseDuration, parseSize } from "../units.ts";
import { found, type WordReader } from "./word_reader.ts";
import type { Word } from "./words.ts";

/**
 * What a number counts: calls or things, bytes, nanoseconds, a place in a file, which is -1 for its position, or a returned
 * value, which may be negative.
 */
export type Unit = "count" | "bytes" | "ns" | "offset" | "value";

/** What an error asks for in each unit, and an example. */
const WANTED: Readonly<Record<Unit, [what: string, example: string]>> = {
  ns: ["a duration", "5ms"],
  bytes: ["a size", "64k"],
  offset: ["a size or -1", "64k"],
  count: ["a whole number", "100"],
  value: ["a whole number", "-1"],
};

/** The number that a text spells in `unit`, `null` when it is not a number that a double holds exactly. */
export function quantityOf(text: string, unit: Unit): number | null {
  try {
    if (unit === "ns") return parseDuration(text);
    if (unit === "offset" && text === "-1") return -1;
    if (unit === "bytes" || unit === "offset") return parseSize(text);
  } catch (error) {
    if (error instanceof IorError) return null;
    throw error;
  }
  const number = (unit === "value" ? /^-?\d+$/ : /^\d+$/).test(text) ? Number(text) + 0 : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** Takes a number in `unit`; `subject` and `operator` come before it, for the error text. */
export function readQuantity(reader: WordReader, unit: Unit, subject: string, operator: string): number {
  const word = reader.take();
  return (word.kind === "name" ? quantityOf(word.value, unit) : null) ??
    reader.fail(word, needs(unit, subject, word), `For instance ${subject} ${operator} ${WANTED[unit][1]}`);
}

/** The error text: `subject` takes a number in `unit`. */
function needs(unit: Unit, subject: string, word: Word): string {
  return `${subject} needs ${boundFor(unit, word) ?? WANTED[unit][0]}, found ${found(word)}`;
}

/** What an error asks for in place of a number that a double does not hold exactly. */
function boundFor(unit: Unit, { value }: Word): string | null {
  if (unit === "ns" || !/^-?\d+$/.test(value) || Number.isSafeInteger(Number(value))) return null;
  if (!value.startsWith("-")) return `a number of at most ${Number.MAX_SAFE_INTEGER}`;
  return unit === "value" ? `a number of at least ${Number.MIN_SAFE_INTEGER}` : null;
}

/** What a number in `unit` is, with an example: `a duration such as 5ms`. */
export function exampleQuantity(unit: Unit): string {
  return WANTED[unit].join(" such as ");
}
