/** From what was counted to the report, with what is judged of it. */
import type { Report, ReportHeader } from "../../runtime/report.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";
import { advise } from "../advice/mod.ts";
import { type AssertionResult, checkAssertions } from "../assert/mod.ts";
import type { ReportOptions } from "../options/mod.ts";
import { buildReport, type ReportExtras } from "../report/report.ts";

/** A report, not cut, with what is judged of it; and the assertions that do not hold. */
export function makeReport(
  options: ReportOptions,
  header: ReportHeader,
  snapshot: StatsSnapshot,
  extras: ReportExtras,
): { report: Report; failed: AssertionResult[] } {
  const { sort, depth, advice, assertions } = options;
  const report = buildReport(header, snapshot, { top: null, sort, depth }, extras);
  if (advice) report.advice = advise(report);
  if (assertions.length === 0) return { report, failed: [] };
  const results = checkAssertions(report, assertions);
  report.assertions = results;
  return { report, failed: results.filter(({ holds }) => !holds) };
}
