/** Mapped I/O as text: the line of the header, and the table. */
import type { Report, ReportMapped, ReportMappedIo } from "../../runtime/report.ts";
import { formatBytes, formatCount, formatDuration } from "../text/format.ts";
import type { Column } from "../text/table.ts";
import type { SortKey } from "./choices.ts";
import { type ColumnOptions, duration, number, pathColumn } from "./columns.ts";
import { commandColumn, pidColumn } from "./table_columns.ts";

/** What a process read of a file. */
type MappedRow = ReportMappedIo["files"][number];

/** The sums; `null` when there was none. */
export function mappedText({ mapped_io: mapped }: Pick<Report, "mapped_io">, ascii: boolean): string | null {
  if (mapped === undefined || isNone(mapped)) return null;
  const { mapped_bytes, major_faults, fault_ns, without_file } = mapped;
  const faults = major_faults === null || fault_ns === null
    ? ""
    : `, ${formatCount(major_faults)} major ${major_faults === 1 ? "fault" : "faults"} took ${
      formatDuration(fault_ns, { ascii })
    }`;
  const unknown = without_file === undefined || isNone(without_file)
    ? ""
    : `; ${formatBytes(without_file.mapped_bytes)} of it is known of no file`;
  return `${formatBytes(mapped_bytes)} read by page faults${faults}${unknown}`;
}

function isNone({ mapped_bytes, major_faults }: ReportMapped): boolean {
  return mapped_bytes === 0 && (major_faults ?? 0) === 0;
}

/** The rows in the order that a sort key asks for, by bytes for those that they have no measure of. */
export function sortMapped(rows: readonly MappedRow[], sort: SortKey): MappedRow[] {
  const byName = (a: MappedRow, b: MappedRow) => a.path < b.path ? -1 : a.path > b.path ? 1 : a.pid - b.pid;
  if (sort === "name") return rows.toSorted(byName);
  const value = (row: MappedRow) => sort === "time" ? row.fault_ns ?? 0 : row.mapped_bytes;
  return rows.toSorted((a, b) => value(b) - value(a) || b.mapped_bytes - a.mapped_bytes || byName(a, b));
}

/** The words for that order. */
export function mappedOrder(sort: SortKey): string {
  return sort === "time" ? "by time" : sort === "name" ? "by name" : "by bytes read by page faults";
}

/** The columns of the table. */
export function mappedColumns(options: ColumnOptions): Column<MappedRow>[] {
  const { ascii } = options;
  return [
    number("BYTES", 0, (row) => formatBytes(row.mapped_bytes)),
    number("MAJOR", 1, (row) => row.major_faults === null ? "-" : formatCount(row.major_faults)),
    number("TIME", 0, (row) => duration(row.fault_ns, ascii)),
    pidColumn(1, (row) => row.pid),
    commandColumn(ascii, (row) => row.comm),
    pathColumn("FILE", options, (row) => row.path),
  ];
}
