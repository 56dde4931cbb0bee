/** From conditions to tests. */
import type { Comparison, Expression, NumberComparison, TextComparison } from "./expression.ts";
import type { NumberOperator } from "./fields.ts";
import { compilePattern } from "./pattern.ts";
import { compileRegex } from "./regex.ts";

/** Compiles a condition to a test of rows of any form; `compileLeaf` makes the test of a comparison. */
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
 * A test whether a text is one of the values, or matches one of them. For `!=` it is that of `=`: a call with two paths
 * differs when none of them is equal, see {@linkcode holdsForTexts}.
 */
export function compileTexts({ field, operator, values }: TextComparison): (text: string) => boolean {
  if (operator === "=" || operator === "!=") {
    const wanted = new Set(values);
    return (text) => wanted.has(text);
  }
  // Names that are known beforehand have no case, and only paths have slashes that part them.
  const isName = field === "syscall" || field === "family" || field === "errno";
  const tests = operator === "~"
    ? values.map((value) => compilePattern(value, field === "path" ? "path" : "text"))
    : values.map((value) => compileRegex(value, { ignoreCase: isName }));
  return (text) => tests.some((matches) => matches(text));
}

/** What a comparison says of the texts of a field, of which there may be none: then it is false. */
export function holdsForTexts({ operator }: TextComparison, hasText: boolean, oneMatches: boolean): boolean {
  return operator === "!=" ? hasText && !oneMatches : oneMatches;
}

/** A test of a number; one that is NaN is no value and fails it. A `bigint` is one that a double does not hold. */
export function compileNumbers(
  { operator, values }: NumberComparison,
): (value: number | bigint) => boolean {
  if (operator === "=") return (value) => values.some((wanted) => value == wanted);
  if (operator === "!=") return (value) => !Number.isNaN(value) && !values.some((wanted) => value == wanted);
  const [bound] = values;
  return (value) => COMPARE[operator](value, bound);
}

/** How two numbers compare, whichever of them is a `bigint`. */
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
