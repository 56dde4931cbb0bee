/** Checks the shape of a foreign document, as data. */

/** A document of the wrong shape: where, the value found and the value wanted. */
export class ShapeError extends Error {
  /** @inheritdoc */
  override readonly name = "ShapeError";

  constructor(at: string, value: unknown, wanted: string) {
    super(`${at} is ${told(value)}, it must be ${wanted}`);
  }
}

/** Throws a {@linkcode ShapeError} when the value is of another shape; `at` is where it is in the document. */
export type Check = (value: unknown, at: string) => void;

/** Longest value shown in an error, in characters. */
const SHOWN_MAX = 40;

/** An object with at least these members. */
export function object(members: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (!isObject(value)) throw new ShapeError(at, value, "an object");
    for (const [name, check] of Object.entries(members)) {
      check(Object.hasOwn(value, name) ? value[name] : undefined, `${at}.${name}`);
    }
  };
}

/** An object whose members are all alike. */
export function record(check: Check): Check {
  return (value, at) => {
    if (!isObject(value)) throw new ShapeError(at, value, "an object");
    for (const [name, member] of Object.entries(value)) check(member, `${at}.${name}`);
  };
}

/** A list whose members are all alike. */
export function list(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) throw new ShapeError(at, value, "a list");
    value.forEach((member, i) => check(member, `${at}[${i}]`));
  };
}

/** A value or `null`. */
export function orNull(check: Check): Check {
  return (value, at) => {
    if (value !== null) check(value, at);
  };
}

/** A value that may be left out. */
export function optional(check: Check): Check {
  return (value, at) => {
    if (value !== undefined) check(value, at);
  };
}

/** One of these texts. */
export function oneOf(...texts: string[]): Check {
  return is(`one of ${texts.join(", ")}`, (value) => texts.some((text) => text === value));
}

/** A text. */
export const text: Check = is("a text", (value) => typeof value === "string");

/** Above any sum of numbers of 64 bits, and far below where a mean of them is no number any more. */
const MOST_COUNT = 2n ** 128n;

/** A non-negative integer of any size that a sum of 64-bit numbers can have. */
export const count: Check = is(
  "a whole number from 0 to 2^128",
  (value) =>
    typeof value === "bigint"
      ? value >= 0n && value <= MOST_COUNT
      : Number.isSafeInteger(value) && Number(value) >= 0,
);

/** A non-negative integer that a double holds exactly. */
export const smallCount: Check = is(
  "a whole number from 0 to 2^53",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);

/** A non-negative number. */
export const amount: Check = is(
  "a number of at least 0",
  (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
);

/** An object with any members. */
export const anyObject: Check = is("an object", isObject);

function is(wanted: string, holds: (value: unknown) => boolean): Check {
  return (value, at) => {
    if (!holds(value)) throw new ShapeError(at, value, wanted);
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function told(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const json = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return json.length <= SHOWN_MAX ? json : `${json.slice(0, SHOWN_MAX)}...`;
}
