/** Makes the report that the options ask for. */
import type { Report, ReportHeader } from "../../runtime/report.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";
import { advise } from "../advice/mod.ts";
import type { ReportOptions } from "../options/mod.ts";
import { type AssertionResult, checkAssertions } from "../assert/mod.ts";
import type { Look } from "../terminal.ts";
import { createPaint } from "../text/style.ts";
import { intervalLines } from "./interval_lines.ts";
import { buildReport, type ReportExtras, reportJson, reportLine } from "./report.ts";
import { renderReport } from "./report_text.ts";
import { arrangeTables } from "./tables.ts";

/** Width of the tables of a report in a file or a pipe. */
const PIPE_WIDTH = 120;

/** The uncut report with advice and assertions, and the assertions that do not hold. */
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

/** The report as the document of `--json`, on one line or indented. */
export function reportDocument(options: ReportOptions, report: Report, form: "line" | "indented"): string {
  const { top, sort } = options;
  const arranged = top === null ? report : arrangeTables(report, top, sort);
  return form === "line" ? `${reportLine(arranged)}\n` : reportJson(arranged);
}

/** The report as text; an interval without `--full` as one line. Nothing is shortened when the output is not a terminal. */
export function reportText(
  options: ReportOptions & { full?: boolean },
  report: Report,
  { color, ascii, width }: Look,
): string {
  const { top, sort, columns, advice, full, brief, tables } = options;
  if (report.interval !== undefined && !full) return intervalLines(report, ascii, createPaint(color));
  return renderReport(report, {
    width: width ?? PIPE_WIDTH,
    whole: width === null,
    color,
    ascii,
    top,
    sort,
    columns,
    advice,
    tables: brief ? (advice ? ["advice"] : []) : tables,
  });
}
