/** Sums over some of a report's calls, for the rules of advice. */
import type { Report } from "../../runtime/report.ts";
import type { FileUse } from "../../runtime/stats.ts";

/** Calls that do the same thing in different ways. */
export const CALLS = {
  writes: ["write", "pwrite64", "writev", "pwritev", "pwritev2"],
  /** They look a path up and fail with ENOENT when it is not there. */
  lookups: [
    "open",
    "openat",
    "openat2",
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "execve",
    "execveat",
  ],
} as const;

/** One of {@linkcode CALLS}. */
export type CallSet = keyof typeof CALLS;

/** How many calls of a set were made on files. */
export function countCalls(report: Report, set: CallSet): number {
  const names: readonly string[] = CALLS[set];
  return report.syscalls.filter(({ syscall }) => names.includes(syscall))
    .reduce((sum, { calls, on_files }) => sum + (on_files?.calls ?? calls), 0);
}

/** A use of files in the report, with 0 calls when it did not occur. */
export function useOf(report: Report, use: FileUse): Report["uses"][number] {
  return report.uses.find((row) => row.use === use) ?? { use, calls: 0, total_ns: 0, files: 0, place: null };
}
