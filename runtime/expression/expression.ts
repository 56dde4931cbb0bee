/** Conditions on a row as plain data, and their text. */
import { formatExactDuration, formatExactSize } from "../units.ts";
import {
  type Field,
  FIELDS,
  type NumberField,
  type NumberOperator,
  type TextField,
  type TextOperator,
} from "./fields.ts";

/** A text field compared with one or several values; with `!=` none of them may be equal. */
export interface TextComparison {
  /** Texts are compared. */
  kind: "text";
  /** The field; `path` has two texts for a rename. */
  field: TextField;
  /** How they compare. */
  operator: TextOperator;
  /** At least one. Under `=` and `!=`, names of calls, families and errors are spelled as in rows. */
  values: string[];
}

/** A number field compared with one value, or with several under `=` and `!=`. */
export interface NumberComparison {
  /** Numbers are compared. */
  kind: "number";
  /** The field. */
  field: NumberField;
  /** How it compares. */
  operator: NumberOperator;
  /** At least one: nanoseconds, bytes, or plain numbers. */
  values: number[];
}

/** A comparison of one field. */
export type Comparison = TextComparison | NumberComparison | { kind: "failed" };

/** A condition on a row. `and` and `or` have at least two terms. */
export type Expression =
  | { kind: "and" | "or"; terms: Expression[] }
  | { kind: "not"; term: Expression }
  | Comparison;

/** The condition that holds when all of these do; `null` when there are none. */
export function allOf(terms: readonly Expression[]): Expression | null {
  if (terms.length < 2) return terms[0] ?? null;
  return { kind: "and", terms: [...terms] };
}

/** The comparisons in a condition, from left to right. */
export function comparisonsOf(expression: Expression): Comparison[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.terms.flatMap(comparisonsOf);
    case "not":
      return comparisonsOf(expression.term);
    default:
      return [expression];
  }
}

/** The fields that a condition uses. */
export function fieldsOf(expression: Expression): Set<Field> {
  return new Set(
    comparisonsOf(expression).map((comparison) => comparison.kind === "failed" ? "failed" : comparison.field),
  );
}

/** True when a condition compares this field; `null` is no condition. */
export function usesField(condition: Expression | null, field: Field): boolean {
  return condition !== null &&
    comparisonsOf(condition).some((leaf) => leaf.kind !== "failed" && leaf.field === field);
}

/** Writes a condition as `parseExpression` reads it. */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case "and":
    case "or": {
      // Parentheses keep the tree: a nested term is written nested.
      const inside = (term: Expression) =>
        term.kind === expression.kind || (expression.kind === "and" && term.kind === "or");
      return expression.terms.map((term) =>
        inside(term) ? `(${formatExpression(term)})` : formatExpression(term)
      )
        .join(` ${expression.kind} `);
    }
    case "not": {
      const { term } = expression;
      return term.kind === "and" || term.kind === "or"
        ? `not (${formatExpression(term)})`
        : `not ${formatExpression(term)}`;
    }
    case "failed":
      return "failed";
    case "text":
      return `${expression.field} ${expression.operator} ${expression.values.map(formatText).join(",")}`;
    case "number":
      return `${expression.field} ${expression.operator} ${
        expression.values.map((value) => formatNumber(expression.field, value)).join(",")
      }`;
  }
}

/** A text as a word, in quotes where it would not be read as one. */
function formatText(text: string): string {
  return /^[\w./*^$:+@%[\]?-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function formatNumber(field: NumberField, value: number): string {
  const { unit } = FIELDS[field];
  if (unit === "ns") return formatExactDuration(value);
  return unit === "bytes" || unit === "offset" ? formatExactSize(value) : String(value);
}
