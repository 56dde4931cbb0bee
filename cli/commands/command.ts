/** What a command is: a row that the parser and the help are made from. */
import type { Given } from "../options/refusals.ts";
import type { Machine } from "../options/machine.ts";
import type { Option, ValuesOf } from "../options/option.ts";

/** What may stand beside a command's options. */
export type Operands =
  /** A program to run and trace, behind all options. */
  | {
    kind: "program";
    /** Word before the program, for the help: the file it writes. */
    target?: string;
    /** An option with which it reads two files and runs no program. */
    comparesWith?: string;
    /** Ends of the names that are files to read, never programs; they are taken as those of `--from`. */
    reads?: RegExp;
  }
  /** Files to read; options may stand between them. */
  | { kind: "files"; words: readonly string[]; repeats: boolean }
  /** One word of a few. */
  | { kind: "choice"; what: string; choices: readonly string[] };

/** What was found beside the options, and which of them were given. */
export interface Words {
  /** Long names of the options that were given, for those that mean nothing alone. */
  given: Given;
  /** Files to read or write, or the word that was chosen. */
  files: string[];
  /** The program to run, `null` for none. */
  program: string[] | null;
}

/** What any command is asked to do, for those who need not know which it is. */
export interface Asked {
  /** Tells the commands apart. */
  kind: string;
}

/** How a command ended: its exit status, or the signal that ended the program that it ran. */
export type Ending = number | Deno.Signal;

/** One command, whose options are `Rows`, and which is asked for what `Task` says. */
export interface Command<Rows extends readonly Option[] = readonly Option[], Task extends Asked = Asked> {
  /** The word that selects it. */
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What it does, for its own help; paragraphs. */
  about: readonly string[];
  /** The options it takes. */
  options: Rows;
  /** What it takes beside them. */
  operands: Operands;
  /** Command lines and what they show. */
  examples: readonly (readonly [line: string, what: string])[];
  /** What is asked for, from checked values. Throws a usage error for those that do not go together. */
  build(values: ValuesOf<Rows>, words: Words, machine: Machine): Task;
  /** Does it. Loads what it needs only then. */
  run(task: Task): Promise<Ending>;
}

/** A command, as one of a list of all. */
export function command<Rows extends readonly Option[], Task extends Asked>(
  row: Command<Rows, Task>,
): Command {
  return row;
}

/** What the help of commands that trace says of the program. */
export const PROGRAM_TEXT =
  "With a COMMAND ior starts it, follows its children, ends when it ends and exits with its status. " +
  "Without one it runs until --duration has passed, the last --pid has ended, or Ctrl-C.";

/** Ends of the names of recordings, and of directories of them. */
export const RECORDING_NAMES = /\.(parquet|ndjson)(\.gz|\.zst)?$|\/$/;
