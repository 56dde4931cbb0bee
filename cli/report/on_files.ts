/** The part of a report that is about files: rankings and shares leave out time spent waiting. */
import type { Report } from "../../runtime/report.ts";
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import { busyNs, type SortableRow } from "./sort.ts";

/** A row whose time excludes waiting, with the time spent waiting beside it. */
export interface BusyRow {
  waited_ns?: ExactInteger;
}

/**
 * The report with times that exclude waiting, and only the system calls that did not wait. When everything waited, the
 * report stays unchanged.
 */
export function onFiles(report: Report): Report {
  const { files, directories, families, commands, groups } = report;
  const busy = busyNs(report);
  if (busy == 0) {
    const whole = <Row extends SortableRow>({ waiting_ns: _, ...row }: Row) => row;
    const syscalls = report.syscalls.map(whole);
    return { ...report, syscalls, families: families.map(whole), commands: commands.map(whole) } as Report;
  }
  return {
    ...report,
    total_ns: busy,
    syscalls: report.syscalls.map(({ on_files, waiting_ns: _, ...row }) => ({ ...row, ...on_files }))
      .filter(({ calls }) => calls > 0),
    families: families.map(busyRow),
    commands: commands.map(busyRow),
    files: files.map(busyRow),
    directories: directories.map(busyRow),
    groups,
  };
}

/** The rows of a table of {@linkcode onFiles}. */
export function rowsOnFiles<Row extends SortableRow>(
  report: Report,
  rows: readonly Row[],
): (Row | Omit<Row, "waiting_ns"> & BusyRow)[] {
  return busyNs(report) == 0 ? [...rows] : rows.map(busyRow);
}

function busyRow<Row extends SortableRow>({ waiting_ns, ...row }: Row): Omit<Row, "waiting_ns"> & BusyRow {
  if (waiting_ns === undefined) return row;
  return { ...row, total_ns: busyNs({ ...row, waiting_ns }), waited_ns: waiting_ns };
}
