import type { ReportGroupRow } from "../../runtime/report.ts";
import { visibleName } from "../text/escape.ts";

/** How a row spells the value of each key. */
const LABELS: Record<string, (row: ReportGroupRow) => string> = {
  syscall: (row) => row.syscall ?? "",
  family: (row) => row.family ?? "",
  comm: (row) => visibleName(row.comm ?? ""),
  process: (row) => `${visibleName(row.process ?? row.comm ?? "")} (${row.pid})`,
  thread: (row) => `${visibleName(row.thread ?? "")} (${row.tid})`,
  cgroup: (row) => row.cgroup ?? "(unknown)",
  stack: (row) => row.stack ?? "(unknown)",
  file: (row) => visibleName(row.path ?? "(no file)"),
  old_file: (row) => visibleName(row.old_path ?? "(no second file)"),
  dir: (row) => row.directory ?? "(no file)",
  errno: (row) => row.errno ?? "(no error)",
};

/** The values of a row's keys as text, in the order of the keys. */
export function groupLabels(by: readonly string[], row: ReportGroupRow): string[] {
  return by.map((key) => LABELS[key]?.(row) ?? key);
}
