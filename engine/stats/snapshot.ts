import { UNKNOWN_START_NS } from "../../runtime/event_batch.ts";
import { exactDifference, type ExactInteger } from "../../runtime/exact_integer.ts";
import type { StreamRow } from "../../runtime/row.ts";
import {
  type CommandStats,
  type DirectoryStats,
  type ErrorStats,
  type FileStats,
  type LeftOut,
  type Measures,
  OPTIONAL_TABLES,
  type OptionalTable,
  OTHER_NAME,
  type ProcessStats,
  type SnapshotRequest,
  type StatsSnapshot,
  type UseStats,
  type WaitingStats,
} from "../../runtime/stats.ts";
import { CountsOnly } from "./counts_only.ts";
import { directoryOf } from "./directories.ts";
import { type DirectoryNode, DirectoryTree } from "./directory_tree.ts";
import { ELSEWHERE_KEY } from "./facts.ts";
import { takeSharedRoom } from "./histograms.ts";
import { MeasureTable } from "./measure_table.ts";
import type { StatsTables } from "./stats_tables.ts";

/** A snapshot of the tables, or what the request says: plain data that shares nothing with them. */
export function buildSnapshot(
  tables: StatsTables,
  {
    tables: wanted = OPTIONAL_TABLES,
    groupsOf,
    maxFiles = Infinity,
    maxProcesses = Infinity,
    treeLines = Infinity,
  }: SnapshotRequest = {},
): StatsSnapshot {
  const { syscalls, files, processes, groups, series } = tables;
  const { errors, readBytes, writeBytes, totalNs, waitingNs } = syscalls.sums();
  const bySyscall = sorted(syscalls.syscalls(), (row) => row.syscall);
  const take = takeSharedRoom();
  const has = (table: OptionalTable) => wanted.includes(table);
  // A run that only waited is ranked by that.
  const timeOf: TimeOf = totalNs > waitingNs
    ? (measures, row) => measures.busyNs(row)
    : (measures, row) => measures.importance(row);
  const directories = has("directories")
    ? directoryStats(tables, treeLines, timeOf)
    : { rows: [], left: 0, leftOut: 0 };
  const uses = has("uses") ? useStats(tables) : [];
  const named = has("files") ? fileStats(tables, maxFiles, uses, timeOf) : { rows: [], leftOut: undefined };
  const running = has("processes") ? processStats(tables, maxProcesses, timeOf) : { rows: [], leftOut: 0 };
  const nameless = namelessStats(tables);
  return {
    calls: bySyscall.reduce((sum, { calls }) => sum + calls, 0),
    errors,
    readBytes,
    writeBytes,
    totalNs,
    filesNs: exactDifference(exactDifference(totalNs, waitingNs), nameless.elsewhereNs),
    waitingNs,
    ...syscalls.extraSums(),
    syscalls: bySyscall,
    families: sorted(syscalls.families(), (row) => row.family),
    files: sorted(named.rows, (row) => row.path),
    waiting: has("waiting") ? sorted(waitingStats(tables), (row) => `${row.kind} ${row.name}`) : [],
    withoutFile: nameless.sum,
    directories: directories.rows,
    processes: sorted(running.rows, (row) => `${row.pid}`),
    commands: has("commands") ? sorted(commandStats(tables), (row) => row.comm) : [],
    uses,
    errorsBy: syscalls.errorsBy().sort(compareErrors),
    groups: (has("groups") ? groups : []).map((group) => {
      const stats = group.toData(take, groupsOf);
      return { ...stats, rows: sorted(stats.rows, ({ values }) => JSON.stringify(values)) };
    }),
    series: has("series") ? series.toData() : { startNs: 0, intervalNs: 0, slots: [] },
    slowest: has("slowest") ? slowestCalls(tables) : [],
    folded: {
      files: files.folded,
      processes: processes.folded,
      directories: tables.foldedDirectories + directories.left,
    },
    leftOut: {
      ...(named.leftOut === undefined ? {} : { files: named.leftOut }),
      ...(running.leftOut === 0 ? {} : { processes: running.leftOut }),
      ...(directories.leftOut === 0 ? {} : { directories: directories.leftOut }),
    },
  };
}

/** The time that a row is ranked by, nanoseconds. */
type TimeOf = (measures: MeasureTable, row: number) => number;

/** The slowest calls on files; without any those that only waited, which are else of no interest. */
function slowestCalls({ slowest, slowestWaiting }: StatsTables): StreamRow[] {
  const rows = slowest.rows();
  return rows.length > 0 ? rows : slowestWaiting.rows();
}

/** Directories of a snapshot. */
interface DirectoryRows {
  rows: DirectoryStats[];
  /** How many exceed the limit. */
  left: number;
  /** How many others the tree does not need. */
  leftOut: number;
}

/** The directories of all files, folded or not: those that `lines` lines of a tree need, or all. */
function directoryStats(
  { files, foldedFiles, maxDirectories }: StatsTables,
  lines: number,
  timeOf: TimeOf,
): DirectoryRows {
  const tree = new DirectoryTree();
  const rows: { node: DirectoryNode; measures: MeasureTable; row: number }[] = [];
  const add = (directory: string, files: number, measures: MeasureTable, row: number) => {
    const node = tree.add(directory, files, timeOf(measures, row), measures.importance(row));
    rows.push({ node, measures, row });
  };
  files.forEach((facts, measures, row) => {
    if (facts.kind === "file") add(directoryOf(facts.path), 1, measures, row);
  });
  foldedFiles.forEach((directory, files, row) => add(directory, files, foldedFiles.measures, row));
  tree.rollUp();
  if (lines === Infinity) tree.chooseAll(maxDirectories);
  else tree.choose(lines);
  for (const { node, measures, row } of rows) tree.sum(node, measures, row);
  const chosen = tree.toData();
  const left = tree.beyond(maxDirectories);
  return {
    rows: sorted(chosen, ({ path }) => path),
    left: left + tree.tooDeep + foldedFiles.tooDeep,
    leftOut: tree.size - left - chosen.length,
  };
}

/**
 * The `limit` files with most time, more when some have as much as the last of them, and those that are the place of a use;
 * and the sums of the others.
 */
function fileStats(
  { files, foldedFiles }: StatsTables,
  limit: number,
  uses: readonly UseStats[],
  timeOf: TimeOf,
): { rows: FileStats[]; leftOut: LeftOut["files"] } {
  const times: number[] = [];
  files.forEach(({ kind }, measures, row) => {
    if (kind === "file") times.push(timeOf(measures, row));
  });
  const leastNs = leastOf(times, limit);
  const places = new Set(uses.map(({ place }) => place?.path));
  const rows: FileStats[] = [];
  const others = new MeasureTable(new CountsOnly());
  const rest = others.allocate();
  files.forEach((facts, measures, row) => {
    if (facts.kind !== "file") return;
    const { path, pathRaw } = facts;
    if (timeOf(measures, row) < leastNs && !places.has(path)) return measures.mergeInto(row, others, rest);
    const measured = measures.toData(row);
    rows.push(pathRaw === undefined ? { path, ...measured } : { path, pathRaw, ...measured });
  });
  const { calls, totalNs, waitingNs } = others.toData(rest);
  const left = times.length - rows.length;
  const leftOut = left === 0 ? undefined : { rows: left, calls, totalNs, waitingNs };
  const other = foldedFiles.total();
  if (other !== null) rows.push({ path: OTHER_NAME, ...other });
  return { rows, leftOut };
}

/** The least of the `limit` longest times; 0 when there are no more. */
function leastOf(times: readonly number[], limit: number): number {
  return times.length <= limit ? 0 : Float64Array.from(times).sort()[times.length - limit];
}

function waitingStats({ files }: StatsTables): WaitingStats[] {
  const rows: WaitingStats[] = [];
  files.forEach((facts, measures, row) => {
    if (facts.kind !== "waiting") return;
    rows.push({ ...facts.waiting, descriptors: facts.descriptors, ...measures.toData(row) });
  });
  return rows;
}

/** The calls without a file, and the time of those that are not about files. */
function namelessStats({ files }: StatsTables): { sum: Measures; elsewhereNs: ExactInteger } {
  const sums = new MeasureTable();
  const sum = sums.allocate();
  files.readNone((measures, row) => measures.mergeInto(row, sums, sum));
  const elsewhereNs = files.readKey(ELSEWHERE_KEY, (measures, row) => {
    measures.mergeInto(row, sums, sum);
    return measures.totalNs([row]);
  }) ?? 0;
  return { sum: sums.toData(sum), elsewhereNs };
}

/** The processes by name, folded ones too. When there are too many names, those with the least time are `(other)`. */
function commandStats({ processes, foldedCommands }: StatsTables): CommandStats[] {
  const sums = new MeasureTable();
  const byName = new Map<string, { sum: number; processes: number }>();
  const add = (comm: string, processes: number, measures: MeasureTable, row: number) => {
    let command = byName.get(comm);
    if (command === undefined) byName.set(comm, command = { sum: sums.allocate(), processes: 0 });
    command.processes += processes;
    measures.mergeInto(row, sums, command.sum);
  };
  let unnamed = processes.folded;
  processes.forEach(({ comm }, measures, row) => add(comm, 1, measures, row));
  foldedCommands.forEach(({ comm, processes }, measures, row) => {
    unnamed -= processes;
    add(comm, processes, measures, row);
  });
  const rows = Array.from(byName, ([comm, { sum, processes }]) => (
    { comm, processes, ...sums.toData(sum) }
  ));
  const other = foldedCommands.readOther((measures, row) => measures.toData(row));
  return other === null ? rows : [...rows, { comm: OTHER_NAME, processes: unnamed, ...other }];
}

/** The folded processes together, `null` when there are none. */
function foldedProcesses({ processes, foldedCommands }: StatsTables): Measures | null {
  if (processes.folded === 0) return null;
  const sums = new MeasureTable();
  const sum = sums.allocate();
  foldedCommands.forEach((_facts, measures, row) => measures.mergeInto(row, sums, sum));
  foldedCommands.readOther((measures, row) => measures.mergeInto(row, sums, sum));
  return sums.toData(sum);
}

function useStats({ files, uses }: StatsTables): UseStats[] {
  const rows: { row: number; path: string; directory: string }[] = [];
  files.forEach((facts, _measures, row) => {
    if (facts.kind === "file") rows.push({ row, path: facts.path, directory: directoryOf(facts.path) });
  });
  return uses.toData(rows);
}

/**
 * The `limit` processes with most time, more when some have as much as the last of them, and how many others there are. The
 * `(other)` row has pid 0, which no process has, and the start of the trace.
 */
function processStats(
  tables: StatsTables,
  limit: number,
  timeOf: TimeOf,
): { rows: ProcessStats[]; leftOut: number } {
  const { processes } = tables;
  const times: number[] = [];
  processes.forEach((_facts, measures, row) => {
    times.push(timeOf(measures, row));
  });
  const leastNs = leastOf(times, limit);
  const rows: ProcessStats[] = [];
  processes.forEach(({ pid, comm, startedNs }, measures, row) => {
    if (timeOf(measures, row) >= leastNs) rows.push({ pid, comm, startedNs, ...measures.toData(row) });
  });
  const leftOut = times.length - rows.length;
  const other = foldedProcesses(tables);
  if (other !== null) rows.push({ pid: 0, comm: OTHER_NAME, startedNs: UNKNOWN_START_NS, ...other });
  return { rows, leftOut };
}

/** Largest total time first, then most calls; equal rows by name, so that equal runs give equal reports. */
function sorted<Row extends Measures>(rows: Row[], nameOf: (row: Row) => string): Row[] {
  return rows.sort((a, b) => compareRows(a, b, nameOf));
}

/** The order of every table, see {@linkcode sorted}. */
export function compareRows<Row extends Pick<Measures, "totalNs" | "calls">>(
  a: Row,
  b: Row,
  nameOf: (row: Row) => string,
): number {
  return compareNumbers(b.totalNs, a.totalNs) || b.calls - a.calls || compareNumbers(nameOf(a), nameOf(b));
}

/** The order of errors. */
export function compareErrors(a: ErrorStats, b: ErrorStats): number {
  return b.calls - a.calls || compareNumbers(a.syscall, b.syscall) || compareNumbers(a.errno, b.errno);
}

/** JavaScript compares numbers and bigints with each other exactly. */
function compareNumbers<Value extends ExactInteger | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
