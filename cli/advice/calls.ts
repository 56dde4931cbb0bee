/** Sums over some of a report's calls, for the rules of advice. */
import { traitsOf } from "../../engine/stats/call_traits.ts";
import type { Report } from "../../runtime/report.ts";
import type { FileUse } from "../../runtime/stats.ts";

/** How many calls with a trait were made on files. */
export function countCalls(report: Report, trait: number): number {
  return report.syscalls.filter(({ syscall }) => traitsOf(syscall) & trait)
    .reduce((sum, { calls, on_files }) => sum + (on_files?.calls ?? calls), 0);
}

/** A use of files in the report, with 0 calls when it did not occur. */
export function useOf(report: Report, use: FileUse): Report["uses"][number] {
  return report.uses.find((row) => row.use === use) ?? { use, calls: 0, total_ns: 0, files: 0, place: null };
}
