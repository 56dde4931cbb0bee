/** A command: the row from which parser and help are made. */
import type { Given } from "../options/refusals.ts";
import type { Machine } from "../options/machine.ts";
import type { Option, ValuesOf } from "../options/option.ts";

/** What a command takes beside its options. */
export type Operands =
  /** A program to run and trace, after all options. */
  | {
    kind: "program";
    /** Word before the program, for the help: the file it writes. */
    target?: string;
    /** An option that makes it read two files and run no program. */
    comparesWith?: string;
    /** Endings of names that are files to read, never programs; they are treated like those of `--from`. */
    reads?: RegExp;
  }
  /** Files to read; options may appear between them. `offers` are what a shell offers for them. */
  | { kind: "files"; words: readonly string[]; repeats: boolean; offers: "files" | "recordings" }
  /** Nothing. */
  | { kind: "none" }
  /** One of a few words. */
  | { kind: "choice"; what: string; choices: readonly string[] };

/** What was found beside the options, and which of them were given. */
export interface Words {
  /** Long names of the options that were given, to refuse those that need another one. */
  given: Given;
  /** Files to read or write, or the word that was chosen. */
  files: string[];
  /** The program to run, `null` for none. */
  program: string[] | null;
}

/** What is common to the tasks of all commands. */
export interface Asked {
  /** Tells the commands apart. */
  kind: string;
}

/** How a command ended: its exit status, or the signal that ended the program that it ran. */
export type Ending = number | Deno.Signal;

/** One command, with the options `Rows` and tasks of the type `Task`. */
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
  /** Builds the task from checked values. Throws a usage error for values that conflict. */
  build(values: ValuesOf<Rows>, words: Words, machine: Machine): Task;
  /** Runs the task. Modules that only running needs are loaded here; `all` loads the rows of all commands. */
  run(task: Task, all: () => Promise<readonly Command[]>): Promise<Ending>;
}

/** A command, as one of a list of all. */
export function command<Rows extends readonly Option[], Task extends Asked>(
  row: Command<Rows, Task>,
): Command {
  return row;
}

/** The paragraph about the program, in the help of commands that trace. */
export const PROGRAM_TEXT =
  "With a COMMAND ior starts it, follows its children, ends when it ends and exits with its status. " +
  "Without one it runs until --duration has passed, the last --pid has ended, or Ctrl-C.";

/** Endings of the names of recordings, and of directories of them. */
export const RECORDING_NAMES = /\.(parquet|ndjson)(\.gz|\.zst)?$|\/$/;
