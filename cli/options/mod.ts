/**
 * The options that commands share: their rows, their values, and what is derived from the values.
 *
 * @module
 */
export { COLUMN_NAMES, SORT_KEYS } from "../report/choices.ts";
export { COLOR_MODES, DEFAULTS } from "./defaults.ts";
export type { ColumnName, SortKey } from "../report/choices.ts";
export type { ColorMode } from "./defaults.ts";
export type { LookOptions } from "./look.ts";
export { userIdIn } from "./machine.ts";
export type { Machine } from "./machine.ts";
export type { RecordTarget } from "./recording.ts";
export type { ReportOptions } from "./report.ts";
export type { RunOptions, SelectOptions } from "./select.ts";
export type { FlameBeside, FlameShape } from "./flame_options.ts";
