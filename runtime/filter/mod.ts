/**
 * The filter: what is traced, as plain data; the test of a row; and the split between kernel and user space.
 *
 * @module
 */
export { clausesOf, isAboutOnly } from "./clauses.ts";
export { cloneFilter, emptyFilter, filterEquals, formatFilter } from "./filter.ts";
export type { CallSet, Filter } from "./filter.ts";
export { parseFilter } from "./parse_filter.ts";
export { resolvePathNames } from "./path_names.ts";
export { compileCalls, compileCondition, compileFilter, compileRunning, compileScope } from "./predicate.ts";
export type { FilterRow } from "./predicate.ts";
export { SlotPredicate } from "./slot_predicate.ts";
export { splitFilter, TASK_FIELDS } from "./split.ts";
export type { FilterSplit, KernelFilter } from "./split.ts";
