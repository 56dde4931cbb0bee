/** The columns of a recording, in their order. New ones come at the end; readers find them by name. */

/** How a column's values are stored, and what SQL sees. */
export type ColumnType =
  /** BIGINT. */
  | "int64"
  /** INTEGER. */
  | "int32"
  /** UINTEGER. */
  | "uint32"
  /** BOOLEAN. */
  | "boolean"
  /** VARCHAR, UTF-8. */
  | "text"
  /** BLOB. */
  | "bytes"
  /** Timestamp of nanoseconds, UTC. */
  | "timestamp";

/** One column. */
export interface RecordingColumn {
  name: string;
  type: ColumnType;
  /** True for a column that may have no value in a row. */
  nullable?: true;
}

/** Every field of a row, and what tells a process from another one that had its number before. */
export const RECORDING_COLUMNS = [
  { name: "seq", type: "int64" },
  { name: "time", type: "timestamp" },
  { name: "time_ns", type: "int64" },
  { name: "pid", type: "int32" },
  { name: "tid", type: "int32" },
  { name: "comm", type: "text" },
  { name: "uid", type: "uint32" },
  { name: "syscall", type: "text" },
  { name: "family", type: "text" },
  { name: "fd", type: "int32", nullable: true },
  { name: "path", type: "text", nullable: true },
  { name: "old_path", type: "text", nullable: true },
  { name: "path_raw", type: "bytes", nullable: true },
  { name: "old_path_raw", type: "bytes", nullable: true },
  { name: "path_error", type: "text", nullable: true },
  { name: "ret", type: "int64", nullable: true },
  { name: "errno", type: "text", nullable: true },
  { name: "failed", type: "boolean" },
  { name: "bytes", type: "int64", nullable: true },
  { name: "latency_ns", type: "int64", nullable: true },
  { name: "gap_ns", type: "int64", nullable: true },
  { name: "restarts", type: "int32" },
  { name: "epoch", type: "int32" },
  { name: "process_start_ns", type: "int64" },
] as const satisfies RecordingColumn[];

/** Name of a column. */
export type ColumnName = typeof RECORDING_COLUMNS[number]["name"];
