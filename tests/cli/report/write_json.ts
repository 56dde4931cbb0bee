import { reportJson } from "../../../cli/report/report.ts";
import type { Report } from "../../../runtime/report.ts";

/** The JSON text of a report, whole. */
export function writeJson(report: Report): string {
  return [...reportJson(report)].join("");
}
