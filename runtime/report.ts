/** The report as JSON, `ior.report/1`: names, nesting and units of the published document. */
import type { ExactInteger } from "./exact_integer.ts";
import type { MappedIo } from "./mapped_io.ts";
import type { RunningCall, UringRequests } from "./row.ts";
import type { LossBy } from "./loss.ts";
import { parseTime } from "./rfc3339.ts";
import type { FileUse } from "./stats.ts";
import type { WaitingKind } from "./waiting.ts";

/** Version of the report document. Additive changes keep it; readers ignore unknown members. */
export const REPORT_SCHEMA = "ior.report/1";

/** Version of a stream of rows in NDJSON. */
export const ROWS_SCHEMA = "ior.rows/1";

/** Measures of a table row. Latencies are `null` when no call returned. */
export interface ReportMeasures {
  /** Calls finished, failed ones included. */
  calls: number;
  /** Calls that failed. */
  errors: number;
  /** Bytes read or received, the reading half of copies included. */
  read_bytes: ExactInteger;
  /** Bytes written or sent, the writing half of copies included. */
  write_bytes: ExactInteger;
  /** Time inside the calls that returned, nanoseconds. */
  total_ns: ExactInteger;
  /** The part of it spent waiting, see runtime/waiting.ts; left out when it is 0. */
  waiting_ns?: ExactInteger;
  /** With `--waits`: the time off the processor inside the calls, waiting for I/O, nanoseconds. */
  iowait_ns?: ExactInteger;
  /** The same, waiting for anything else. */
  blocked_ns?: ExactInteger;
  /** The same, waiting for a processor. */
  runqueue_ns?: ExactInteger;
  /** The part of `total_ns` of which these three are not known, as of requests to io_uring; left out when that is none. */
  parts_unknown_ns?: ExactInteger;
  /** With `--cache`: bytes of pages that calls that read brought into the page cache. */
  fetched_bytes?: ExactInteger;
  /** The part of `read_bytes` of which that is not known, as of requests to io_uring; left out when that is none. */
  fetch_unknown_bytes?: ExactInteger;
  /** Mean latency, rounded, nanoseconds. */
  mean_ns: number | null;
  /** Median latency, nanoseconds, within the relative error of histograms. */
  p50_ns: number | null;
  /** 90th percentile, as exact as the median. */
  p90_ns: number | null;
  /** 99th percentile, as exact as the median. */
  p99_ns: number | null;
  /** Longest latency, nanoseconds, exact. */
  max_ns: number | null;
}

/** A histogram: filled buckets as `[low, high, count]`, `low` inclusive, `high` exclusive, in the unit of the value. */
export interface ReportHistogram {
  /** Maximum relative error of a quantile taken from the buckets. */
  relative_error: number;
  /** In rising order. */
  buckets: [number, number, number][];
}

/** Which calls had rows in a sampled trace. */
export interface ReportSampling {
  /** Of how many calls one has a row, by call or family as given; 0 for none. A call's own rate wins over its family's. */
  rates: Record<string, number>;
  /**
   * With `--auto-sample`: the highest rate that calls were raised to since the trace began, while the buffer was more than
   * half full; left out without it.
   */
  raised?: Record<string, number>;
  /** Calls without a row. */
  calls: number;
  /** The same by system call. */
  by: Record<string, number>;
  /**
   * Whether these calls are counted: those of a report made while tracing are, in all but `slowest`; those of rows, and of
   * reports made of rows, are not.
   */
  counted: boolean;
}

/** What made a flight recorder write calls, and which of them. Times of the call are those of its end. */
export interface ReportTrigger {
  /** The condition that calls were held against. */
  condition: string;
  /** When the first call that matched ended: RFC 3339. */
  time: string;
  /** Its process (thread group) number. */
  pid: number;
  /** Its thread number. */
  tid: number;
  /** Thread name. */
  comm: string;
  /** Name of the call, or its number as text when the table does not know it. */
  syscall: string;
  /** Its file, `null` for none. */
  path: string | null;
  /** Name of its error, `null` when it did not fail. */
  errno: string | null;
  /** Its latency, nanoseconds; `null` when it did not return. */
  latency_ns: number | null;
  /** Calls of the window that matched. */
  matches: number;
  /** Calls are there from so long before the first match on, nanoseconds. */
  before_ns: number;
  /** And until so long after the last match. */
  after_ns: number;
  /** Calls were asked for from so long before it on, and the buffer had no room; left out where it had. */
  wanted_before_ns?: number;
}

/** Measures of mapped I/O. Faults are `null` where they are not counted. */
export interface ReportMapped {
  /** Bytes of pages that page faults outside of any call brought into the page cache. */
  mapped_bytes: number;
  /** Major page faults, those that waited for I/O. */
  major_faults: number | null;
  /** Time in them, nanoseconds. */
  fault_ns: number | null;
}

/** What page faults read of mapped files, outside of any call: in none of the other tables. The sums are of all of it. */
export interface ReportMappedIo extends ReportMapped {
  /** By process and file, most bytes first; `path_raw` is base64 of the exact bytes, only where they are not UTF-8. */
  files: (ReportMapped & { pid: number; comm: string; path: string; path_raw?: string })[];
  /** What of it is known of no file; left out when there is none. */
  without_file?: ReportMapped;
}

/** Facts about the run that the statistics do not hold. */
export interface ReportHeader {
  /** Version of ior. */
  ior: string;
  /** Name of the machine. */
  host: string;
  /** Release of the kernel, as `uname -r` prints it. */
  kernel: string;
  /** `x86_64` or `aarch64`. */
  arch: string;
  /** Version of libbpf. */
  libbpf: string;
  /** Version of Deno. */
  deno: string;
  /** The traced command with its arguments, `null` for none. */
  command: string[] | null;
  /** How it ended; `null` when it was still running, or there was none. */
  command_status: { exit: number } | { signal: string } | null;
  /** RFC 3339 with nanoseconds, UTC. */
  started: string;
  /** Length of the trace or interval, of several recordings from the first start to the last end, nanoseconds. */
  wall_ns: number;
  /** The part of `wall_ns` in which one of several recordings was made, nanoseconds; left out when that is all of it. */
  traced_ns?: number;
  /** From the command's exec to its exit, nanoseconds; `null` when it was still running, or there was none. */
  command_wall_ns?: number | null;
  /** Followed children of the command that still ran at the end; left out when unknown. */
  children_left?: number;
  /** The period covered by a recording whose oldest segments were removed: RFC 3339. */
  covers?: { from: string; to: string };
  /** What a flight recorder wrote calls for, one for each window, oldest first; left out where all calls were written. */
  triggers?: ReportTrigger[];
  /** What was traced, in the words of the options. */
  selection: Record<string, unknown>;
  /** Selected calls that are not counted; `null` when the counters could not be read. */
  loss: {
    state: "none" | "some" | "unknown";
    calls: number | null;
    by: LossBy | null;
    /** Calls that are counted without their files, or without their process as well; left out when there are none. */
    unnamed?: number;
  };
  /**
   * ior's own cost. `bpf_ns_per_run` is the mean time of a run of its programs in the kernel, `null` when too few were seen;
   * `bpf_ns_per_call` is `null` in new documents: the runs of all processes do not tell the cost of one call.
   */
  cost: {
    cpu_ns: number;
    bpf_ns_per_call: number | null;
    bpf_ns_per_run?: number | null;
    max_rss_bytes: number;
  };
  /**
   * Requests to io_uring that are not selected, by process: work in none of the tables. Left out where they are not known, as of a
   * part of a recording in which there were some.
   */
  io_uring_requests?: UringRequests[];
  /** With `--cache`: mapped I/O. Left out where the kernel cannot tell. */
  mapped_io?: ReportMappedIo;
  /** Which calls had rows; left out when all had. */
  sampling?: ReportSampling;
}

/** A row of a table of groups: its keys, under the names of the other tables, and its measures. */
export interface ReportGroupRow extends ReportMeasures {
  /** By `syscall` and `family`. */
  syscall?: string;
  /** Family of the call, as in the help. */
  family?: string;
  /** By `process` and `thread`: the number. */
  pid?: number;
  /** By `comm`, and by `process`: its name. */
  comm?: string;
  /** By both: the name of the process, where `comm` is that of the thread. */
  process?: string;
  /** By `process`: its start, RFC 3339; tells a reused pid apart. */
  started?: string | null;
  /** By `thread`: its number and name. */
  tid?: number;
  /** Thread name. */
  thread?: string;
  /** By `cgroup`; `null` where it is not known. */
  cgroup?: string | null;
  /** By `stack`: functions, outermost first, joined by semicolons; `null` where it is not known. */
  stack?: string | null;
  /** By `file`; `null` for calls without one. */
  path?: string | null;
  /** Base64 of the exact bytes, only where they are not UTF-8. */
  path_raw?: string;
  /** By `old_file`: the old name of a rename, the source of a copy; `null` for calls without one. */
  old_path?: string | null;
  /** As `path_raw`. */
  old_path_raw?: string;
  /** By `dir`; `null` for calls without a file. */
  directory?: string | null;
  /** By `errno`; `null` for calls that did not fail. */
  errno?: string | null;
  /** Latency of the calls that returned, nanoseconds. */
  latency: ReportHistogram;
}

/** All calls by a combination of keys. */
export interface ReportGroups {
  /** The keys, outermost first. */
  by: string[];
  /** One for each combination that occurred. */
  rows: ReportGroupRow[];
  /** Rows folded by a limit on memory, `null` when it was not reached. */
  other: (ReportMeasures & { latency: ReportHistogram }) | null;
  /** Number of rows folded. */
  folded: number;
}

/** What was counted over time. */
export interface ReportSeries {
  /** Start of the first slot, nanoseconds since the trace began. */
  start_ns: number;
  /** Length of each slot, nanoseconds. */
  interval_ns: number;
  /** Calls by the slot they ended in. */
  slots: ReportMeasures[];
}

/** A call that had entered and not returned when the trace ended. */
export interface ReportRunning {
  /** Process (thread group) number. */
  pid: number;
  /** Thread number. */
  tid: number;
  /** Thread name. */
  comm: string;
  /** Name of the call, or its number as text when the table does not know it. */
  syscall: string;
  /** The file of its descriptor, `null` when it has none or names its file by a path argument. */
  path: string | null;
  /** Time since its enter, nanoseconds. */
  age_ns: number;
}

/** Running calls under the names of the document. One that began after the clock was read has the age 0. */
export function reportRunning(calls: readonly RunningCall[]): ReportRunning[] {
  return calls.map(({ pid, tid, comm, syscall, path, ageNs }) => (
    { pid, tid, comm, syscall, path, age_ns: Math.max(0, ageNs) }
  ));
}

/** Mapped I/O under the names of the document. */
export function reportMappedIo({ files, missed, countsMajor }: MappedIo): ReportMappedIo {
  const measures = ({ mappedBytes, majorFaults, faultNs }: MappedIo["missed"]): ReportMapped => ({
    mapped_bytes: mappedBytes,
    major_faults: countsMajor ? majorFaults : null,
    fault_ns: countsMajor ? faultNs : null,
  });
  return mappedSums(
    files.map(({ pid, comm, path, raw, ...sums }) => ({
      pid,
      comm,
      path,
      ...(raw === undefined ? {} : { path_raw: raw.toBase64() }),
      ...measures(sums),
    })),
    missed.mappedBytes === 0 && missed.majorFaults === 0 ? [] : [measures(missed)],
  );
}

/** Rows of mapped I/O with their sums; `withoutFile` is what is known of no file, of each trace that has some. */
export function mappedSums(
  files: ReportMappedIo["files"],
  withoutFile: readonly ReportMapped[],
): ReportMappedIo {
  return {
    ...sumOfMapped([...files, ...withoutFile]),
    files,
    ...(withoutFile.length === 0 ? {} : { without_file: sumOfMapped(withoutFile) }),
  };
}

/** The sum of rows of mapped I/O. Unknown faults of one row make those of the sum unknown. */
export function sumOfMapped(rows: readonly ReportMapped[]): ReportMapped {
  const sum = (values: (number | null)[]) =>
    values.reduce((all, value) => all === null || value === null ? null : all + value, 0);
  return {
    mapped_bytes: rows.reduce((all, row) => all + row.mapped_bytes, 0),
    major_faults: sum(rows.map((row) => row.major_faults)),
    fault_ns: sum(rows.map((row) => row.fault_ns)),
  };
}

/** What `--top` cut from a table. */
export interface ReportCut {
  /** Rows left out. */
  rows: number;
  /** Calls of these rows; of directories those that no row shown includes. */
  calls: number;
  /** Left out where the table has no time. */
  total_ns?: ExactInteger;
}

/** The whole document. */
export interface Report extends ReportHeader {
  /** Identifies the document. */
  schema: typeof REPORT_SCHEMA;
  /** Which report of `--interval` this is, from 1 on, and its time since the trace began; `wall_ns` is its length. */
  interval?: { index: number; start_ns: number; end_ns: number };
  /** Calls finished, failed ones included. */
  calls: number;
  /** Calls that failed. */
  errors: number;
  /** Bytes read or received, the reading half of copies included. */
  read_bytes: ExactInteger;
  /** Bytes written or sent, the writing half of copies included. */
  write_bytes: ExactInteger;
  /** Time inside the calls that returned, nanoseconds, of all threads together. */
  total_ns: ExactInteger;
  /** The part of `total_ns` that was spent on files. */
  files_ns: ExactInteger;
  /** The part of `total_ns` that was spent waiting; what remains is calls on neither. */
  waiting_ns: ExactInteger;
  /** As in {@linkcode ReportMeasures}. */
  iowait_ns?: ExactInteger;
  /** As in {@linkcode ReportMeasures}. */
  blocked_ns?: ExactInteger;
  /** As in {@linkcode ReportMeasures}. */
  runqueue_ns?: ExactInteger;
  /** As in {@linkcode ReportMeasures}. */
  parts_unknown_ns?: ExactInteger;
  /** As in {@linkcode ReportMeasures}. */
  fetched_bytes?: ExactInteger;
  /** As in {@linkcode ReportMeasures}. */
  fetch_unknown_bytes?: ExactInteger;
  /**
   * `on_files` are the calls that did not wait, where others did. `gap` is the time since the thread's previous exit, `size` the bytes of calls that can
   * move some and did not fail.
   */
  syscalls: (ReportMeasures & {
    syscall: string;
    family: string;
    latency: ReportHistogram;
    on_files?: ReportMeasures & { latency: ReportHistogram };
    gap: ReportHistogram;
    size: ReportHistogram;
  })[];
  /** Calls by family. */
  families: (ReportMeasures & { family: string })[];
  /** Calls by file; `path_raw` is base64 of the exact bytes, only where they are not UTF-8. */
  files: (ReportMeasures & { path: string; path_raw?: string })[];
  /** What was waited for, by kind and peer; `descriptors` is how many pipes, connections and so on that were. */
  waiting: (ReportMeasures & { kind: WaitingKind; name: string; descriptors: number })[];
  /** All other calls: with `files` and `waiting` they are all there are. */
  without_file: ReportMeasures;
  /** Directories, including subdirectories. */
  directories: (ReportMeasures & { path: string; depth: number; files: number })[];
  /** Calls by process; `started` is RFC 3339, and tells a reused pid apart; `null` where rows do not say it, as in NDJSON. */
  processes: (ReportMeasures & { pid: number; comm: string; started: string | null })[];
  /** The same by name: fifty processes of one name are one row. */
  commands: (ReportMeasures & { comm: string; processes: number })[];
  /**
   * How files were used: exact sums, from which advice is made. `place` is the file or directory with more than half of the
   * calls.
   */
  uses: {
    use: FileUse;
    calls: number;
    total_ns: number;
    files: number;
    place: { path: string; directory: boolean; calls: number } | null;
  }[];
  /** Failed calls by error and call. */
  errors_by: { errno: string; syscall: string; calls: number }[];
  /** The tables of `--by`. */
  groups: ReportGroups[];
  /** Slowest single calls, slowest first: rows as in a stream of {@linkcode ROWS_SCHEMA}. */
  slowest: Record<string, unknown>[];
  /**
   * At most so many calls are missing from `slowest`: they were added up, as the buffer was busy when they ended. Left out when
   * none is.
   */
  slowest_missing?: number;
  /** Calls that had not returned when the trace ended, longest first. */
  running: ReportRunning[];
  /** The run in intervals of equal length. */
  series: ReportSeries;
  /** What stands out; left out with `--no-advice`. */
  advice?: { id: string; text: string; numbers: Record<string, number | string | null> }[];
  /** What `--assert` asked; left out without it. */
  assertions?: {
    text: string;
    measure: string;
    found: ExactInteger | null;
    holds: boolean;
    doubt: string | null;
  }[];
  /** Rows cut by `--top` and what they held, by table; empty for no cut. */
  cut: Record<string, ReportCut>;
  /**
   * Rows that a limit on memory folded, by table; empty when no limit was hit. Files and processes are in an `(other)`
   * row, directories in the one they are in.
   */
  folded: Record<string, number>;
}

/** What is said of a run beside a report. */
export type RunFacts = Pick<
  ReportHeader,
  | "ior"
  | "host"
  | "kernel"
  | "arch"
  | "command"
  | "command_status"
  | "started"
  | "wall_ns"
  | "traced_ns"
  | "command_wall_ns"
  | "covers"
  | "selection"
  | "loss"
>;

/** The facts of a run that a report or its header begins with. */
export function runFacts(header: RunFacts): RunFacts {
  const { ior, host, kernel, arch, command, command_status, started, selection, loss } = header;
  const { wall_ns, traced_ns, command_wall_ns = null, covers } = header;
  return {
    ior,
    host,
    kernel,
    arch,
    command,
    command_status,
    started,
    wall_ns,
    ...(traced_ns !== undefined && { traced_ns }),
    command_wall_ns,
    ...(covers && { covers }),
    selection,
    loss,
  };
}

/**
 * The time that shares are of: the command's where there is one that has ended, or else the trace's, as when it went on with
 * the command's children, or what is left of it, or of several recordings that of all; nanoseconds.
 */
export function wallNs(
  { command_wall_ns, wall_ns, traced_ns, interval, selection, covers }: Report,
): number {
  if (interval !== undefined) return wall_ns;
  if (traced_ns !== undefined) return traced_ns;
  if (covers !== undefined) return Number(parseTime(covers.to)! - parseTime(covers.from)!);
  return selection.all_children === true ? wall_ns : command_wall_ns ?? wall_ns;
}

/** Calls that a sampled trace left without a row and that are not counted either, as in a report of its rows. */
export function sampledAway({ sampling }: Pick<ReportHeader, "sampling">): number {
  return sampling === undefined || sampling.counted ? 0 : sampling.calls;
}

/** Whether every selected call is counted: none was lost, nor sampled away. */
export function countsAll({ loss, sampling }: Pick<ReportHeader, "loss" | "sampling">): boolean {
  return loss.state === "none" && sampledAway({ sampling }) === 0;
}

/** The loss of what has this header. Where only rows count, calls without names are among those without a row. */
export function lossOfRows(
  { loss, sampling }: Pick<ReportHeader, "loss" | "sampling">,
): ReportHeader["loss"] {
  if (sampling === undefined || sampling.counted) return loss;
  const { unnamed: _without, ...rest } = loss;
  return rest;
}

/** The start of its trace that a report does not cover, nanoseconds. */
export function lackingNs({ started, covers }: Pick<Report, "started" | "covers">): number {
  return covers === undefined ? 0 : Math.max(0, Number(parseTime(covers.from)! - parseTime(started)!));
}

/** Measures that say what was read and fetched. */
export type Fetched = Pick<ReportMeasures, "read_bytes" | "fetched_bytes" | "fetch_unknown_bytes">;

/**
 * Bytes read that were in the page cache, for reports that say what was fetched; `null` when nothing was read or when that is not
 * known of all of it. What was read ahead counts as fetched.
 */
export function cachedBytes(
  { read_bytes, fetched_bytes = 0, fetch_unknown_bytes = 0 }: Fetched,
): number | null {
  if (read_bytes == 0 || fetch_unknown_bytes != 0) return null;
  return Math.max(0, Number(read_bytes) - Number(fetched_bytes));
}

/** The requests of two times together. */
export function addRequests(a: readonly UringRequests[], b: readonly UringRequests[]): UringRequests[] {
  const sums = new Map<number, number>();
  for (const { pid, requests } of [...a, ...b]) sums.set(pid, (sums.get(pid) ?? 0) + requests);
  return Array.from(sums, ([pid, requests]) => ({ pid, requests }));
}

/** The requests of all processes. */
export function sumOfRequests(processes: readonly UringRequests[]): number {
  return processes.reduce((sum, { requests }) => sum + requests, 0);
}

/** Maximum number of processes whose requests to io_uring are told one by one. */
const MOST_TOLD = 3;

/** The requests to io_uring without rows that are to be told: those of the processes with most, and of all others together. */
export function uringToTell(
  processes: readonly UringRequests[],
): { requests: number; whose: string }[] {
  const sorted = processes.toSorted((a, b) => b.requests - a.requests || a.pid - b.pid);
  // One more takes the line that would be of the others.
  const told = sorted.slice(0, sorted.length === MOST_TOLD + 1 ? sorted.length : MOST_TOLD);
  const others = sorted.slice(told.length);
  return [
    ...told.map(({ pid, requests }) => ({ requests, whose: `process ${pid}` })),
    ...(others.length === 0 ? [] : [{
      requests: sumOfRequests(others),
      whose: `${others.length} other processes`,
    }]),
  ];
}
