/** The filter of the view: what the options select, what was typed, and what was narrowed to, as a stack. */
import { allOf, type Expression, formatExpression, parseExpression } from "../../runtime/expression/mod.ts";
import type { Filter } from "../../runtime/filter/mod.ts";

/** The conditions of the view; all of them hold for what is counted. */
export interface Filters {
  /** What was typed, `null` for nothing. */
  typed: Expression | null;
  /** What was narrowed to, the last one last. */
  pushed: readonly Expression[];
}

/** No condition of the view. */
export const NO_FILTERS: Filters = { typed: null, pushed: [] };

/** The filter of the trace: what the options select, and what the view adds. */
export function filterOf(base: Filter, { typed, pushed }: Filters): Filter {
  const terms = [base.where, typed, ...pushed].filter((term) => term !== null);
  return { ...base, where: allOf(terms) };
}

/** True without any condition of the view. */
export function isUnfiltered({ typed, pushed }: Filters): boolean {
  return typed === null && pushed.length === 0;
}

/** With one more condition; one that is there already changes nothing. */
export function narrowed(filters: Filters, expression: Expression): Filters {
  const text = formatExpression(expression);
  if (filters.pushed.some((other) => formatExpression(other) === text)) return filters;
  return { ...filters, pushed: [...filters.pushed, expression] };
}

/** Without the condition that chose a process or a thread. */
export function withoutTask({ typed, pushed }: Filters): Filters {
  const isOfTask = (term: Expression) =>
    term.kind === "number" && (term.field === "pid" || term.field === "tid");
  return { typed, pushed: pushed.filter((term) => !isOfTask(term)) };
}

/** The family that the conditions choose, `null` for every one. */
export function familyOfFilters({ pushed }: Filters): string | null {
  const term = pushed.find(isOfFamily);
  return term?.kind === "text" ? term.values[0] : null;
}

/** With the condition that chooses this family in place of another, without it for `null`. */
export function withFamily({ typed, pushed }: Filters, family: string | null): Filters {
  const others = pushed.filter((term) => !isOfFamily(term));
  if (family === null) return { typed, pushed: others };
  return { typed, pushed: [...others, { kind: "text", field: "family", operator: "=", values: [family] }] };
}

function isOfFamily(term: Expression): boolean {
  return term.kind === "text" && term.field === "family";
}

/** Without the last condition that was narrowed to, or else without what was typed. */
export function widened({ typed, pushed }: Filters): Filters {
  return pushed.length > 0 ? { typed, pushed: pushed.slice(0, -1) } : NO_FILTERS;
}

/** The typed condition; `null` for an empty text. Throws an `IorError` that names the column of a mistake. */
export function parseTyped(text: string): Expression | null {
  if (text.trim() === "") return null;
  return parseExpression({ option: "filter", text, example: "path ~ .log and latency > 5ms" });
}

/** The conditions as they are read, outermost first. */
export function filterTexts({ typed, pushed }: Filters): string[] {
  return [...(typed === null ? [] : [typed]), ...pushed].map(formatExpression);
}
