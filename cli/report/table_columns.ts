/** The columns of the tables that `--sort` orders. */
import type { Report } from "../../runtime/report.ts";
import { formatCount, formatShare } from "../text/format.ts";
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
} from "./columns.ts";
import type { TableKey, TableRow } from "./tables.ts";

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
    processes: [
      pidColumn(0, (row) => row.pid),
      commandColumn(ascii, (row) => row.comm),
      ...measureColumns(report, options, PREFER_ERRORS, report.processes),
    ],
    families: [
      name("FAMILY", ascii, (row) => row.family),
      ...measureColumns(report, options, PREFER_ERRORS, report.families),
    ],
    errors_by: [
      name("ERROR", ascii, (row) => row.errno),
      name("SYSCALL", ascii, (row) => row.syscall),
      number("CALLS", 0, (row) => formatCount(row.calls)),
      number("CALLS%", 1, (row) => formatShare(row.calls, report.errors)),
    ],
  };
}

/** Process numbers; the folded ones have none. */
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
