/** Parses a condition on a row. */
import { IorError } from "../errors.ts";
import { listOf } from "../units.ts";
import type { Expression, NumberComparison, TextComparison } from "./expression.ts";
import {
  type Field,
  FIELD_ALIASES,
  FIELDS,
  NUMBER_OPERATORS,
  type NumberField,
  TEXT_OPERATORS,
  type TextField,
  type TextOperator,
} from "./fields.ts";
import { isNamedField, NAME_LISTS, suggestName } from "./names.ts";
import { nearest } from "./nearest.ts";
import { compilePattern } from "./pattern.ts";
import { readQuantity } from "./quantities.ts";
import { compileRegex, RegexError } from "./regex.ts";
import { found, WordReader } from "./word_reader.ts";
import type { Source, Word } from "./words.ts";

/** Deepest nesting of parentheses and `not`: deeper conditions could exhaust the stack. */
const MAX_NESTING = 100;

const FIELD_NAMES = Object.keys(FIELDS) as Field[];

/**
 * Reads a whole text as a condition: comparisons joined by `and`, `or`, `not` and parentheses; `not` binds before `and`,
 * `and` before `or`.
 *
 * Throws an `IorError` of code `usage` that names the column of the mistake.
 *
 * ```ts
 * import { parseExpression } from "./parse_expression.ts";
 * parseExpression({ option: "--where", text: "path ~ *.db and latency > 5ms", example: "failed" }).kind; // "and"
 * ```
 */
export function parseExpression(source: Source): Expression {
  const reader = new WordReader(source);
  const expression = readExpression(reader);
  reader.expectEnd("the condition");
  return expression;
}

/** Reads a condition, up to what follows it. */
export function readExpression(reader: WordReader, nesting = 0): Expression {
  return readTerms(reader, "or", () => readTerms(reader, "and", () => readTerm(reader, nesting)));
}

function readTerms(reader: WordReader, kind: "and" | "or", read: () => Expression): Expression {
  const terms = [read()];
  while (reader.takeName(kind)) terms.push(read());
  return terms.length === 1 ? terms[0] : { kind, terms };
}

function readTerm(reader: WordReader, nesting: number): Expression {
  const word = reader.peek();
  if (nesting > MAX_NESTING) {
    reader.fail(word, `the condition is nested deeper than ${MAX_NESTING} levels`, "Write it flatter");
  }
  if (reader.takeName("not")) return { kind: "not", term: readTerm(reader, nesting + 1) };
  if (reader.takeSign("(")) {
    const inside = readExpression(reader, nesting + 1);
    reader.expectSign(")");
    return inside;
  }
  if (word.kind !== "name") reader.unexpected("a field must be");
  const field = fieldNamed(reader, reader.take(), FIELD_NAMES);
  const spec = FIELDS[field];
  switch (spec.type) {
    case "flag":
      if (reader.isSign(...TEXT_OPERATORS, ...NUMBER_OPERATORS)) {
        reader.fail(reader.peek(), `${field} compares with nothing`, `Write ${field}, or not ${field}`);
      }
      return { kind: "failed" };
    case "text":
      return readTextComparison(reader, field as TextField);
    case "number":
      return readNumberComparison(reader, field as NumberField);
  }
}

/** The one of `fields` that a word names, aliases included. Throws a usage error for any other word. */
export function fieldNamed<Name extends string>(
  reader: WordReader,
  word: Word,
  fields: readonly Name[],
): Name {
  const name = word.value.toLowerCase();
  const field = fields.find((field) => field === name || field === FIELD_ALIASES[name]);
  if (field !== undefined) return field;
  const near = nearest(word.value, fields);
  return reader.fail(
    word,
    `unknown field ${found(word)}`,
    near ? `Did you mean \`${near}\`?` : `It must be ${listOf(fields, "or")}`,
  );
}

function readOperator<Sign extends string>(reader: WordReader, field: Field, signs: readonly Sign[]): Sign {
  const sign = signs.find((sign) => reader.isSign(sign));
  if (sign === undefined) reader.unexpected(`a comparison of ${field} must be: ${signs.join(" ")}`);
  reader.take();
  return sign;
}

function readTextComparison(reader: WordReader, field: TextField): TextComparison {
  const operator = readOperator(reader, field, TEXT_OPERATORS);
  const values = [readText(reader, field, operator)];
  while (reader.takeSign(",")) values.push(readText(reader, field, operator));
  return { kind: "text", field, operator, values };
}

function readNumberComparison(reader: WordReader, field: NumberField): NumberComparison {
  const operator = readOperator(reader, field, NUMBER_OPERATORS);
  const read = () => readQuantity(reader, FIELDS[field].unit, field, operator);
  const values = [read()];
  while ((operator === "=" || operator === "!=") && reader.takeSign(",")) values.push(read());
  return { kind: "number", field, operator, values };
}

/** Takes the text that a field is compared with. Throws a usage error when field or operator does not allow it. */
export function readText(reader: WordReader, field: TextField, operator: TextOperator): string {
  const word = reader.peek();
  if (word.kind !== "name" && word.kind !== "text") {
    reader.unexpected("a text must be", `For instance ${field} ${operator} "text"`);
  }
  reader.take();
  const { value } = word;
  if (operator === "~") {
    if (value === "") reader.fail(word, "the pattern is empty and would match every name", "Leave it out");
    checkPattern(reader, word);
  } else if (operator === "=~") {
    checkRegex(reader, word);
  } else if (isNamedField(field)) {
    const { canonical, what } = NAME_LISTS[field];
    return canonical(value) ??
      reader.fail(
        word,
        `unknown ${what} \`${value}\``,
        suggestName(value, [field], `Part of a name is matched by ${field} ~ "${value}"`),
      );
  }
  return value;
}

function checkPattern(reader: WordReader, word: Word): void {
  try {
    compilePattern(word.value);
  } catch (error) {
    if (!(error instanceof IorError)) throw error;
    reader.fail(word, "the pattern is too long", error.hint);
  }
}

function checkRegex(reader: WordReader, word: Word): void {
  try {
    compileRegex(word.value);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    reader.fail(word, `the regular expression is not valid: ${error.message}`, error.hint);
  }
}
