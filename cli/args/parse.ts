/** From the words of a command line to what is asked for. */
import { IorError } from "../../runtime/errors.ts";
import { listOf } from "../../runtime/units.ts";
import {
  type ChoiceCommandSpec,
  COMMANDS,
  type CommandSpec,
  type FilesCommandSpec,
  type ParsedCommand,
  type RunCommandSpec,
  type RunOptions,
} from "./commands.ts";
import { defaultFlagValues, type FlagValues } from "./flag_values.ts";
import type { Flag } from "./flags.ts";
import { commandHelp, rootHelp, shortUsage } from "./help.ts";
import type { Machine } from "./machine.ts";
import { resolveSelection, selectionDescription } from "./selection.ts";
import { nearest } from "./suggest.ts";
import { type FlagToken, splitArguments, type Tokens } from "./tokens.ts";
import { badValue } from "./values.ts";

/**
 * Parses the arguments of ior, without the program's own name. Reads and prints nothing.
 *
 * Throws an {@linkcode IorError} of code `usage` for everything that is wrong with them.
 */
export function parseArguments(args: readonly string[], machine: Machine): ParsedCommand {
  const [word, ...rest] = args;
  if (word === undefined) return { kind: "usage", text: shortUsage() };
  if (word === "-h" || word === "--help") return { kind: "help", text: rootHelp() };
  if (word === "--version") return version(machine);
  if (word === "help") {
    return { kind: "help", text: rest.length === 0 ? rootHelp() : commandHelp(commandNamed(rest[0], rest)) };
  }
  return parseCommand(commandNamed(word, rest), rest, machine);
}

function parseCommand(command: CommandSpec, args: readonly string[], machine: Machine): ParsedCommand {
  const split = splitArguments(args, command.flags);
  // What was asked for comes before what is wrong with the rest.
  const asked = split.tokens.find(({ flag }) => flag.long === "--help" || flag.long === "--version");
  if (asked) {
    return asked.flag.long === "--help" ? { kind: "help", text: commandHelp(command) } : version(machine);
  }
  refuseUnreadable(split, command);
  switch (command.takes) {
    case "choice":
      return command.build(choiceOf(command, split.rest));
    case "files": {
      const words = withWords(command, split, command.max ?? Infinity);
      if (words.words.length < command.min) throw missingWords(command, words.words.length);
      if (words.rest.length > 0) throw tooManyWords(command, words.rest[0]);
      const { values, run } = readFlags(words.tokens, null, false, machine);
      return command.build(values, run, machine.arch, words.words);
    }
    case "program": {
      const compares = split.tokens.some(({ flag }) => flag.long === command.comparesWith);
      // Behind `--` is a program: it is no file to write, whatever its name.
      const limit = compares ? 2 : command.target && !split.separated ? 1 : 0;
      const { words, tokens, rest } = withWords(command, split, limit);
      if (words.length === 0 && command.target) throw missingWords(command, 0);
      const { values, run } = readFlags(tokens, programOf(rest, args), true, machine);
      return command.build(values, run, machine.arch, words);
    }
  }
}

/** What is asked for and is no flag of `command`, at most `limit` words of it, with the flags between and behind them. */
function withWords(command: CommandSpec, first: Tokens, limit: number) {
  const tokens = [...first.tokens];
  const words: string[] = [];
  let { rest } = first;
  while (words.length < limit && rest.length > 0) {
    if (rest[0] === "") {
      throw new IorError("usage", `Cannot use an empty file name with \`ior ${command.name}\``, {
        hint: `For instance ${command.examples[0][0]}`,
      });
    }
    words.push(rest[0]);
    const next = splitArguments(rest.slice(1), command.flags);
    refuseUnreadable(next, command);
    tokens.push(...next.tokens);
    rest = next.rest;
  }
  return { tokens, words, rest };
}

function readFlags(
  tokens: readonly FlagToken[],
  program: string[] | null,
  traces: boolean,
  machine: Machine,
): { values: FlagValues; run: RunOptions } {
  const values = defaultFlagValues();
  values.given = new Set(tokens.map(({ flag }) => flag.long));
  for (const { flag, text } of tokens) flag.read(values, text, machine);
  if (values.quiet && values.verbose) {
    throw new IorError(
      "usage",
      "Cannot use --quiet and --verbose together: one asks for less, one for more",
      {
        hint: "Leave one of them out",
      },
    );
  }
  // What was recorded was selected once; only what narrows it further counts.
  const replays = !traces || values.from.length > 0 || values.diff;
  const flags = replays && isUnnamed(values) ? { ...values, families: ["all" as const] } : values;
  const selection = resolveSelection(flags, machine.arch);
  const run: RunOptions = {
    selection,
    selectionDescription: selectionDescription(values, selection, machine.arch),
    command: program,
    durationNs: values.durationNs,
    ringBytes: values.ringBytes,
    waitsForCommand: values.waitsForCommand,
    output: values.output,
    color: values.color,
    ascii: values.ascii,
    strict: values.strict,
    quiet: values.quiet,
    verbose: values.verbose,
  };
  return { values, run };
}

/** True when the flags name no calls. */
function isUnnamed({ families, kinds, syscalls }: FlagValues): boolean {
  return families.length + kinds.length + syscalls.length === 0;
}

function missingWords(command: RunCommandSpec | FilesCommandSpec, found: number): IorError {
  const words = command.takes === "files" ? command.words.replace("...", "") : command.target!.word;
  const [example] = command.examples[0];
  return new IorError(
    "usage",
    `Command \`ior ${command.name}\` has ${found === 0 ? "no file" : "one file"}: it needs ${words}`,
    { hint: `For instance ${example}` },
  );
}

function tooManyWords(command: FilesCommandSpec, word: string): IorError {
  return new IorError("usage", `Cannot use \`${word}\`: \`ior ${command.name}\` takes ${command.words}`, {
    hint: `For instance ${command.examples[0][0]}`,
  });
}

/** The one word of a command that takes one of a few. */
function choiceOf({ name, what, choices }: ChoiceCommandSpec, words: readonly string[]): string {
  const all = listOf(choices, "or");
  const hint = `For instance ior ${name} ${choices[0]}`;
  if (words.length === 0) {
    throw new IorError("usage", `Command \`ior ${name}\` has no ${what}: it needs ${all}`, { hint });
  }
  const [word, ...more] = words;
  if (!choices.includes(word)) {
    const near = nearest(word, choices);
    throw new IorError("usage", `There is no ${what} \`${word}\`: it must be ${all}`, {
      hint: near ? `Did you mean \`${near}\`?` : hint,
    });
  }
  if (more.length === 0) return word;
  throw new IorError("usage", `Cannot use \`${more[0]}\`: \`ior ${name}\` takes one ${what}`, { hint });
}

/** The command to run; `--` with nothing behind it is a slip, not a wish for none. */
function programOf(rest: string[], args: readonly string[]): string[] | null {
  if (rest.length === 0 && args[args.length - 1] !== "--") return null;
  if (rest.length > 0 && rest[0] !== "") return rest;
  throw new IorError(
    "usage",
    `Cannot run a command: ${rest.length === 0 ? "nothing follows `--`" : "its name is empty"}`,
    {
      hint: "For instance ior trace -- ls -l",
    },
  );
}

function refuseUnreadable(split: Tokens, command: CommandSpec): void {
  if (split.incomplete !== null) throw missingValue(split.incomplete);
  if (split.unknown !== null) throw unknownFlag(split.unknown, command);
}

function missingValue(flag: Flag): IorError {
  return new IorError("usage", `Flag ${flag.long} has no value: it needs ${flag.value}`, {
    hint: `For instance ${flag.long} ${/\s/.test(flag.example!) ? `'${flag.example}'` : flag.example}`,
  });
}

function unknownFlag(word: string, command: CommandSpec): IorError {
  const name = word.replace(/=.*$/s, "");
  const exact = command.flags.find((flag) => flag.long === name);
  if (exact) {
    return badValue(
      exact.long,
      word.slice(name.length + 1),
      "it takes no value",
      `Write ${exact.long} alone`,
    );
  }
  const near = name.startsWith("--") ? nearest(name, command.flags.map((flag) => flag.long)) : null;
  const elsewhere = COMMANDS.find((other) =>
    other.flags.some((flag) => flag.long === name || flag.short === name)
  );
  const hint = elsewhere
    ? `It is a flag of \`ior ${elsewhere.name}\``
    : near
    ? `Did you mean \`${near}\`?`
    : `\`ior ${command.name} -h\` lists the flags; a command's own flags follow its name`;
  return new IorError("usage", `There is no flag \`${name}\` of \`ior ${command.name}\``, { hint });
}

function commandNamed(word: string, rest: readonly string[]): CommandSpec {
  const found = COMMANDS.find((command) => command.name === word);
  if (found) return found;
  if (word.startsWith("-")) {
    throw new IorError("usage", `There is no flag \`${word}\` before a command`, {
      hint: "Flags follow the command: ior trace [FLAG...]; `ior -h` lists the commands",
    });
  }
  const near = nearest(word, COMMANDS.map((command) => command.name));
  const line = [word, ...rest.slice(0, 2), ...(rest.length > 2 ? ["..."] : [])].join(" ");
  throw new IorError("usage", `There is no command \`${word}\` of ior`, {
    hint: near
      ? `Did you mean \`${near}\`?`
      : `To trace a program: ior trace -- ${line}; \`ior -h\` lists the commands`,
  });
}

function version(machine: Machine): ParsedCommand {
  return { kind: "version", text: `ior ${machine.version}\n` };
}
