/** Defaults of the options. The help prints these values. */
import { SEGMENT_LIMITS } from "../../runtime/recording.ts";
import type { Family } from "../../runtime/syscalls/types.ts";

import type { TrieField, TrieMetric } from "../../runtime/flame.ts";

/** Defaults of the options, in the units of the parsed values. */
export const DEFAULTS = {
  /** The families traced: file I/O, the question most users come with. */
  families: ["FS"] as readonly Family[],
  /** 16 MiB: room for a quarter of a million calls while the reader is busy. All of it counts as memory of ior. */
  ringBytes: 16 * 1024 * 1024,
  /** Rows of each table in a text report, so that all tables fit one screen. */
  topRows: 10,
  sort: "time",
  color: "auto",
  format: "text",
  /** Who, what, where: each frame within the one before it. */
  fields: ["comm", "syscall", "path"] as readonly TrieField[],
  metric: "duration" as TrieMetric,
  ...SEGMENT_LIMITS,
} as const;

/** What a report's tables can be sorted by, largest first; `name` alphabetically. */
export const SORT_KEYS = [
  "time",
  "calls",
  "errors",
  "bytes",
  "read",
  "written",
  "mean",
  "p50",
  "p90",
  "p99",
  "max",
  "name",
] as const;

/** One of {@linkcode SORT_KEYS}. */
export type SortKey = typeof SORT_KEYS[number];

/** Sections of a report, the words of `--tables`, in the order they are shown. */
export const TABLE_NAMES = [
  "advice",
  "processes",
  "files",
  "waiting",
  "directories",
  "syscalls",
  "families",
  "errors",
  "slowest",
  "running",
  "time",
] as const;

/** One of {@linkcode TABLE_NAMES}. */
export type TableName = typeof TABLE_NAMES[number];

/** Maximum number of `--by` tables: each adds to the cost of counting a call. */
export const GROUPS_MAX = 8;

/** What `--columns` can show, beside the names of a table's rows. */
export const COLUMN_NAMES = [
  "calls",
  "errors",
  "bytes",
  "time",
  "share",
  "mean",
  "p50",
  "p90",
  "p99",
  "max",
  "latency",
  "rate",
] as const;

/** One of {@linkcode COLUMN_NAMES}. */
export type ColumnName = typeof COLUMN_NAMES[number];

/** When to colour. */
export const COLOR_MODES = ["auto", "always", "never"] as const;

/** One of {@linkcode COLOR_MODES}. */
export type ColorMode = typeof COLOR_MODES[number];

/** What `ior stream` can write. */
export const STREAM_FORMATS = ["text", "csv", "ndjson", "strace", "chrome"] as const;

/** One of {@linkcode STREAM_FORMATS}. */
export type StreamFormat = typeof STREAM_FORMATS[number];
