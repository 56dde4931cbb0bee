/** The columns of the tables that `--sort` orders. */
import type { Report } from "../../runtime/report.ts";
import { formatCount, formatDuration, formatShare } from "../text/format.ts";
import { shortenEnd } from "../text/shorten.ts";
import type { Column } from "../text/table.ts";
import {
  type ColumnOptions,
  measureColumns,
  name,
  number,
  pathColumn,
  PREFER_BYTES,
  PREFER_ERRORS,
  PREFER_LATENCY,
  PREFER_MAX,
  PREFER_SUMS,
} from "./columns.ts";
import type { BusyRow } from "./on_files.ts";
import type { TableKey, TableRow } from "./tables.ts";
import { waitingName } from "./waiting_text.ts";

/** Fewest columns of a command's name. */
const MIN_NAME_COLUMNS = 12;

/** Columns of each table, from left to right. */
export function tableColumns(
  report: Report,
  options: ColumnOptions,
): { [Key in TableKey]: Column<TableRow<Key>>[] } {
  const { ascii } = options;
  return {
    syscalls: [
      name("SYSCALL", ascii, (row) => row.syscall),
      ...measureColumns(report, options, PREFER_LATENCY, report.syscalls),
    ],
    files: [
      ...measureColumns(report, options, PREFER_BYTES, report.files),
      pathColumn("FILE", options, (row) => row.path),
    ],
    commands: [
      commandColumn(ascii, (row) => row.comm),
      number("PROCESSES", 0, (row) => formatCount(row.processes)),
      ...measureColumns(report, options, PREFER_SUMS, []),
      number(
        "WAITING",
        0,
        (row: TableRow<"commands"> & BusyRow) => formatDuration(row.waited_ns ?? 0, { ascii }),
      ),
    ],
    waiting: [
      // Their share is of the time waiting, which the total of a report on files leaves out.
      ...measureColumns({ ...report, total_ns: report.waiting_ns }, options, PREFER_MAX, []),
      pathColumn("WAITED FOR", options, waitingName),
    ],
    processes: [
      pidColumn(0, (row) => row.pid),
      commandColumn(ascii, (row) => row.comm),
      ...measureColumns(report, options, PREFER_ERRORS, report.processes),
    ],
    families: [
      name("FAMILY", ascii, (row) => row.family),
      ...measureColumns(report, options, PREFER_SUMS, report.families),
      number(
        "WAITING",
        0,
        (row: TableRow<"families"> & BusyRow) => formatDuration(row.waited_ns ?? 0, { ascii }),
      ),
    ],
    errors_by: [
      name("ERROR", ascii, (row) => row.errno),
      name("SYSCALL", ascii, (row) => row.syscall),
      number("CALLS", 0, (row) => formatCount(row.calls)),
      number("CALLS%", 1, (row) => formatShare(row.calls, report.errors)),
    ],
  };
}

/** Process numbers; folded rows have none. */
export function pidColumn<Row>(rank: number, pid: (row: Row) => number): Column<Row> {
  return number("PID", rank, (row) => pid(row) === 0 ? "-" : String(pid(row)));
}

/** Names of commands. */
export function commandColumn<Row>(ascii: boolean, comm: (row: Row) => string): Column<Row> {
  return {
    ...name("COMMAND", ascii, comm),
    flexible: { min: MIN_NAME_COLUMNS, shorten: (text, width) => shortenEnd(text, width, ascii) },
  };
}
