/** Durations and sizes as users write them: strict in, exact out. */
import { IorError } from "./errors.ts";

/** Nanoseconds of the units that every duration accepts. */
const SHORT_UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
};

/** Nanoseconds of the units that only the length of a run accepts. */
const LONG_UNITS: Readonly<Record<string, bigint>> = {
  m: 60n * 1_000_000_000n,
  h: 3600n * 1_000_000_000n,
};

/** Size suffixes, each 1024 times the one before. Their case does not matter. */
const SIZE_SUFFIXES = ["", "k", "M", "G"] as const;

/** Options of {@linkcode parseDuration}. */
export interface DurationOptions {
  /** Name of the value in the error text, for instance `--slower`. */
  subject?: string;
  /** Accept a number without a unit as seconds. */
  bareSeconds?: boolean;
  /** Also accept minutes and hours (`m`, `h`). */
  longUnits?: boolean;
}

/**
 * Reads a duration such as `5ms`, `1.5s` or `100us` and returns whole nanoseconds.
 *
 * Throws an {@linkcode IorError} of code `usage` when the text is not a duration, is finer than one nanosecond, or
 * longer than 2^53 nanoseconds (104 days), the largest number of nanoseconds a double holds exactly.
 *
 * ```ts
 * import { parseDuration } from "./units.ts";
 * parseDuration("5ms"); // 5_000_000
 * parseDuration("2", { bareSeconds: true }); // 2_000_000_000
 * ```
 */
export function parseDuration(text: string, options: DurationOptions = {}): number {
  const subject = options.subject ?? "duration";
  const units = options.longUnits ? { ...SHORT_UNITS, ...LONG_UNITS } : SHORT_UNITS;
  const wanted = `a number with a unit of ${listOf(Object.keys(units), "or")}`;
  const refuse = (reason: string, hint: string): never => {
    throw new IorError("usage", `Cannot use ${subject} \`${text}\`: ${reason}`, { hint });
  };
  const example = `For instance ${subject === "duration" ? "" : `${subject} `}5ms`;
  const match = /^(\d+)(?:\.(\d+))?([a-zµ]*)$/.exec(text);
  if (!match) return refuse(`it must be ${options.bareSeconds ? "seconds, or " : ""}${wanted}`, example);
  const [, whole, fraction = "", unitText] = match;
  const unit = unitText === "µs" ? "us" : unitText === "" && options.bareSeconds ? "s" : unitText;
  if (unit === "") return refuse(`it has no unit, it must be ${wanted}`, `Write ${text}ms, or ${text}s`);
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) {
    return refuse(
      `unknown unit \`${unit}\`, it must be ${listOf(Object.keys(units), "or")}`,
      example,
    );
  }
  const scaled = BigInt(whole + fraction) * factor;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return refuse("it is finer than one nanosecond", "Use whole nanoseconds");
  const ns = Number(scaled / divisor);
  if (!Number.isSafeInteger(ns)) {
    return refuse("it is longer than 104 days", "Use a shorter time");
  }
  return ns;
}

/**
 * Reads a size such as `64M`, `16k` or `4096` (suffixes k, M and G, each times 1024) and returns bytes.
 *
 * Throws an {@linkcode IorError} of code `usage` for anything else; `subject` names the value in its text.
 */
export function parseSize(text: string, subject = "size"): number {
  const match = /^(\d+)([kKmMgG]?)$/.exec(text);
  const power = match
    ? SIZE_SUFFIXES.findIndex((suffix) => suffix.toLowerCase() === match[2].toLowerCase())
    : 0;
  const bytes = match ? Number(match[1]) * 1024 ** power : NaN;
  if (!Number.isSafeInteger(bytes)) {
    const reason = match ? "it is too large" : "it must be a whole number of bytes, or one with k, M or G";
    throw new IorError("usage", `Cannot use ${subject} \`${text}\`: ${reason}`, {
      hint: `For instance ${subject === "size" ? "" : `${subject} `}64M`,
    });
  }
  return bytes;
}

/** Formats bytes as {@linkcode parseSize} reads them: `32M`, `64k`, `1000`. */
export function formatExactSize(bytes: number): string {
  let power = 0;
  while (bytes > 0 && power < SIZE_SUFFIXES.length - 1 && bytes % 1024 === 0) {
    bytes /= 1024;
    power++;
  }
  return `${bytes}${SIZE_SUFFIXES[power]}`;
}

/** Formats nanoseconds as {@linkcode parseDuration} reads them: `5ms`, `1500us`. */
export function formatExactDuration(ns: number): string {
  const [unit, factor] = Object.entries(SHORT_UNITS).findLast(([, factor]) => BigInt(ns) % factor === 0n)!;
  return `${BigInt(ns) / factor}${unit}`;
}

/** Joins words as in a sentence: `a, b or c`. */
export function listOf(words: readonly string[], conjunction: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1]}`;
}
