/** Errors of command lines, with hints what to do instead. */
import { IorError } from "../../runtime/errors.ts";
import { listOf } from "../../runtime/units.ts";
import type { Option } from "../options/option.ts";
import { nearest } from "../../runtime/expression/mod.ts";
import { badValue } from "../options/values.ts";
import type { Command, Operands } from "./command.ts";

/** Options of strace and of other tools that ior does not have, and what to use here. */
const FOREIGN_OPTIONS: Readonly<Record<string, string>> = {
  "-c": "`ior trace` prints the summary; leave it out",
  "--summary-only": "`ior trace` prints the summary; leave it out",
  "--follow-forks": "Children are followed already; leave it out",
  "--attach": "--pid selects a process",
  "--trace": "--syscall selects the calls",
  "--trace-path": "--path selects files",
  "--file": "--path selects files",
  "--filter": "--where takes a condition",
  "--group-by": "`ior trace` has --by",
};

/** An option that `command` does not have. Its error depends on the options of all commands. */
export class UnknownOption {
  constructor(readonly word: string, readonly command: Command) {}
}

/** The error of an option that `command` does not have; `commands` are all. */
export function unknownOption({ word, command }: UnknownOption, commands: readonly Command[]): IorError {
  // Of joined short options the first one is unknown.
  const name = word.startsWith("--") ? word.replace(/=.*$/s, "") : word.slice(0, 2);
  const exact = command.options.find(({ long }) => long === name);
  if (exact) {
    return badValue(
      exact.long,
      word.slice(name.length + 1),
      "it takes no value",
      `Write ${exact.long} alone`,
    );
  }
  const near = name.startsWith("--") ? nearest(name, command.options.map(({ long }) => long)) : null;
  const elsewhere = commands.find(({ options }) =>
    options.some(({ long, short }) => [long, short].includes(name as "--a"))
  );
  const hint = Object.hasOwn(FOREIGN_OPTIONS, name)
    ? FOREIGN_OPTIONS[name]
    : elsewhere
    ? `It is an option of \`ior ${elsewhere.name}\``
    : near
    ? `Did you mean \`${near}\`?`
    : `\`ior ${command.name} -h\` lists the options; a command's own options follow its name`;
  return new IorError("usage", `Unknown option \`${name}\` of \`ior ${command.name}\``, { hint });
}

/** The error of a first word that is not a command. */
export function unknownCommand(
  word: string,
  rest: readonly string[],
  commands: readonly Command[],
): IorError {
  if (word.startsWith("-")) {
    return new IorError("usage", `Unknown option \`${word}\` before a command`, {
      hint: "Options follow the command: ior trace [OPTION...]; `ior -h` lists the commands",
    });
  }
  const near = nearest(word, commands.map(({ name }) => name));
  const line = [word, ...rest.slice(0, 2), ...(rest.length > 2 ? ["..."] : [])].join(" ");
  return new IorError("usage", `Unknown command \`${word}\``, {
    hint: near
      ? `Did you mean \`${near}\`?`
      : `To trace a program: ior trace -- ${line}; \`ior -h\` lists the commands`,
  });
}

/** The error of a word after `ior help` that is neither a command nor a topic. */
export function unknownTopic(
  word: string,
  commands: readonly Command[],
  topics: readonly { name: string }[],
): IorError {
  const near = nearest(word, [...commands, ...topics].map(({ name }) => name));
  const hint = near
    ? `Did you mean \`${near}\`?`
    : `Topics are ${listOf(topics.map(({ name }) => name), "and")}; \`ior -h\` lists the commands`;
  return new IorError("usage", `Unknown command or topic \`${word}\``, { hint });
}

/** The error of an option at the end that lacks its value. */
export function missingValue({ long, value, example }: Option): IorError {
  return new IorError("usage", `Option ${long} has no value: it needs ${value}`, {
    hint: `For instance ${long} ${/\s/.test(example!) ? `'${example}'` : example}`,
  });
}

/** The error of a missing word. */
export function missingWord(command: Command, word: string): IorError {
  return new IorError("usage", `Missing ${word}`, { hint: exampleOf(command) });
}

/** The error of an empty file name. */
export function emptyFileName(command: Command): IorError {
  return new IorError("usage", `Cannot use an empty file name with \`ior ${command.name}\``, {
    hint: exampleOf(command),
  });
}

/** The error of a surplus word. */
export function tooManyWords(command: Command, word: string, takes: string): IorError {
  return new IorError("usage", `Cannot use \`${word}\`: \`ior ${command.name}\` takes ${takes}`, {
    hint: exampleOf(command),
  });
}

/** The error of a word that is not one of the choices; `null` for a missing one. */
export function unknownChoice(
  command: Command,
  { what, choices }: Extract<Operands, { kind: "choice" }>,
  word: string | null,
): IorError {
  const all = listOf(choices, "or");
  const near = word === null ? null : nearest(word, choices);
  const message = word === null
    ? `Missing ${what}: it must be ${all}`
    : `Unknown ${what} \`${word}\`: it must be ${all}`;
  return new IorError("usage", message, { hint: near ? `Did you mean \`${near}\`?` : exampleOf(command) });
}

/** The error of a `--` that no program follows, or of an empty name. */
export function missingProgram(hasEmptyName: boolean): IorError {
  return new IorError(
    "usage",
    `Cannot run a command: ${hasEmptyName ? "its name is empty" : "nothing follows `--`"}`,
    { hint: "For instance ior trace -- ls -l" },
  );
}

function exampleOf({ examples: [[line]] }: Command): string {
  return `For instance ${line}`;
}
