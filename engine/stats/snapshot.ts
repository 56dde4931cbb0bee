import type { ExactInteger } from "../../runtime/exact_integer.ts";
import {
  type DirectoryStats,
  type ErrorStats,
  type FileStats,
  type Measures,
  OTHER_NAME,
  type ProcessStats,
  type StatsSnapshot,
} from "../../runtime/stats.ts";
import { directoryOf, DirectorySums } from "./directories.ts";
import type { ProcessFacts } from "./facts.ts";
import { type TakeRoom, takeSharedRoom } from "./histograms.ts";
import type { KeyedTable } from "./keyed_table.ts";
import type { StatsTables } from "./stats_tables.ts";

/** A snapshot of the tables: plain data that shares nothing with them. */
export function buildSnapshot(tables: StatsTables): StatsSnapshot {
  const { syscalls, files, processes, slowest, groups, series } = tables;
  const { calls, errors, readBytes, writeBytes, totalNs } = syscalls.total();
  const take = takeSharedRoom();
  const directories = directoryStats(tables, take);
  return {
    calls,
    errors,
    readBytes,
    writeBytes,
    totalNs,
    syscalls: sorted(syscalls.syscalls(), (row) => row.syscall),
    families: sorted(syscalls.families(), (row) => row.family),
    files: sorted(fileStats(tables, take), (row) => row.path),
    withoutFile: files.none,
    directories: directories.rows,
    processes: sorted(processStats(processes, take), (row) => `${row.pid}`),
    errorsBy: syscalls.errorsBy().sort(compareErrors),
    groups: groups.map((group) => {
      const stats = group.toData(take);
      return { ...stats, rows: sorted(stats.rows, ({ values }) => JSON.stringify(values)) };
    }),
    series: series.toData(),
    slowest: slowest.rows(),
    folded: {
      files: files.folded,
      processes: processes.folded,
      directories: tables.foldedDirectories + directories.left,
    },
  };
}

/** The directories of all files, folded or not, and how many more than the limit there are. */
function directoryStats(tables: StatsTables, take: TakeRoom): { rows: DirectoryStats[]; left: number } {
  const sums = new DirectorySums();
  tables.files.forEach(({ path }, measures, row) => sums.add(directoryOf(path), 1, measures, row));
  sums.addAll(tables.foldedFiles);
  sums.rollUp();
  const rows = sums.toData(tables.maxDirectories, take);
  return { rows, left: sums.size - rows.length };
}

function fileStats({ files, foldedFiles }: StatsTables, take: TakeRoom): FileStats[] {
  const rows: FileStats[] = [];
  files.forEach(({ path, pathRaw }, measures, row) => {
    const measured = measures.toData(row, take);
    rows.push(pathRaw === undefined ? { path, ...measured } : { path, pathRaw, ...measured });
  });
  const other = foldedFiles.total();
  return other === null ? rows : [...rows, { path: OTHER_NAME, ...other }];
}

/** The `(other)` row has pid 0, which no process has, and the start of the trace. */
function processStats(processes: KeyedTable<ProcessFacts>, take: TakeRoom): ProcessStats[] {
  const rows: ProcessStats[] = [];
  processes.forEach(({ pid, comm, startedNs }, measures, row) => {
    rows.push({ pid, comm, startedNs, ...measures.toData(row, take) });
  });
  const other = processes.other;
  return other === null ? rows : [...rows, { pid: 0, comm: OTHER_NAME, startedNs: 0, ...other }];
}

/** Largest total time first, then most calls; equal rows by name, so that equal runs give equal reports. */
function sorted<Row extends Measures>(rows: Row[], nameOf: (row: Row) => string): Row[] {
  return rows.sort((a, b) =>
    compareNumbers(b.totalNs, a.totalNs) || b.calls - a.calls || compareNumbers(nameOf(a), nameOf(b))
  );
}

function compareErrors(a: ErrorStats, b: ErrorStats): number {
  return b.calls - a.calls || compareNumbers(a.syscall, b.syscall) || compareNumbers(a.errno, b.errno);
}

/** Numbers and bigints compare with each other exactly. */
function compareNumbers<Value extends ExactInteger | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
