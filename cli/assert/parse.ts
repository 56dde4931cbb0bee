/** Parses `--assert`. */
import {
  fieldNamed,
  found,
  NAME_LISTS,
  type NamedField,
  nearest,
  NUMBER_OPERATORS,
  type NumberOperator,
  readQuantity,
  readText,
  suggestName,
  TEXT_OPERATORS,
  type Word,
  WordReader,
} from "../../runtime/expression/mod.ts";
import { listOf } from "../../runtime/units.ts";
import { checkAnswerable } from "./source.ts";
import {
  type Assertion,
  type Condition,
  type ConditionOperator,
  type Field,
  FIELDS,
  type Measure,
  MEASURES,
  type Subject,
} from "./types.ts";

const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];
const FIELD_NAMES = Object.keys(FIELDS) as Field[];

/**
 * Reads `MEASURE(ARGUMENT, …) COMPARISON VALUE`. An argument is the name of a call, a family or an error, or a condition on
 * a field: `FIELD = TEXT`, `FIELD != TEXT`, `FIELD ~ PATTERN` or `FIELD =~ REGEX`. Without arguments, the measure is of all calls.
 *
 * Throws an `IorError` of code `usage` that names the column of the mistake, and for an assertion that no table of a report can answer.
 *
 * ```ts
 * import { parseAssertion } from "./parse.ts";
 * parseAssertion('calls(fsync, path ~ "*.db") = 0').bound; // 0
 * ```
 */
export function parseAssertion(text: string): Assertion {
  const reader = new WordReader({ option: "--assert", text, example: "'p99(read) < 5ms'" });
  const subject = readSubject(reader, MEASURE_NAMES);
  const comparison = readComparison(reader);
  const bound = readQuantity(reader, MEASURES[subject.measure].unit, subject.measure, comparison);
  reader.expectEnd("the assertion");
  checkAnswerable(reader.source, subject);
  return { ...subject, comparison, bound };
}

/** Takes a measure, spelled as one of `names`, and its arguments. */
export function readSubject(reader: WordReader, names: readonly string[]): Subject {
  const measure = readMeasure(reader, names);
  const conditions: Condition[] = [];
  if (reader.takeSign("(")) {
    while (!reader.isSign(")")) {
      conditions.push(readArgument(reader));
      if (!reader.takeSign(",") && !reader.isSign(")")) reader.unexpected("`,` or `)` must be");
    }
    reader.take();
  }
  return { text: reader.source.text, measure, conditions };
}

function readMeasure(reader: WordReader, names: readonly string[]): Measure {
  const word = reader.peek();
  if (word.kind !== "name") reader.unexpected("a measure must be");
  reader.take();
  const isKnown = names.includes(word.value);
  const measure = MEASURE_NAMES.find((name) =>
    isKnown && (name === word.value || `${name}_ns` === word.value)
  );
  if (measure !== undefined) return measure;
  const near = nearest(word.value, names);
  return reader.fail(
    word,
    `unknown measure \`${word.value}\``,
    near ? `Did you mean \`${near}\`?` : `It must be ${listOf(MEASURE_NAMES, "or")}`,
  );
}

function readArgument(reader: WordReader): Condition {
  const word = reader.peek();
  if (word.kind !== "name") reader.unexpected("the name of a call, a family, an error or a field must be");
  reader.take();
  if (reader.isSign(",", ")") || reader.peek().kind !== "sign") return readName(reader, word);
  const operator = TEXT_OPERATORS.find((sign) => reader.isSign(sign));
  if (operator === undefined) {
    reader.fail(
      reader.peek(),
      `${found(reader.peek())} does not compare texts, it must be ${listOf(TEXT_OPERATORS, "or")}`,
      'For instance path ~ "*.db"',
    );
  }
  const field = fieldNamed(reader, word, FIELD_NAMES);
  reader.take();
  return { field, operator, value: readValue(reader, field, operator) };
}

function readValue(reader: WordReader, field: Field, operator: ConditionOperator): string {
  if (field !== "pid") return readText(reader, field === "process" ? "comm" : field, operator);
  const word = reader.peek();
  if (operator === "=" || operator === "!=") return String(readQuantity(reader, "count", field, operator));
  return reader.fail(word, "a pid compares with = or !=", "For instance pid = 1234");
}

/** A name alone tells what it is; a call takes precedence over a family that differs only by its capital. */
function readName(reader: WordReader, { value: name, ...word }: Word): Condition {
  const fields = Object.keys(NAME_LISTS) as NamedField[];
  const isExact = (field: NamedField) => NAME_LISTS[field].canonical(name) === name;
  const field = fields.find(isExact) ?? fields.find((field) => NAME_LISTS[field].canonical(name) !== null);
  if (field !== undefined) return { field, operator: "=", value: NAME_LISTS[field].canonical(name)! };
  return reader.fail(
    { value: name, ...word },
    `unknown call, family or error \`${name}\``,
    suggestName(name, fields, `A file is written path = "${name}", a process process = "${name}"`),
  );
}

/** Takes the comparison of a value with its bound. */
export function readComparison(reader: WordReader): NumberOperator {
  const comparison = NUMBER_OPERATORS.find((sign) => reader.isSign(sign));
  if (comparison === undefined) reader.unexpected(`a comparison must be: ${NUMBER_OPERATORS.join(" ")}`);
  reader.take();
  return comparison;
}
