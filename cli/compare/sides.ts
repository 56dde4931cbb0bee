/** The rows of a report's tables, by the keys that match those of another run. */
import { sumOfRows } from "../report/measures.ts";
import { isUnknownName } from "../../runtime/event_batch.ts";
import type { Report, ReportHistogram, ReportMeasures } from "../../runtime/report.ts";
import { type ExactInteger, exactSum } from "../../runtime/exact_integer.ts";
import { OTHER_NAME } from "../../runtime/stats.ts";
import type { ComparedNames, ComparedTable } from "./comparison.ts";
import type { Side } from "./noise.ts";

/** A row of a table: its names, their text, and its measures. */
export interface SideRow<Names> {
  names: Names;
  side: Side;
}

/** The rows of one table by a key that is the same in every run. */
export type SideTable<Table extends ComparedTable> = Map<string, SideRow<SideNames[Table]>>;

/** As {@linkcode ComparedNames}, of one run. */
export interface SideNames extends Omit<ComparedNames, "processes"> {
  processes: { comm: string; processes: number };
}

type GroupRow = Report["groups"][number]["rows"][number];

/** How each table is read. The `(other)` row of a limit and that of names that are not known are left out: they may be anything. */
export const SIDE_TABLES: { [Table in ComparedTable]: (report: Report) => SideTable<Table> } = {
  syscalls: ({ syscalls }) =>
    new Map(syscalls.map((row) => [
      row.syscall,
      { names: { syscall: row.syscall, family: row.family }, side: row },
    ])),
  files(report) {
    const latencies = latenciesOf(report, "file", fileKey);
    return new Map(
      report.files.filter(({ path }) => isNamed(path)).map((row) => {
        const { path, path_raw } = row;
        const key = fileKey(row);
        const names = path_raw === undefined ? { path } : { path, path_raw };
        return [key, { names, side: withLatency(row, latencies?.get(key)) }];
      }),
    );
  },
  directories: ({ directories }) =>
    new Map(
      directories.filter(({ path }) => isNamed(path)).map((
        row,
      ) => [row.path, { names: { path: row.path, depth: row.depth }, side: row }]),
    ),
  processes(report) {
    const latencies = latenciesOf(report, "process", lifetime);
    // A document of an earlier ior has none.
    const commands = new Map((report.commands ?? []).map((row) => [row.comm, row]));
    const processes = Map.groupBy(report.processes, ({ comm }) => comm);
    const table: SideTable<"processes"> = new Map();
    for (const comm of new Set([...commands.keys(), ...processes.keys()])) {
      if (!isNamed(comm)) continue;
      const command = commands.get(comm);
      const sides = (processes.get(comm) ?? []).map((row) => withLatency(row, latencies?.get(lifetime(row))));
      const sum = sumOfSides(sides);
      // --top and a limit on memory leave out processes of a name; its command has the calls of all.
      const isAll = command === undefined ? report.cut.processes === undefined : command.calls === sum.calls;
      if (command !== undefined && !(isAll && sides.every(hasLatency))) {
        table.set(comm, { names: { comm, processes: command.processes }, side: command });
      } else if (isAll) table.set(comm, { names: { comm, processes: sides.length }, side: sum });
    }
    return table;
  },
};

/** Whether calls of a table are on names that are not known: any of its rows may have had them, also one that it lacks. */
export function hasUnknownNames({ files, directories, processes }: Report, table: ComparedTable): boolean {
  const names = {
    syscalls: () => [],
    files: () => files.map(({ path }) => path),
    directories: () => directories.map(({ path }) => path),
    processes: () => processes.map(({ comm }) => comm),
  }[table]();
  return names.some(isUnknownName);
}

function isNamed(name: string): boolean {
  return name !== OTHER_NAME && !isUnknownName(name);
}

/** All calls of a report; without latencies when its table of calls is not whole. */
export function totalSide(report: Report): Side {
  const { calls, errors, read_bytes, write_bytes, total_ns, syscalls, cut } = report;
  const totals = { calls, errors, read_bytes, write_bytes, total_ns };
  const whole = cut.syscalls === undefined;
  return whole
    ? { ...sumOfRows(syscalls), ...totals }
    : { ...sumOfSides(syscalls.map(withoutLatency)), ...totals };
}

function withoutLatency({ latency: _, ...row }: Report["syscalls"][number]): Side {
  return row;
}

/** A limit on memory may have folded a part of the calls of either row: the histogram is then one of other calls. */
function withLatency(row: ReportMeasures, group: GroupRow | undefined): Side {
  return group === undefined || group.calls !== row.calls ? row : { ...row, latency: group.latency };
}

/** The rows of a table of `--by` with this one key, which have histograms; `null` when the report has none. */
function latenciesOf(
  report: Report,
  key: "file" | "process",
  nameOf: (row: GroupRow) => string,
): Map<string, GroupRow> | null {
  const table = report.groups.find(({ by }) => by.length === 1 && by[0] === key);
  return table === undefined ? null : new Map(table.rows.map((row) => [nameOf(row), row]));
}

/** The name of a file is its bytes, and an empty one is not the lack of a file. */
function fileKey({ path, path_raw }: { path?: string | null; path_raw?: string }): string {
  return path_raw !== undefined ? `raw ${path_raw}` : typeof path === "string" ? `path ${path}` : "none";
}

/** Process numbers are reused: the start distinguishes the lifetimes. */
function lifetime({ pid, started }: { pid?: number; started?: string | null }): string {
  return `${pid} ${started}`;
}

/** Merges rows. Without all histograms only the longest latency of several rows is known. */
function sumOfSides(rows: readonly Side[]): Side {
  if (rows.length === 1) return rows[0];
  if (rows.every(hasLatency)) return sumOfRows(rows);
  const sum = (value: (row: Side) => ExactInteger) => exactSum(rows.map(value));
  return {
    calls: Number(sum((row) => row.calls)),
    errors: Number(sum((row) => row.errors)),
    read_bytes: sum((row) => row.read_bytes),
    write_bytes: sum((row) => row.write_bytes),
    total_ns: sum((row) => row.total_ns),
    mean_ns: null,
    p50_ns: null,
    p90_ns: null,
    p99_ns: null,
    max_ns: rows.reduce<number | null>(
      (max, row) => row.max_ns === null ? max : Math.max(max ?? 0, row.max_ns),
      null,
    ),
  };
}

function hasLatency(row: Side): row is Side & { latency: ReportHistogram } {
  return row.latency !== undefined;
}
