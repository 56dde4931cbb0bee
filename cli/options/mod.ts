/**
 * The options that commands share: their rows, their values, and what is derived from the values.
 *
 * @module
 */
export { COLOR_MODES, COLUMN_NAMES, DEFAULTS, SORT_KEYS, STREAM_FORMATS } from "./defaults.ts";
export type { ColorMode, ColumnName, SortKey, StreamFormat } from "./defaults.ts";
export type { LookOptions } from "./look.ts";
export { userIdIn } from "./machine.ts";
export type { Machine } from "./machine.ts";
export type { RecordTarget } from "./recording.ts";
export type { ReportOptions } from "./report.ts";
export type { RunOptions, SelectOptions } from "./select.ts";
export type { FlameBeside, FlameShape } from "./flame_options.ts";
