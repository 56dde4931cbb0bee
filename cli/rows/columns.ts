/** The fields of a row, in the order users meet them. Every format of rows is held against this table. */
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import type { StreamRow } from "../../runtime/row.ts";
import type { RowClock } from "./clock.ts";

/** A value of a field as data. */
export type FieldValue = string | boolean | ExactInteger | null;

/** One field. */
export interface RowColumn {
  /** Name in every format that names fields. */
  name: string;
  /** Heading in text. */
  header: string;
  /** What a number counts, `null` for what counts nothing. */
  unit: "ns" | "bytes" | "restarts" | null;
  /** Side on which values line up. */
  align: "left" | "right";
  /** Columns of a terminal the usual value takes. */
  width: number;
  /** True for a field that a row carries only when it has a value. */
  optional?: true;
  /** The value of a row, `null` for none. */
  value(row: StreamRow, clock: RowClock): FieldValue;
}

/** The columns by name, in order. `comm` is as wide as the kernel keeps (TASK_COMM_LEN in include/linux/sched.h). */
export const ROW_COLUMNS: readonly RowColumn[] = [
  { name: "seq", header: "SEQ", unit: null, align: "right", width: 8, value: (row) => row.seq },
  {
    name: "time",
    header: "TIME",
    unit: null,
    align: "left",
    width: 30,
    value: (row, clock) => clock.timestamp(row.timeNs),
  },
  { name: "time_ns", header: "TIME", unit: "ns", align: "right", width: 11, value: (row) => row.timeNs },
  { name: "pid", header: "PID", unit: null, align: "right", width: 7, value: (row) => row.pid },
  { name: "tid", header: "TID", unit: null, align: "right", width: 7, value: (row) => row.tid },
  { name: "comm", header: "COMM", unit: null, align: "left", width: 15, value: (row) => row.comm },
  { name: "uid", header: "UID", unit: null, align: "right", width: 5, value: (row) => row.uid },
  { name: "syscall", header: "SYSCALL", unit: null, align: "left", width: 12, value: (row) => row.syscall },
  { name: "family", header: "FAMILY", unit: null, align: "left", width: 8, value: (row) => row.family },
  { name: "fd", header: "FD", unit: null, align: "right", width: 4, value: (row) => row.fd },
  { name: "path", header: "PATH", unit: null, align: "left", width: 24, value: (row) => row.path },
  { name: "old_path", header: "OLD PATH", unit: null, align: "left", width: 24, value: (row) => row.oldPath },
  {
    name: "path_raw",
    header: "PATH RAW",
    unit: null,
    align: "left",
    width: 24,
    optional: true,
    value: (row) => base64(row.pathRaw),
  },
  {
    name: "old_path_raw",
    header: "OLD PATH RAW",
    unit: null,
    align: "left",
    width: 24,
    optional: true,
    value: (row) => base64(row.oldPathRaw),
  },
  {
    name: "path_error",
    header: "PATH ERROR",
    unit: null,
    align: "left",
    width: 10,
    optional: true,
    value: (row) => row.pathError,
  },
  { name: "ret", header: "RET", unit: null, align: "right", width: 8, value: (row) => row.ret },
  { name: "errno", header: "ERRNO", unit: null, align: "left", width: 8, value: (row) => row.errno },
  { name: "failed", header: "FAILED", unit: null, align: "left", width: 6, value: (row) => row.failed },
  { name: "bytes", header: "BYTES", unit: "bytes", align: "right", width: 8, value: (row) => row.bytes },
  {
    name: "latency_ns",
    header: "LATENCY",
    unit: "ns",
    align: "right",
    width: 7,
    value: (row) => row.latencyNs,
  },
  { name: "gap_ns", header: "GAP", unit: "ns", align: "right", width: 7, value: (row) => row.gapNs },
  {
    name: "restarts",
    header: "RESTARTS",
    unit: "restarts",
    align: "right",
    width: 8,
    value: (row) => row.restarts,
  },
  { name: "epoch", header: "EPOCH", unit: null, align: "right", width: 5, value: (row) => row.epoch },
];

/** The names of all fields, in their order: what `--columns` can name. New ones are only ever added at the end. */
export const ROW_COLUMN_NAMES: readonly string[] = ROW_COLUMNS.map(({ name }) => name);

/** The column of a field. Throws a `RangeError` for a name that is none. */
export function rowColumn(name: string): RowColumn {
  const column = ROW_COLUMNS.find((candidate) => candidate.name === name);
  if (!column) throw new RangeError(`There is no row field ${name}`);
  return column;
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : bytes.toBase64();
}
