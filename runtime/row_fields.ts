/**
 * The fields of a row, in the order users meet them. Lists of columns, CSV, NDJSON, Parquet, replay, the help and
 * the published schema derive from this table, or a test compares them with it. New fields are only added at the end.
 */
import type { StreamRow } from "./row.ts";

/** Type of a field's values, and how they are stored. */
export type FieldType =
  /** Signed 64-bit integers. */
  | "int64"
  /** Signed 32-bit integers. */
  | "int32"
  /** Unsigned 32-bit integers. */
  | "uint32"
  /** True or false. */
  | "boolean"
  /** UTF-8. */
  | "text"
  /** Exact bytes; base64 where everything is text. */
  | "bytes"
  /** Wall time: RFC 3339 with nanoseconds in text formats, microseconds since 1970 in formats with a timestamp type. */
  | "timestamp";

/** One field. */
export interface RowField {
  /** Name in every format that names fields. */
  readonly name: string;
  /** Name in a {@linkcode StreamRow}. */
  readonly key: keyof StreamRow;
  readonly type: FieldType;
  /** Unit of a number; left out when it has none. */
  readonly unit?: "ns" | "bytes" | "restarts";
  /** True for a field that may have no value. */
  readonly nullable?: true;
  /** True for a field that an NDJSON record carries only when it has a value. */
  readonly optional?: true;
  /** True for a field that is shown only when it is asked for. */
  readonly onRequest?: true;
  /**
   * How it is read back: rows cannot be made without it; a file without it means no value, or 0 if it must have one;
   * or it is derived from the others.
   */
  readonly read: "needed" | "defaulted" | "derived";
  /** Version of ior that first wrote it. */
  readonly since: string;
}

const FIELDS = [
  { name: "seq", key: "seq", type: "int64", read: "needed", since: "0.1.0" },
  { name: "time", key: "timeNs", type: "timestamp", read: "derived", since: "0.1.0" },
  { name: "time_ns", key: "timeNs", type: "int64", unit: "ns", read: "needed", since: "0.1.0" },
  { name: "pid", key: "pid", type: "int32", read: "needed", since: "0.1.0" },
  { name: "tid", key: "tid", type: "int32", read: "needed", since: "0.1.0" },
  { name: "comm", key: "comm", type: "text", read: "needed", since: "0.1.0" },
  { name: "uid", key: "uid", type: "uint32", read: "needed", since: "0.1.0" },
  { name: "syscall", key: "syscall", type: "text", read: "needed", since: "0.1.0" },
  { name: "family", key: "family", type: "text", read: "derived", since: "0.1.0" },
  { name: "fd", key: "fd", type: "int32", nullable: true, read: "defaulted", since: "0.1.0" },
  { name: "path", key: "path", type: "text", nullable: true, read: "defaulted", since: "0.1.0" },
  { name: "old_path", key: "oldPath", type: "text", nullable: true, read: "defaulted", since: "0.1.0" },
  {
    name: "path_raw",
    key: "pathRaw",
    type: "bytes",
    nullable: true,
    optional: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "old_path_raw",
    key: "oldPathRaw",
    type: "bytes",
    nullable: true,
    optional: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "path_error",
    key: "pathError",
    type: "text",
    nullable: true,
    optional: true,
    read: "defaulted",
    since: "0.1.0",
  },
  { name: "ret", key: "ret", type: "int64", nullable: true, read: "needed", since: "0.1.0" },
  { name: "errno", key: "errno", type: "text", nullable: true, read: "derived", since: "0.1.0" },
  { name: "failed", key: "failed", type: "boolean", read: "derived", since: "0.1.0" },
  {
    name: "bytes",
    key: "bytes",
    type: "int64",
    unit: "bytes",
    nullable: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "latency_ns",
    key: "latencyNs",
    type: "int64",
    unit: "ns",
    nullable: true,
    read: "needed",
    since: "0.1.0",
  },
  {
    name: "gap_ns",
    key: "gapNs",
    type: "int64",
    unit: "ns",
    nullable: true,
    read: "defaulted",
    since: "0.1.0",
  },
  { name: "restarts", key: "restarts", type: "int32", unit: "restarts", read: "defaulted", since: "0.1.0" },
  { name: "epoch", key: "epoch", type: "int32", read: "defaulted", since: "0.1.0" },
  {
    name: "cgroup",
    key: "cgroup",
    type: "text",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "gid",
    key: "gid",
    type: "uint32",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "iowait_ns",
    key: "iowaitNs",
    type: "int64",
    unit: "ns",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "blocked_ns",
    key: "blockedNs",
    type: "int64",
    unit: "ns",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "runqueue_ns",
    key: "runqueueNs",
    type: "int64",
    unit: "ns",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "fetched_bytes",
    key: "fetchedBytes",
    type: "int64",
    unit: "bytes",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "stack",
    key: "stack",
    type: "text",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "offset_bytes",
    key: "offsetBytes",
    type: "int64",
    unit: "bytes",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
  {
    name: "flags",
    key: "flags",
    type: "text",
    nullable: true,
    optional: true,
    onRequest: true,
    read: "defaulted",
    since: "0.1.0",
  },
] as const satisfies readonly RowField[];

/** Name of a field. */
export type RowFieldName = typeof FIELDS[number]["name"];

/** The fields, in their order. */
export const ROW_FIELDS: readonly (RowField & { readonly name: RowFieldName })[] = FIELDS;
