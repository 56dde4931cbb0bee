/** What a reader can choose of a report's text: order, sections and columns. */

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
  "iowait",
  "blocked",
  "runqueue",
  "fetched",
  "name",
] as const;

/** One of {@linkcode SORT_KEYS}. */
export type SortKey = typeof SORT_KEYS[number];

/** Sections of a report, the words of `--tables`, in the order they are shown. */
export const TABLE_NAMES = [
  "advice",
  "processes",
  "files",
  "mapped",
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
  "spent",
  "cached",
] as const;

/** One of {@linkcode COLUMN_NAMES}. */
export type ColumnName = typeof COLUMN_NAMES[number];
