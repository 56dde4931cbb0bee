import type { ExactInteger } from "./exact_integer.ts";
import type { StreamRow } from "./row.ts";
import type { WaitingKind } from "./waiting.ts";

/** Filled buckets of a log-linear histogram; the bounds are those of the engine's histogram. */
export interface BucketData {
  /** Values counted. */
  count: number;
  /** Indexes of the filled buckets, in rising order. */
  indexes: Uint16Array;
  /** Values in the bucket of the same position in `indexes`. */
  counts: Float64Array;
}

/** What a trace measures only when it is asked to: left out unless a call had a value. */
export interface ExtraMeasures {
  /** Time off the processor inside the calls, waiting for I/O, nanoseconds. */
  iowaitNs?: ExactInteger;
  /** The same, waiting for anything else. */
  blockedNs?: ExactInteger;
  /** The same, waiting for a processor. */
  runqueueNs?: ExactInteger;
  /** Time in calls of which these three are not known, as of requests to io_uring; left out when that is none. */
  partsUnknownNs?: ExactInteger;
  /** Bytes of pages that calls that read brought into the page cache. */
  fetchedBytes?: ExactInteger;
  /** Bytes read by calls of which that is not known, as of requests to io_uring; left out when that is none. */
  fetchUnknownBytes?: ExactInteger;
}

/** What every table measures. Times are nanoseconds, sizes bytes. */
export interface Measures extends ExtraMeasures {
  /** Calls finished, failed ones included. */
  calls: number;
  /** Calls that failed. */
  errors: number;
  /** Bytes read or received, the reading half of copies included. */
  readBytes: ExactInteger;
  /** Bytes written or sent, the writing half of copies included. */
  writeBytes: ExactInteger;
  /** Calls that returned; only they have a latency. */
  returned: number;
  /** Time inside them, exact: thousands of waiting threads exceed 2^53 ns within hours. */
  totalNs: ExactInteger;
  /** The part of it spent waiting, see runtime/waiting.ts. */
  waitingNs: ExactInteger;
  /** Median of their latency, within the error of the histogram, as all quantiles; `null` when no call returned. */
  p50Ns: number | null;
  /** Latency that 90 % of them did not exceed. */
  p90Ns: number | null;
  /** Latency that 99 % of them did not exceed. */
  p99Ns: number | null;
  /** Longest latency, exact; 0 when no call returned. */
  maxNs: number;
}

/** Measures with the histogram of the latencies. Long tables have none: its buckets take more room than all else. */
export interface MeasuresWithLatency extends Measures {
  /** Latency of the calls that returned. */
  latency: BucketData;
}

/** Measures of one system call. */
export interface SyscallStats extends MeasuresWithLatency {
  /** Number in this machine's table. */
  nr: number;
  /** Name, or the number as text when the table does not know it. */
  syscall: string;
  /** Family of the call, as in the help. */
  family: string;
  /** Time between the thread's previous shown exit and the enter, nanoseconds, of calls that have a previous one. */
  gap: BucketData;
  /** Bytes moved by each call that can move bytes and did not fail. */
  size: BucketData;
  /** The calls among them that did not wait. */
  onFiles: MeasuresWithLatency;
}

/** Measures of one family. */
export interface FamilyStats extends Measures {
  /** Name, as in the help. */
  family: string;
}

/** Measures of what was waited for, by peer, terminal, kind of event or call. */
export interface WaitingStats extends Measures {
  /** What was waited for. */
  kind: WaitingKind;
  /** Distinguishes the rows of a kind: `pipes`, `TCP 10.0.0.7:5432`, `/dev/pts/3`, `eventpoll`, `futex`. */
  name: string;
  /** Number of different pipes, connections and so on. Equal names in a row count once. 0 for calls. */
  descriptors: number;
}

/** Measures of one file, or of the files folded together under {@linkcode OTHER_NAME}. */
export interface FileStats extends Measures {
  /** Absolute, or the kernel's spelling of what has no path. */
  path: string;
  /** Base64 of the exact bytes, only when the path is not UTF-8. */
  pathRaw?: string;
}

/** Measures of all files below a directory, at any depth. */
export interface DirectoryStats extends Measures {
  /** `/`, `/usr`, …; a name without a directory is under its kind (`pipe:`, `socket:`), or under `(relative)`. */
  path: string;
  /** Directories between it and the root: 0 for the root. */
  depth: number;
  /** Number of files used below it. A file that was folded and used again counts twice. */
  files: number;
}

/** A directory that holds more than this part of another one is shown in its place. */
export const CHAIN_SHARE = 0.95;

/** Measures of one process lifetime: a reused pid has a row of its own. */
export interface ProcessStats extends Measures {
  /** Process (thread group) number; 0 for the {@linkcode OTHER_NAME} row. */
  pid: number;
  /** Name of the thread last seen; the leader's when it made calls. */
  comm: string;
  /** Start of the process, as in the name of its threads. */
  startedNs: number;
}

/** Measures of all processes of one name. */
export interface CommandStats extends Measures {
  /** The name. */
  comm: string;
  /** Process lifetimes of that name. One that was folded and has made calls since counts twice. */
  processes: number;
}

/** Uses of files that advice is based on. A call belongs to at most one. */
export const FILE_USES = [
  /** A read of 1 to {@linkcode TINY_BYTES} - 1 bytes. */
  "tiny_read",
  /** The same of writes. */
  "tiny_write",
  /** `fsync`, `fdatasync` and their like. */
  "sync",
  /** A successful open of a file that had been opened before. */
  "reopen",
  /** Queries metadata by path, successfully. */
  "query",
  /** Looks a path up and fails with ENOENT. */
  "missing",
  /** Sets the position of a descriptor. */
  "seek",
] as const;

/** One of {@linkcode FILE_USES}. */
export type FileUse = typeof FILE_USES[number];

/** Size below which reads and writes are tiny: a sixteenth of a page, where the call costs more than the copy. */
export const TINY_BYTES = 256;

/** Exact sums of one use of files. */
export interface UseStats {
  /** Which use. */
  use: FileUse;
  /** Calls. */
  calls: number;
  /** Time in them, nanoseconds. */
  totalNs: number;
  /** Number of files. */
  files: number;
  /** The file, or the innermost directory, with more than half of the calls; `null` when only `/` has that many. */
  place: UsePlace | null;
}

/** Where most calls of a use went. */
export interface UsePlace {
  /** Its name. */
  path: string;
  /** True for a directory. */
  directory: boolean;
  /** Calls of the use there. */
  calls: number;
}

/** What calls can be grouped by, the words of `--by`. */
export const GROUP_KEYS = [
  "syscall",
  "family",
  "comm",
  "process",
  "thread",
  "cgroup",
  "stack",
  "file",
  "old_file",
  "dir",
  "errno",
] as const;

/** One of {@linkcode GROUP_KEYS}. */
export type GroupKey = typeof GROUP_KEYS[number];

/** Maximum number of keys of a grouping: nobody can read a table of more levels. */
export const MAX_GROUP_KEYS = 3;

/** What the calls of a group have in common; the name is `null` for calls without a file, a second one, an error, a known control group or stack. */
export type GroupValue =
  | { key: "syscall" | "family" | "comm" | "cgroup" | "stack" | "dir" | "errno"; name: string | null }
  /** `pathRaw` is as in {@linkcode FileStats}. */
  | { key: "file" | "old_file"; name: string | null; pathRaw?: string }
  | { key: "process"; pid: number; comm: string; startedNs: number }
  | { key: "thread"; pid: number; tid: number; comm: string };

/** Measures of one combination of values. */
export interface GroupRow extends MeasuresWithLatency {
  /** One for each key, in their order. */
  values: GroupValue[];
}

/** All calls by a combination of keys: the rows and `other` together are the totals. */
export interface GroupStats {
  /** The keys, outermost first. */
  by: GroupKey[];
  /** Largest total time first. */
  rows: GroupRow[];
  /** Rows folded by a limit, `null` when it was not reached. */
  other: MeasuresWithLatency | null;
  /** Number of rows folded. A combination that occurs again afterwards is a new row. */
  folded: number;
}

/** What was counted in each interval of the run. */
export interface SeriesStats {
  /** Start of the first slot, nanoseconds since the trace began. */
  startNs: number;
  /** Length of each slot, nanoseconds. */
  intervalNs: number;
  /** Calls by the slot they ended in, without gaps. `maxNs` is within the error of quantiles. */
  slots: Measures[];
}

/** Failed calls of one errno and call. */
export interface ErrorStats {
  /** Name of the error, such as `ENOENT`. */
  errno: string;
  /** Name of the call, or its number as text when the table does not know it. */
  syscall: string;
  /** Calls that failed with it. */
  calls: number;
}

/** The tables that a snapshot can leave out: those that may have thousands of rows, or that take long to make. */
export const OPTIONAL_TABLES = [
  "files",
  "waiting",
  "processes",
  "commands",
  "directories",
  "groups",
  "uses",
  "series",
  "slowest",
] as const;

/** One of {@linkcode OPTIONAL_TABLES}. */
export type OptionalTable = typeof OPTIONAL_TABLES[number];

/** What a snapshot is asked for: a frame of a live view shows a part of it, which takes a part of the time. */
export interface SnapshotRequest {
  /** The optional tables that are wanted, the others are empty; default all. */
  tables?: readonly OptionalTable[];
  /** The processes whose groups are wanted, of groupings that begin with the process; default all. */
  groupsOf?: readonly Pick<ProcessStats, "pid" | "startedNs">[];
  /**
   * How many files are wanted, those with most time not spent waiting; folded ones are one more row, and the file that is
   * the place of a use is there too. Default all.
   */
  maxFiles?: number;
  /** How many processes are wanted, those with most time by the same measure; folded ones are one more row. Default all. */
  maxProcesses?: number;
  /** How many lines a tree of directories by the same time has: those that none of its lines needs are left out. Default all. */
  treeLines?: number;
}

/** What a request left out of the tables. */
export interface LeftOut {
  /** Files, with the sums of their calls. */
  files?: { rows: number } & Pick<Measures, "calls" | "totalNs" | "waitingNs">;
  /** Number of processes. */
  processes?: number;
  /** Number of directories. */
  directories?: number;
}

/** Name of the row of what a limit folded together. */
export const OTHER_NAME = "(other)";

/**
 * Everything counted from a set of calls. Immutable and consistent: all tables come from the same calls, and the
 * sums of each equal the totals. Every table is sorted by total time, largest first.
 */
export interface StatsSnapshot extends ExtraMeasures {
  /** Calls finished, failed ones included. */
  calls: number;
  /** Calls that failed. */
  errors: number;
  /** Bytes read or received, the reading half of copies included. */
  readBytes: ExactInteger;
  /** Bytes written or sent, the writing half of copies included. */
  writeBytes: ExactInteger;
  /** Time inside the calls that returned, nanoseconds, of all threads together. */
  totalNs: ExactInteger;
  /** The part of `totalNs` that was spent on files. */
  filesNs: ExactInteger;
  /** The part of `totalNs` that was spent waiting; what remains is calls on neither. */
  waitingNs: ExactInteger;
  /** Calls by system call. */
  syscalls: SyscallStats[];
  /** Calls by family. */
  families: FamilyStats[];
  /** Files by `path`, without what is waited for. */
  files: FileStats[];
  /** What was waited for. */
  waiting: WaitingStats[];
  /** All other calls: with {@linkcode StatsSnapshot.files} and `waiting` they are the totals. */
  withoutFile: Measures;
  /** Directories with everything below them: those of depth 0, `waiting` and `withoutFile` are the totals. */
  directories: DirectoryStats[];
  /** Calls by process lifetime. */
  processes: ProcessStats[];
  /** The same by name. */
  commands: CommandStats[];
  /** How files were used, for each use that occurred. */
  uses: UseStats[];
  /** Failed calls by error and call, most calls first. */
  errorsBy: ErrorStats[];
  /** The groupings asked for. */
  groups: GroupStats[];
  /** The run in intervals of equal length. */
  series: SeriesStats;
  /** Slowest single calls, slowest first. */
  slowest: StreamRow[];
  /**
   * Number of rows that a limit folded, by table: files and processes into an `(other)` row, a directory into its
   * parent. 0 when the limit was not reached.
   */
  folded: { files: number; processes: number; directories: number };
  /** What the request left out of tables that it wanted; nothing when all rows are there. */
  leftOut: LeftOut;
}
