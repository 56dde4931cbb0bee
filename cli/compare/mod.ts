/**
 * Two reports compared: what changed, whether it exceeds the noise, and conditions on it (`--fail-on 'p99(read) > 1.2x'`).
 *
 * @module
 */
export { compareReports, cutComparison } from "./compare.ts";
export { COMPARED_MEASURES, COMPARED_TABLES } from "./comparison.ts";
export { comparisonJson } from "./comparison_json.ts";
export { renderComparison } from "./comparison_text.ts";
export { parseFailOn, tablesNeeded } from "./fail_on.ts";
export type { FailOn } from "./fail_on.ts";
export { checkFailOn } from "./fail_on_check.ts";
export { failedFailOnLines } from "./fail_on_text.ts";
export { readReport } from "./read_report.ts";
