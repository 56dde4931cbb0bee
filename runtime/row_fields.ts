/**
 * The fields of a row, in the order users meet them. Lists of columns, CSV, NDJSON, Parquet, what is read back, the help and
 * the published schema come from this table, or a test holds them against it. New fields are only ever added at the end.
 */
import type { StreamRow } from "./row.ts";

/** What values of a field are, and how they are stored. */
export type FieldType =
  /** Whole numbers of 64 bits. */
  | "int64"
  /** Whole numbers of 32 bits. */
  | "int32"
  /** Whole numbers of 32 bits without a sign. */
  | "uint32"
  /** True or false. */
  | "boolean"
  /** UTF-8. */
  | "text"
  /** Exact bytes; base64 where everything is text. */
  | "bytes"
  /** Wall time: RFC 3339 with nanoseconds as text, microseconds since 1970 where time has a type of its own. */
  | "timestamp";

/** One field. */
export interface RowField {
  /** Name in every format that names fields. */
  readonly name: string;
  /** Name in a {@linkcode StreamRow}. */
  readonly key: keyof StreamRow;
  readonly type: FieldType;
  /** What a number counts, left out for what counts nothing. */
  readonly unit?: "ns" | "bytes" | "restarts";
  /** True for a field that may have no value. */
  readonly nullable?: true;
  /** True for a field that a record of its own carries only where it has a value. */
  readonly optional?: true;
  /**
   * What reading it back means: rows cannot be made without it; it has no value, or 0 where it must have one, in a file that
   * lacks it; or it follows from the others.
   */
  readonly read: "needed" | "defaulted" | "derived";
  /** Version of ior that wrote it first. */
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
] as const satisfies readonly RowField[];

/** Name of a field. */
export type RowFieldName = typeof FIELDS[number]["name"];

/** The fields, in their order. */
export const ROW_FIELDS: readonly (RowField & { readonly name: RowFieldName })[] = FIELDS;
