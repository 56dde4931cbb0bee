/** From the text of `--assert` to an {@linkcode Assertion}. */
import { errnoName, errnoNumber } from "../../runtime/errno.ts";
import { IorError } from "../../runtime/errors.ts";
import { FAMILIES, syscallByName, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { listOf, parseDuration, parseSize } from "../../runtime/units.ts";
import { nearest } from "../options/suggest.ts";
import { checkAnswerable } from "./source.ts";
import {
  type Assertion,
  type Comparison,
  COMPARISONS,
  type Condition,
  type ConditionOperator,
  type Field,
  FIELDS,
  type Measure,
  MEASURES,
} from "./types.ts";
import { badAssertion, splitWords, type Word } from "./words.ts";

const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];
const FIELD_NAMES = Object.keys(FIELDS) as Field[];
const EXAMPLE = "For instance --assert 'p99(read) < 5ms'";

/** Another word for a field: what rows call a process's name. */
const FIELD_ALIASES: Readonly<Record<string, Field>> = { comm: "process" };

/**
 * Reads `MEASURE(ARGUMENT, …) COMPARISON VALUE`. An argument is the name of a call, a family or an error, or a condition
 * `FIELD = TEXT`, `FIELD != TEXT` or `FIELD ~ PATTERN`. Without arguments, all calls are meant.
 *
 * Throws an {@linkcode IorError} of code `usage` that names the column of what is wrong, and for what no table of a
 * report can answer.
 *
 * ```ts
 * import { parseAssertion } from "./parse.ts";
 * parseAssertion('calls(fsync, path ~ "*.db") = 0').bound; // 0
 * ```
 */
export function parseAssertion(text: string): Assertion {
  const words = splitWords(text);
  let next = 0;
  const peek = (): Word => words[next];
  const take = (): Word => words[next++];
  const fail = (word: Word, reason: string, hint: string): never => {
    throw badAssertion(text, word.column, reason, hint);
  };
  const isSign = (word: Word, ...signs: string[]) => word.kind === "sign" && signs.includes(word.value);

  const measure = readMeasure(take(), fail);
  const conditions: Condition[] = [];
  if (isSign(peek(), "(")) {
    take();
    while (!isSign(peek(), ")")) {
      conditions.push(readArgument());
      if (isSign(peek(), ",")) take();
      else if (!isSign(peek(), ")")) {
        fail(peek(), `${found(peek())} stands where \`,\` or \`)\` must be`, EXAMPLE);
      }
    }
    take();
  }
  const comparison = readComparison(take(), fail);
  const bound = readBound(take(), measure, fail);
  if (peek().kind !== "end") fail(peek(), `${found(peek())} stands where the assertion should end`, EXAMPLE);
  const assertion = { text, measure, conditions, comparison, bound };
  checkAnswerable(assertion);
  return assertion;

  function readArgument(): Condition {
    const word = take();
    if (word.kind !== "name") {
      return fail(
        word,
        `${found(word)} stands where the name of a call, a family, an error or a field must be`,
        EXAMPLE,
      );
    }
    if (!isSign(peek(), "=", "!=", "~")) {
      if (peek().kind === "sign" && !isSign(peek(), ",", ")")) {
        return fail(
          peek(),
          `${found(peek())} does not compare texts, it must be =, != or ~`,
          'For instance path ~ "*.db"',
        );
      }
      return readName(word, fail);
    }
    const field = readField(word, fail);
    const operator = take().value as ConditionOperator;
    return readCondition(field, operator, take(), fail);
  }
}

/** Reports what is wrong with a word. */
type Fail = (word: Word, reason: string, hint: string) => never;

function readMeasure(word: Word, fail: Fail): Measure {
  const measure = MEASURE_NAMES.find((name) => name === word.value);
  if (measure !== undefined && word.kind === "name") return measure;
  const near = nearest(word.value, MEASURE_NAMES);
  return fail(
    word,
    `${found(word)} is no measure`,
    near && word.value !== "" ? `Did you mean \`${near}\`?` : `It must be ${listOf(MEASURE_NAMES, "or")}`,
  );
}

function readField(word: Word, fail: Fail): Field {
  const field = FIELD_ALIASES[word.value] ?? FIELD_NAMES.find((name) => name === word.value);
  if (field !== undefined) return field;
  const near = nearest(word.value, FIELD_NAMES);
  return fail(
    word,
    `${found(word)} is no field`,
    near ? `Did you mean \`${near}\`?` : `It must be ${listOf(FIELD_NAMES, "or")}`,
  );
}

/** A name alone says what it is: calls are written small, families with a capital, errors in capitals. */
function readName(word: Word, fail: Fail): Condition {
  const name = word.value;
  for (const [field, canonical] of Object.entries(CANONICAL)) {
    const value = canonical(name);
    if (value !== null) return { field: field as Field, operator: "=", value };
  }
  const near = nearest(name, [...SYSCALLS.map((call) => call.name), ...FAMILIES, ...ERRNO_NAMES]);
  return fail(
    word,
    `there is no call, family or error \`${name}\``,
    near ? `Did you mean \`${near}\`?` : `A file is written path = "${name}", a process process = "${name}"`,
  );
}

/** A name of each field that has a list of them, as reports spell it; `null` for one that is not in the list. */
const CANONICAL: Readonly<Partial<Record<Field, (name: string) => string | null>>> = {
  syscall: (name) => syscallByName(name)?.name ?? null,
  errno: (name) => {
    const number = errnoNumber(name.toUpperCase());
    return number === undefined ? null : errnoName(number);
  },
  family: (name) => FAMILIES.find((family) => family.toLowerCase() === name.toLowerCase()) ?? null,
};

const ERRNO_NAMES = Array.from({ length: 133 }, (_, i) => errnoName(i + 1)).filter((name) =>
  /^E[A-Z]/.test(name)
);

function readCondition(field: Field, operator: ConditionOperator, word: Word, fail: Fail): Condition {
  if (word.kind !== "name" && word.kind !== "text") {
    return fail(
      word,
      `${found(word)} stands where a text must be`,
      `For instance ${field} ${operator} "text"`,
    );
  }
  const { value } = word;
  if (value === "") return fail(word, "the text is empty", "Leave the condition out to mean every call");
  if (field === "pid" && (operator === "~" || !/^\d+$/.test(value))) {
    return fail(word, `a pid must be a number, and compares with = or !=`, "For instance pid = 1234");
  }
  if (operator === "~") return { field, operator, value };
  const canonical = CANONICAL[field];
  if (canonical === undefined) return { field, operator, value };
  const known = canonical(value);
  if (known !== null) return { field, operator, value: known };
  const names = field === "syscall"
    ? SYSCALLS.map((call) => call.name)
    : field === "family"
    ? FAMILIES
    : ERRNO_NAMES;
  const near = nearest(value, names);
  return fail(
    word,
    `there is no ${field === "syscall" ? "call" : field === "family" ? "family" : "error"} \`${value}\``,
    near ? `Did you mean \`${near}\`?` : `Part of a name is matched by ${field} ~ "${value}"`,
  );
}

function readComparison(word: Word, fail: Fail): Comparison {
  const comparison = COMPARISONS.find((sign) => word.kind === "sign" && sign === word.value);
  return comparison ??
    fail(word, `${found(word)} stands where a comparison must be: ${COMPARISONS.join(" ")}`, EXAMPLE);
}

function readBound(word: Word, measure: Measure, fail: Fail): number {
  const { unit } = MEASURES[measure];
  if (word.kind === "name") {
    try {
      if (unit === "ns") return parseDuration(word.value);
      if (unit === "bytes") return parseSize(word.value);
      if (/^\d+$/.test(word.value) && Number.isSafeInteger(Number(word.value))) return Number(word.value);
    } catch (error) {
      if (!(error instanceof IorError)) throw error;
    }
  }
  const wanted = {
    ns: ["a time with its unit of ns, us, ms or s", "5ms"],
    bytes: ["a number of bytes, or one with k, M or G", "64k"],
    count: ["a whole number", "100"],
  }[unit];
  return fail(
    word,
    `${found(word)} is no bound of ${measure}, it must be ${wanted[0]}`,
    `For instance ${measure} < ${wanted[1]}`,
  );
}

function found(word: Word): string {
  return word.kind === "end" ? "the end" : `\`${word.value}\``;
}
