/**
 * The command line: {@linkcode parseArguments} turns its words into a {@linkcode ParsedCommand}.
 *
 * @module
 */
export { COMMANDS } from "./commands.ts";
export type {
  CommandSpec,
  DiffCommand,
  FlameBeside,
  FlameCommand,
  FlameShape,
  LookOptions,
  ParsedCommand,
  RecordCommand,
  RecordTarget,
  ReportCommand,
  ReportOptions,
  RunOptions,
  SchemaCommand,
  StreamCommand,
  TraceCommand,
} from "./commands.ts";
export { COLOR_MODES, COLUMN_NAMES, DEFAULTS, SORT_KEYS, STREAM_FORMATS } from "./defaults.ts";
export type { ColorMode, ColumnName, SortKey, StreamFormat } from "./defaults.ts";
export { userIdIn } from "./machine.ts";
export type { Machine } from "./machine.ts";
export { parseArguments } from "./parse.ts";
