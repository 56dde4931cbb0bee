/** A condition as a list of clauses that must all hold. */
import { type Expression, type Field, fieldsOf } from "../expression/mod.ts";

/**
 * The clauses of a condition: a top-level `and` is split, and `not` is moved inwards to the comparisons, so
 * that `not (a or b)` is two clauses.
 */
export function clausesOf(condition: Expression | null): Expression[] {
  return condition === null ? [] : flatten(moveNotIn(condition, false));
}

function flatten(expression: Expression): Expression[] {
  return expression.kind === "and" ? expression.terms.flatMap(flatten) : [expression];
}

function moveNotIn(expression: Expression, negated: boolean): Expression {
  switch (expression.kind) {
    case "not":
      return moveNotIn(expression.term, !negated);
    case "and":
    case "or": {
      const isAnd = (expression.kind === "and") !== negated;
      return { kind: isAnd ? "and" : "or", terms: expression.terms.map((term) => moveNotIn(term, negated)) };
    }
    default:
      return negated ? { kind: "not", term: expression } : expression;
  }
}

/** True when a condition uses no other fields than these. */
export function isAboutOnly(expression: Expression, fields: readonly Field[]): boolean {
  return [...fieldsOf(expression)].every((field) => fields.includes(field));
}
