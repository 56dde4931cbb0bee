/** Sums over some of a report's calls, for the rules of advice. */
import type { Report } from "../../runtime/report.ts";
import type { FileUse } from "../../runtime/stats.ts";

/** Calls that do the same thing in different ways. */
export const CALLS = {
  writes: ["write", "pwrite64", "writev", "pwritev", "pwritev2"],
  reads: ["read", "pread64", "readv", "preadv", "preadv2"],
  /** Calls that look up a path and fail with ENOENT when it does not exist. */
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

/** Sums of the calls of a set on files. */
export function sumCalls(report: Report, set: CallSet): { calls: number; totalNs: number } {
  const names: readonly string[] = CALLS[set];
  const rows = report.syscalls.filter(({ syscall }) => names.includes(syscall))
    .map((row) => row.on_files ?? row);
  return {
    calls: rows.reduce((sum, { calls }) => sum + calls, 0),
    totalNs: rows.reduce((sum, { total_ns }) => sum + Number(total_ns), 0),
  };
}

/** A use of files in the report, with 0 calls when it did not occur. */
export function useOf(report: Report, use: FileUse): Report["uses"][number] {
  return report.uses.find((row) => row.use === use) ?? { use, calls: 0, total_ns: 0, files: 0, place: null };
}
