/** Compiles conditions to tests. */
import type { Comparison, Expression, NumberComparison, TextComparison } from "./expression.ts";
import type { NumberOperator } from "./fields.ts";
import { compilePattern } from "./pattern.ts";
import { compileRegex } from "./regex.ts";

/** Compiles a condition to a test of rows of any form; `compileLeaf` returns the test of one comparison. */
export function compileExpression<Row>(
  expression: Expression,
  compileLeaf: (comparison: Comparison) => (row: Row) => boolean,
): (row: Row) => boolean {
  switch (expression.kind) {
    case "and": {
      const terms = expression.terms.map((term) => compileExpression(term, compileLeaf));
      return (row) => terms.every((matches) => matches(row));
    }
    case "or": {
      const terms = expression.terms.map((term) => compileExpression(term, compileLeaf));
      return (row) => terms.some((matches) => matches(row));
    }
    case "not": {
      const matches = compileExpression(expression.term, compileLeaf);
      return (row) => !matches(row);
    }
    default:
      return compileLeaf(expression);
  }
}

/**
 * Returns a test whether a text is, or matches, one of the values. For `!=` it is the test of `=`: a call with two paths
 * differs when neither is equal, see {@linkcode holdsForTexts}.
 */
export function compileTexts({ field, operator, values }: TextComparison): (text: string) => boolean {
  if (operator === "=" || operator === "!=") {
    const wanted = new Set(values);
    return (text) => wanted.has(text);
  }
  // Names known beforehand ignore case, and only in paths are slashes separators.
  const isName = field === "syscall" || field === "family" || field === "errno";
  const tests = operator === "~"
    ? values.map((value) => compilePattern(value, field === "path" ? "path" : "text"))
    : values.map((value) => compileRegex(value, { ignoreCase: isName }));
  return (text) => tests.some((matches) => matches(text));
}

/** The result of a comparison with the texts of a field; false when the field has none. */
export function holdsForTexts({ operator }: TextComparison, hasText: boolean, oneMatches: boolean): boolean {
  return operator === "!=" ? hasText && !oneMatches : oneMatches;
}

/** Returns a test of a number. NaN means no value and fails it. A `bigint` is a value that a double cannot hold exactly. */
export function compileNumbers(
  { operator, values }: NumberComparison,
): (value: number | bigint) => boolean {
  if (operator === "=") return (value) => values.some((wanted) => value == wanted);
  if (operator === "!=") return (value) => !Number.isNaN(value) && !values.some((wanted) => value == wanted);
  const [bound] = values;
  return (value) => COMPARE[operator](value, bound);
}

/** Compares two numbers, either of which may be a `bigint`. */
export const COMPARE: Readonly<
  Record<NumberOperator, (value: number | bigint, bound: number | bigint) => boolean>
> = {
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
  "=": (value, bound) => value == bound,
  "!=": (value, bound) => value != bound,
};
