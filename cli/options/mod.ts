/**
 * The options that commands share: their rows, their values, and what is derived from the values.
 *
 * @module
 */
export { DEFAULTS } from "./defaults.ts";
export type { ColorMode } from "./defaults.ts";
export type { LookOptions } from "./look.ts";
export { ownerIdIn } from "./machine.ts";
export type { Machine } from "./machine.ts";
export type { RecordTarget } from "./recording.ts";
export type { ReportOptions } from "./report.ts";
export type { RecordTrigger } from "./trigger.ts";
export type { RowsNeed } from "./sampling.ts";
export type { RunOptions } from "./select.ts";
export type { FlameBeside } from "./flame_options.ts";
