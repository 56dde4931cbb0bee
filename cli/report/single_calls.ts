/** The tables of single calls: the slowest, and those still running. */
import type { Report, ReportRunning } from "../../runtime/report.ts";
import { formatBytes, formatDuration } from "../text/format.ts";
import type { Column } from "../text/table.ts";
import { type ColumnOptions, duration, name, number, pathColumn } from "./columns.ts";
import { commandColumn, pidColumn } from "./table_columns.ts";

/** A row of the document's slowest calls: the fields of a row of `ior.rows`. */
type SlowRow = Report["slowest"][number];

/** Columns of the slowest calls. */
export function slowestColumns(options: ColumnOptions): Column<SlowRow>[] {
  const { ascii } = options;
  return [
    number("LATENCY", 0, (row) => duration(numberOf(row.latency_ns), ascii)),
    number("AT", 2, (row) => duration(numberOf(row.time_ns), ascii)),
    name("SYSCALL", ascii, (row) => String(row.syscall)),
    { ...name<SlowRow>("ERROR", ascii, (row) => row.errno === null ? "-" : String(row.errno)), rank: 4 },
    number("BYTES", 3, (row) => row.bytes === null ? "-" : formatBytes(Number(row.bytes))),
    pidColumn(1, (row) => Number(row.pid)),
    commandColumn(ascii, (row) => String(row.comm)),
    pathColumn("FILE", options, (row) => row.path === null ? "-" : String(row.path)),
  ];
}

/** Columns of the calls still running. */
export function runningColumns(options: ColumnOptions): Column<ReportRunning>[] {
  const { ascii } = options;
  return [
    number("AGE", 0, (row) => formatDuration(Math.max(0, row.age_ns), { ascii })),
    name("SYSCALL", ascii, (row) => row.syscall),
    pidColumn(0, (row) => row.pid),
    { ...number<ReportRunning>("TID", 1, (row) => String(row.tid)) },
    commandColumn(ascii, (row) => row.comm),
    pathColumn("FILE", options, (row) => row.path ?? "-"),
  ];
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
