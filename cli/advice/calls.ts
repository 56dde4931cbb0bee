/** Sums over some of a report's calls and files, for the rules of advice. */
import type { Report } from "../../runtime/report.ts";
import { OTHER_NAME } from "../../runtime/stats.ts";

/** Calls that do the same thing in different ways. */
export const CALLS = {
  writes: ["write", "pwrite64", "writev", "pwritev", "pwritev2"],
  reads: ["read", "pread64", "readv", "preadv", "preadv2"],
  syncs: ["fsync", "fdatasync"],
  seeks: ["lseek"],
  opens: ["open", "openat", "openat2"],
  /** They only ask about a file by its path; `fstat` is no search, most libraries call it after each open. */
  stats: ["stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2"],
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

/** What a set of calls comes to. Doubles: advice needs no more than 15 digits. */
export interface CallSum {
  calls: number;
  errors: number;
  readBytes: number;
  writeBytes: number;
  totalNs: number;
}

/** Adds up the rows of a set of calls. */
export function sumCalls(report: Report, set: CallSet): CallSum {
  const names: readonly string[] = CALLS[set];
  const sum = { calls: 0, errors: 0, readBytes: 0, writeBytes: 0, totalNs: 0 };
  for (const row of report.syscalls) {
    if (!names.includes(row.syscall)) continue;
    sum.calls += row.calls;
    sum.errors += row.errors;
    sum.readBytes += Number(row.read_bytes);
    sum.writeBytes += Number(row.write_bytes);
    sum.totalNs += Number(row.total_ns);
  }
  return sum;
}

/** A row of the table of files. */
type FileRow = Report["files"][number];

/** The file for which `weight` is largest, `null` when it is above 0 for none. Of equal ones, the first by name. */
export function likeliestFile(report: Report, weight: (row: FileRow) => number): string | null {
  let best: string | null = null;
  let most = 0;
  for (const row of report.files) {
    const own = row.path === OTHER_NAME ? 0 : weight(row);
    if (own > most || (own === most && best !== null && row.path < best)) {
      best = row.path;
      most = own;
    }
  }
  return best;
}
