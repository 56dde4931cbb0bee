/**
 * The command line: {@linkcode parseArguments} turns its words into a {@linkcode ParsedCommand}.
 *
 * @module
 */
export { COMMANDS } from "./commands.ts";
export type { ParsedCommand, RunOptions, SchemaCommand, StreamCommand, TraceCommand } from "./commands.ts";
export { COLOR_MODES, COLUMN_NAMES, DEFAULTS, SORT_KEYS, STREAM_FORMATS } from "./defaults.ts";
export type { ColorMode, ColumnName, SortKey, StreamFormat } from "./defaults.ts";
export { userIdIn } from "./machine.ts";
export type { Machine } from "./machine.ts";
export { parseArguments } from "./parse.ts";
