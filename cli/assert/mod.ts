/**
 * Assertions on a report: `--assert 'p99(read) < 5ms'`.
 *
 * @module
 */
export { checkAssertions, findValue } from "./check.ts";
export { compileConditions } from "./conditions.ts";
export { answeringTable, type GroupTable, hasTable } from "./groups.ts";
export { parseAssertion, readComparison, readSubject } from "./parse.ts";
export { failedAssertionLines } from "./result_text.ts";
export { checkAnswerable, checkTraced, sourceOf, tableNeeded } from "./source.ts";
export { MEASURES } from "./types.ts";
export type { Assertion, AssertionResult, Measure, Subject } from "./types.ts";
