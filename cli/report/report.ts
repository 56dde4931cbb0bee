/** The report as data: what `--json` prints, and what the text is made of. */
import {
  type Report,
  REPORT_SCHEMA,
  type ReportGroupRow,
  type ReportGroups,
  type ReportHeader,
  reportRunning,
} from "../../runtime/report.ts";
import type { RunningCall, StreamRow } from "../../runtime/row.ts";
import type {
  GroupStats,
  GroupValue,
  ProcessStats,
  StatsSnapshot,
  SyscallStats,
} from "../../runtime/stats.ts";
import { isStartKnown } from "../../runtime/event_batch.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import type { Timestamps } from "../rows/clock.ts";
import { ROW_COLUMNS } from "../rows/columns.ts";
import { jsonString, jsonValue } from "../rows/json_text.ts";
import type { SortKey } from "./choices.ts";
import { extraMeasuresOf, histogramOf, measuresOf } from "./measures.ts";
import { arrangeTables } from "./tables.ts";

/** How a report is arranged. */
export interface ReportOptions {
  /** Rows kept of each table, `null` for all. */
  top: number | null;
  sort: SortKey;
  /** Levels of the directories kept, `null` for all. */
  depth?: number | null;
}

/** Facts of a run beside its header and its statistics. */
export interface ReportExtras {
  /** Calls that had not returned, longest first. */
  running?: readonly RunningCall[];
  interval?: Report["interval"];
  /** At most so many calls are missing from the slowest ones. */
  slowestMissing?: number;
}

/** Builds the document from the facts and the statistics of a run. */
export function buildReport(
  header: ReportHeader,
  snapshot: StatsSnapshot,
  options: ReportOptions,
  extras: ReportExtras = {},
): Report {
  const clock: Timestamps = { timestamp: (timeNs) => timeAfter(header.started, timeNs) };
  const { running = [], interval, slowestMissing = 0 } = extras;
  const { series } = snapshot;
  const depth = options.depth ?? Infinity;
  const report: Report = {
    schema: REPORT_SCHEMA,
    ...header,
    ...(interval === undefined ? {} : { interval }),
    calls: snapshot.calls,
    errors: snapshot.errors,
    read_bytes: snapshot.readBytes,
    write_bytes: snapshot.writeBytes,
    total_ns: snapshot.totalNs,
    files_ns: snapshot.filesNs,
    waiting_ns: snapshot.waitingNs,
    ...extraMeasuresOf(snapshot),
    syscalls: snapshot.syscalls.map(syscallRow),
    families: snapshot.families.map((row) => ({ family: row.family, ...measuresOf(row) })),
    files: snapshot.files.map((row) => ({
      path: row.path,
      ...(row.pathRaw === undefined ? {} : { path_raw: row.pathRaw }),
      ...measuresOf(row),
    })),
    waiting: snapshot.waiting.map((row) => ({
      kind: row.kind,
      name: row.name,
      descriptors: row.descriptors,
      ...measuresOf(row),
    })),
    without_file: measuresOf(snapshot.withoutFile),
    directories: snapshot.directories.filter((row) => row.depth <= depth)
      .map((row) => ({ path: row.path, depth: row.depth, files: row.files, ...measuresOf(row) })),
    processes: snapshot.processes.map((row) => ({
      pid: row.pid,
      comm: row.comm,
      started: startedAt(row, clock),
      ...measuresOf(row),
    })),
    commands: snapshot.commands.map((row) => (
      { comm: row.comm, processes: row.processes, ...measuresOf(row) }
    )),
    uses: snapshot.uses.map(({ use, calls, totalNs, files, place }) => (
      { use, calls, total_ns: totalNs, files, place }
    )),
    errors_by: snapshot.errorsBy.map(({ errno, syscall, calls }) => ({ errno, syscall, calls })),
    groups: snapshot.groups.map((group) => groupsOf(group, clock)),
    slowest: snapshot.slowest.map((row) => rowRecord(row, clock)),
    ...(slowestMissing === 0 ? {} : { slowest_missing: slowestMissing }),
    running: reportRunning(running),
    series: {
      start_ns: series.startNs,
      interval_ns: series.intervalNs,
      slots: series.slots.map(measuresOf),
    },
    cut: {},
    folded: Object.fromEntries(Object.entries(snapshot.folded).filter(([, rows]) => rows > 0)),
  };
  return arrangeTables(report, options.top, options.sort);
}

function syscallRow(row: SyscallStats): Report["syscalls"][number] {
  const { syscall, family, latency, gap, size, onFiles } = row;
  return {
    syscall,
    family,
    ...measuresOf(row),
    latency: histogramOf(latency),
    ...(onFiles.calls === row.calls
      ? {}
      : { on_files: { ...measuresOf(onFiles), latency: histogramOf(onFiles.latency) } }),
    gap: histogramOf(gap),
    size: histogramOf(size),
  };
}

function groupsOf({ by, rows, other, folded }: GroupStats, clock: Timestamps): ReportGroups {
  return {
    by,
    rows: rows.map((row) => ({
      ...groupNames(row.values, clock),
      ...measuresOf(row),
      latency: histogramOf(row.latency),
    })),
    other: other === null ? null : { ...measuresOf(other), latency: histogramOf(other.latency) },
    folded,
  };
}

/** The keys of a group under the names that the document has for them. */
function groupNames(values: readonly GroupValue[], clock: Timestamps): Partial<ReportGroupRow> {
  const names: Partial<ReportGroupRow> = {};
  for (const value of values) {
    switch (value.key) {
      case "syscall":
      case "family":
        names[value.key] = value.name ?? "";
        break;
      case "comm":
        names.comm = value.name ?? "";
        break;
      case "errno":
        names.errno = value.name;
        break;
      case "cgroup":
        names.cgroup = value.name;
        break;
      case "stack":
        names.stack = value.name;
        break;
      case "dir":
        names.directory = value.name;
        break;
      case "file":
        names.path = value.name;
        if (value.pathRaw !== undefined) names.path_raw = value.pathRaw;
        break;
      case "old_file":
        names.old_path = value.name;
        if (value.pathRaw !== undefined) names.old_path_raw = value.pathRaw;
        break;
      case "process":
        names.pid = value.pid;
        // A process has one name, and its calls have those of its threads, each at that time.
        names[values.some(({ key }) => key === "comm") ? "process" : "comm"] = value.comm;
        names.started = startedAt(value, clock);
        break;
      case "thread":
        Object.assign(names, { pid: value.pid, tid: value.tid, thread: value.comm });
        break;
    }
  }
  return names;
}

/** Rows of a table that make one piece of JSON text: some 60 kB. */
const ROWS_PER_PIECE = 256;

/**
 * The report as JSON text, with integers beyond 2^53 in full, in pieces: the whole text of long tables would take more memory
 * than what it tells of. One member per line, and one row per line in tables, so that it can be read and compared by
 * lines; ends with a line feed.
 */
export function* reportJson(report: Report): Generator<string> {
  let separator = "{\n  ";
  for (const [name, value] of Object.entries(report)) {
    yield `${separator}${jsonString(name)}: `;
    if (isTable(value)) yield* tableText(value);
    else yield jsonValue(value);
    separator = ",\n  ";
  }
  yield "\n}\n";
}

/** The report as one line of JSON, without its line feed. */
export function reportLine(report: Report): string {
  return jsonValue(report);
}

function isTable(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.some((row) => typeof row === "object");
}

function* tableText(rows: readonly unknown[]): Generator<string> {
  const between = ",\n    ";
  for (let at = 0; at < rows.length; at += ROWS_PER_PIECE) {
    yield (at === 0 ? "[\n    " : between) +
      rows.slice(at, at + ROWS_PER_PIECE).map(jsonValue).join(between);
  }
  yield "\n  ]";
}

/** A row under its names in every format; a field that few rows have is left out when it has no value. */
function rowRecord(row: StreamRow, clock: Timestamps): Record<string, unknown> {
  const fields = ROW_COLUMNS.map((column) =>
    [column.name, column.value(row, clock), column.optional] as const
  );
  return Object.fromEntries(fields.filter(([, value, optional]) => !optional || value !== null));
}

/** When a process was started, `null` where that is not known. */
function startedAt({ startedNs }: Pick<ProcessStats, "startedNs">, clock: Timestamps): string | null {
  return isStartKnown(startedNs) ? clock.timestamp(startedNs) : null;
}
