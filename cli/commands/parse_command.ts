/** Parses the words after the name of a command. */
import type { Machine } from "../options/machine.ts";
import type { Option } from "../options/option.ts";
import type { Asked, Command, Words } from "./command.ts";
import {
  emptyFileName,
  missingProgram,
  missingValue,
  missingWord,
  tooManyWords,
  unknownChoice,
  UnknownOption,
} from "./errors.ts";
import { type GivenOption, type SplitWords, splitWords } from "./words.ts";

/** Result of parsing the words after the name of a command. */
export type ParsedCommand =
  | { kind: "task"; task: Asked }
  | { kind: "help" | "version" };

/** Parses the words after the name of a command. Throws a usage error, or an {@linkcode UnknownOption}. */
export function parseCommand(
  command: Command,
  args: readonly string[],
  machine: Machine,
): ParsedCommand {
  const split = splitWords(args, command.options, command.operands.kind === "program");
  // A request for help or version takes precedence over errors.
  const asked = split.given.map(({ option }) => option.long);
  if (asked.includes("--help")) return { kind: "help" };
  if (asked.includes("--version")) return { kind: "version" };
  refuseUnreadable(split, command);
  const { given, files, program } = operandsOf(command, split, args);
  const values: Record<string, unknown> = {};
  for (const { key, initial } of command.options) values[key] ??= initial;
  for (const { option, text } of given) {
    const value = isFileName(option) ? text : text.toWellFormed();
    values[option.key] = option.read(value, machine, values[option.key]);
  }
  const words: Words = { given: new Set(given.map(({ option }) => option.long)), files, program };
  return { kind: "task", task: command.build(values, words, machine) };
}

/** True for the name of a file, whose bytes are kept; other texts, those of a selection too, are held against decoded ones. */
function isFileName({ value }: Option): boolean {
  return value === "FILE";
}

/** The operands and all options. */
function operandsOf(command: Command, split: SplitWords, args: readonly string[]) {
  const { given, operands, separated } = split;
  const { operands: takes } = command;
  if (operands.includes("") && takes.kind === "files") throw emptyFileName(command);
  switch (takes.kind) {
    case "none":
      if (operands.length > 0) throw tooManyWords(command, operands[0], "only options");
      return { given, files: [], program: null };
    case "choice":
      if (!takes.choices.includes(operands[0])) throw unknownChoice(command, takes, operands[0] ?? null);
      if (operands.length > 1) throw tooManyWords(command, operands[1], `one ${takes.what}`);
      return { given, files: operands, program: null };
    case "files":
      if (operands.length < takes.words.length) throw missingWord(command, takes.words[operands.length]);
      if (operands.length > takes.words.length && !takes.repeats) {
        throw tooManyWords(command, operands[takes.words.length], takes.words.join(" "));
      }
      return { given, files: operands, program: null };
    case "program": {
      const compares = given.some(({ option }) => option.long === takes.comparesWith);
      const isRead = (word: string) => takes.reads?.test(word) ?? false;
      // After `--` comes a program, never a file, whatever its name.
      const isFile = (word: string, at: number) =>
        compares ? at < 2 : takes.target !== undefined && !separated ? at < 1 : !separated && isRead(word);
      const found = leadingFiles(command, split, isFile);
      if (takes.target !== undefined && found.files.length === 0) throw missingWord(command, takes.target);
      return { ...found, program: programOf(found.rest, args) };
    }
  }
}

/** The leading words that are files, with the options between and after them, and the rest. */
function leadingFiles(
  command: Command,
  first: SplitWords,
  isFile: (word: string, at: number) => boolean,
) {
  const given: GivenOption[] = [...first.given];
  const files: string[] = [];
  let rest = first.operands;
  let { separated } = first;
  while (rest.length > 0 && isFile(rest[0], files.length) && !(separated && files.length > 0)) {
    if (rest[0] === "") throw emptyFileName(command);
    files.push(rest[0]);
    const next = splitWords(rest.slice(1), command.options, true);
    refuseUnreadable(next, command);
    given.push(...next.given);
    rest = next.operands;
    separated = next.separated;
  }
  return { given, files, rest };
}

/** The program to run; `--` with nothing after it is a mistake. */
function programOf(rest: string[], args: readonly string[]): string[] | null {
  if (rest.length === 0 && args[args.length - 1] !== "--") return null;
  if (rest.length > 0 && rest[0] !== "") return rest;
  throw missingProgram(rest.length > 0);
}

function refuseUnreadable({ incomplete, unknown }: SplitWords, command: Command): void {
  if (unknown !== null) throw new UnknownOption(unknown, command);
  if (incomplete !== null) throw missingValue(incomplete);
}
