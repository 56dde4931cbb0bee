/** How the fields of a row look, in the order users meet them. Tests compare every format of rows with this table. */
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import type { StreamRow } from "../../runtime/row.ts";
import { ROW_FIELDS, type RowField, type RowFieldName } from "../../runtime/row_fields.ts";
import type { Timestamps } from "./clock.ts";

/** A value of a field as data. */
export type FieldValue = string | boolean | ExactInteger | null;

/** One field. */
export interface RowColumn extends RowField {
  /** Heading in text. */
  header: string;
  /** Side on which values line up. */
  align: "left" | "right";
  /** Columns of a terminal the usual value takes. */
  width: number;
  /** The value of a row, `null` for none. */
  value(row: StreamRow, clock: Timestamps): FieldValue;
}

/** Columns of a terminal that the usual value takes. `comm` is as wide as the kernel keeps (TASK_COMM_LEN in include/linux/sched.h). */
const WIDTHS: Readonly<Record<RowFieldName, number>> = {
  seq: 8,
  time: 30,
  time_ns: 11,
  pid: 7,
  tid: 7,
  comm: 15,
  uid: 5,
  syscall: 12,
  family: 8,
  fd: 4,
  path: 24,
  old_path: 24,
  path_raw: 24,
  old_path_raw: 24,
  path_error: 10,
  ret: 8,
  errno: 8,
  failed: 6,
  bytes: 8,
  latency_ns: 7,
  gap_ns: 7,
  restarts: 8,
  epoch: 5,
  cgroup: 24,
  gid: 5,
  iowait_ns: 9,
  blocked_ns: 9,
  runqueue_ns: 9,
  fetched_bytes: 9,
  stack: 40,
  offset_bytes: 12,
  flags: 24,
};

/** The columns by name, in order. */
export const ROW_COLUMNS: readonly RowColumn[] = ROW_FIELDS.map((field) => ({
  ...field,
  header: field.name.replace(/_ns$/, "").replaceAll("_", " ").toUpperCase(),
  align: /int/.test(field.type) ? "right" : "left",
  width: WIDTHS[field.name],
  value: valueOf(field),
}));

/** The names of all fields, in their order: the words of `--columns`. */
export const ROW_COLUMN_NAMES: readonly string[] = ROW_FIELDS.map(({ name }) => name);

/** The names of the fields that are shown without being asked for. */
export const DEFAULT_COLUMN_NAMES: readonly string[] = ROW_FIELDS.filter(({ onRequest }) => !onRequest)
  .map(({ name }) => name);

/** The column of a field. Throws a `RangeError` for an unknown name. */
export function rowColumn(name: string): RowColumn {
  const column = ROW_COLUMNS.find((candidate) => candidate.name === name);
  if (!column) throw new RangeError(`Unknown row field ${name}`);
  return column;
}

function valueOf({ key, type }: RowField): RowColumn["value"] {
  if (type === "timestamp") return (row, clock) => clock.timestamp(row.timeNs);
  return (row) => {
    const value = row[key];
    return value instanceof Uint8Array ? value.toBase64() : value;
  };
}
