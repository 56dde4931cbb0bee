/** Parses command lines. */
import type { Machine } from "../options/machine.ts";
import type { Asked, Command, Ending } from "./command.ts";
import type { CommandName } from "./command_names.ts";
import { allCommands, COMMANDS } from "./commands.ts";

/** What a command line asks for. */
export type Parsed =
  | { kind: "task"; task: Asked; run(): Promise<Ending> }
  /** A requested text: standard output, status 0. */
  | { kind: "help" | "version"; text: string }
  /** No command: a short text for standard error, status 2. */
  | { kind: "usage"; text: string };

/** Words that ask for the help of ior itself. */
const HELP = ["-h", "--help", "help"];

/**
 * Parses the arguments of ior, without the program's own name. Prints nothing, and loads only the named
 * command, unless there is an error.
 *
 * Throws an `IorError` of code `usage` for any error in them.
 */
export async function parseArguments(args: readonly string[], machine: Machine): Promise<Parsed> {
  const [word, ...rest] = args;
  if (word === "--version" || word === "-V" || word === "version") return version(machine);
  const load = Object.hasOwn(COMMANDS, word ?? "") ? COMMANDS[word as CommandName] : null;
  if (load !== null) {
    return await parseNamed(await load(), rest, machine);
  }
  const commands = await allCommands();
  const help = await import("./help.ts");
  const { unknownCommand, unknownTopic } = await import("./errors.ts");
  if (word === undefined) return { kind: "usage", text: help.shortUsage(commands) };
  if (!HELP.includes(word)) throw unknownCommand(word, rest, commands);
  const { TOPICS } = await import("./topics/topics.ts");
  if (word !== "help" || rest.length === 0 || HELP.includes(rest[0])) {
    return { kind: "help", text: help.rootHelp(commands, TOPICS) };
  }
  const command = commands.find(({ name }) => name === rest[0]);
  const topic = TOPICS.find(({ name }) => name === rest[0]);
  if (command === undefined && topic === undefined) throw unknownTopic(rest[0], commands, TOPICS);
  const texts = [
    ...(command === undefined ? [] : [help.commandHelp(command)]),
    ...(topic === undefined ? [] : [help.topicHelp(topic, commands)]),
  ];
  return { kind: "help", text: texts.join("\n") };
}

async function parseNamed(command: Command, args: readonly string[], machine: Machine): Promise<Parsed> {
  const { parseCommand } = await import("./parse_command.ts");
  try {
    const parsed = parseCommand(command, args, machine);
    if (parsed.kind === "task") return { ...parsed, run: () => command.run(parsed.task, allCommands) };
    if (parsed.kind === "version") return version(machine);
  } catch (error) {
    const { UnknownOption, unknownOption } = await import("./errors.ts");
    throw error instanceof UnknownOption ? unknownOption(error, await allCommands()) : error;
  }
  const { commandHelp } = await import("./help.ts");
  return { kind: "help", text: commandHelp(command) };
}

function version(machine: Machine): Parsed {
  return { kind: "version", text: `ior ${machine.version}\n` };
}
