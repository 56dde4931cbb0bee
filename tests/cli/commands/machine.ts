import type { Command } from "../../../cli/commands/command.ts";
import { allCommands } from "../../../cli/commands/commands.ts";
import type { CompletionsCommand } from "../../../cli/commands/completions/task.ts";
import type { DiffCommand } from "../../../cli/commands/diff/task.ts";
import type { DoctorCommand } from "../../../cli/commands/doctor/task.ts";
import type { FilesCommand } from "../../../cli/commands/files/task.ts";
import type { FlameCommand } from "../../../cli/commands/flame/task.ts";
import { parseCommand } from "../../../cli/commands/parse_command.ts";
import type { ManCommand } from "../../../cli/commands/man/task.ts";
import type { ProbesCommand } from "../../../cli/commands/probes/task.ts";
import type { RecordCommand } from "../../../cli/commands/record/task.ts";
import type { ReportCommand } from "../../../cli/commands/report/task.ts";
import type { SchemaCommand } from "../../../cli/commands/schema/command.ts";
import type { ServeCommand } from "../../../cli/commands/serve/task.ts";
import type { StreamCommand } from "../../../cli/commands/stream/task.ts";
import type { TopCommand } from "../../../cli/commands/top/task.ts";
import type { TraceCommand } from "../../../cli/commands/trace/task.ts";
import type { Machine } from "../../../cli/options/mod.ts";

/** A machine with one user, `alice`, one group, `staff`, and one directory, `rec`, for tests of the command line. */
export const MACHINE: Machine = {
  version: "1.2.3",
  arch: "x86_64",
  userId: (name) => name === "alice" ? 1000 : null,
  groupId: (name) => name === "staff" ? 50 : null,
  isDirectory: (path) => path === "rec",
};

/** Every command. */
export const COMMANDS: Command[] = await allCommands();

type Task =
  | TraceCommand
  | StreamCommand
  | RecordCommand
  | FilesCommand
  | FlameCommand
  | ReportCommand
  | DiffCommand
  | CompletionsCommand
  | DoctorCommand
  | ManCommand
  | ProbesCommand
  | SchemaCommand
  | ServeCommand
  | TopCommand;

/** Parses a command line of `kind`; anything else it gives fails. */
export function parse<Kind extends Task["kind"]>(
  kind: Kind,
  ...args: string[]
): Extract<Task, { kind: Kind }> {
  return parseOn(MACHINE, kind, ...args);
}

/** As {@linkcode parse}, on another machine. */
export function parseOn<Kind extends Task["kind"]>(
  machine: Machine,
  kind: Kind,
  ...args: string[]
): Extract<Task, { kind: Kind }> {
  const parsed = parseCommand(COMMANDS.find(({ name }) => name === kind)!, args, machine);
  if (parsed.kind !== "task") throw new Error(`Parsed ${parsed.kind}, wanted ${kind}`);
  return parsed.task as Extract<Task, { kind: Kind }>;
}

/** Parses a `trace` command line; anything else it gives fails. */
export const parseTrace = (...args: string[]): TraceCommand => parse("trace", ...args);

/** Parses a `stream` command line; anything else it gives fails. */
export const parseStream = (...args: string[]): StreamCommand => parse("stream", ...args);
