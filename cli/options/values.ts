/** Readers of the values of options. Each takes the option as written, for the error, and throws a usage error. */
import { IorError } from "../../runtime/errors.ts";
import {
  formatExactDuration,
  formatExactSize,
  listOf,
  parseDuration,
  parseSize,
} from "../../runtime/units.ts";
import { nearest } from "../../runtime/expression/mod.ts";

/** The error of a value that an option cannot use. */
export function badValue(flag: string, value: string, reason: string, hint: string): IorError {
  return new IorError("usage", `Cannot use ${flag} \`${value}\`: ${reason}`, { hint });
}

/** The entries of a comma list, without surrounding spaces. A `/regex/` entry may contain commas. */
export function readList(flag: string, text: string): string[] {
  const entries: string[] = [];
  let rest = text;
  while (true) {
    const entry = /^\s*(\/.*?[^\\]\/(?=\s*(?:,|$))|[^,]*)/.exec(rest)![0];
    entries.push(entry.trim());
    if (entry.length === rest.length) break;
    rest = rest.slice(entry.length).replace(/^\s*,?/, "");
  }
  if (text.trim() === "") throw badValue(flag, text, "it is empty", `Give ${flag} a value, or leave it out`);
  if (entries.includes("")) {
    throw badValue(flag, text, "an entry of the list is empty", "Separate entries with one comma");
  }
  return entries;
}

/** One whole number from `min` to `max`, in decimal digits only. */
export function readWholeNumber(
  flag: string,
  text: string,
  min: number,
  max: number,
  hint = `For instance ${flag} 20`,
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw badValue(flag, text, `it must be a whole number from ${min} to ${max}`, hint);
}

/** A comma list of process or thread numbers, up to `max`. The hint for a name is `--comm`. */
export function readTaskNumbers(flag: string, text: string, max: number): number[] {
  return readList(flag, text).map((entry) => {
    const hint = /^[a-z_]/i.test(entry) ? `To select by name: --comm ${entry}` : `For instance ${flag} 1234`;
    return readWholeNumber(flag, entry, 1, max, hint);
  });
}

/** A time of at least `minNs`, nanoseconds. */
export function readTime(flag: string, text: string, minNs: number): number {
  const ns = parseDuration(text, { subject: flag, bareSeconds: true, longUnits: true });
  if (ns >= minNs) return ns;
  throw badValue(flag, text, `it must be at least ${formatExactDuration(minNs)}`, `For instance ${flag} 1s`);
}

/** One of `choices`, ignoring case. `what` names one of them, for the error text. */
export function readChoice<T extends string>(
  flag: string,
  text: string,
  what: string,
  choices: readonly T[],
): T {
  const lower = text.toLowerCase();
  const found = choices.find((choice) => choice.toLowerCase() === lower);
  if (found !== undefined) return found;
  const near = nearest(text, choices);
  throw badValue(
    flag,
    text,
    `unknown ${what}`,
    near ? `Did you mean \`${near}\`?` : `It must be ${listOf(choices, "or")}`,
  );
}

/** A comma list of {@linkcode readChoice}. */
export function readChoices<T extends string>(
  flag: string,
  text: string,
  what: string,
  choices: readonly T[],
): T[] {
  return readList(flag, text).map((entry) => readChoice(flag, entry, what, choices));
}

/** As {@linkcode readChoices}, of a list in which no entry may be twice. */
export function readDistinctChoices<T extends string>(
  flag: string,
  text: string,
  what: string,
  choices: readonly T[],
): T[] {
  const found = readChoices(flag, text, what, choices);
  const once = [...new Set(found)];
  if (once.length === found.length) return found;
  throw badValue(flag, text, `a ${what} is listed twice`, `For instance ${flag} ${once.join(",")}`);
}

/** A text that is not empty. */
export function readText(flag: string, text: string): string {
  if (text === "") throw badValue(flag, text, "it is empty", `Give ${flag} a value, or leave it out`);
  return text;
}

/**
 * Smallest and largest ring, bytes: room for a thousand calls, and the most memory that one buffer should pin. The
 * smallest is a multiple of every page size that x86-64 and arm64 have.
 */
const RING_MIN_BYTES = 64 * 1024;
const RING_MAX_BYTES = 1024 ** 3;

/**
 * The size of the ring buffer, bytes. The kernel takes a power of two that is a multiple of the page size
 * (`ringbuf_map_alloc` in kernel/bpf/ringbuf.c).
 */
export function readRingBytes(flag: string, text: string): number {
  const bytes = parseSize(text, flag);
  const clamped = Math.min(Math.max(bytes, RING_MIN_BYTES), RING_MAX_BYTES);
  const below = 2 ** Math.floor(Math.log2(clamped));
  const nearestBytes = clamped - below <= below * 2 - clamped ? below : below * 2;
  if (bytes === nearestBytes) return bytes;
  throw badValue(
    flag,
    text,
    `it must be a power of two from ${formatExactSize(RING_MIN_BYTES)} to ${formatExactSize(RING_MAX_BYTES)}`,
    `The nearest valid size is ${flag} ${formatExactSize(nearestBytes)}`,
  );
}

/** More rows than any run has: 24 days of a million calls a second. */
export const ROWS_MAX = 2 ** 41;
