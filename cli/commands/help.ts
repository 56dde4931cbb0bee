/** The help texts, made from the tables of commands and options. */
import { type Option, OPTION_GROUPS } from "../options/option.ts";
import { wrapWords } from "../text/wrap.ts";
import type { Command } from "./command.ts";
import { exitStatusesOf, notesOf, usageOf } from "./notes.ts";
import type { Topic } from "./topics/topic.ts";
import { wordsOf } from "./words.ts";

/** Width of the help, which every terminal has. */
const HELP_COLUMNS = 80;

/** Width of the terms beside their texts. */
const TERM_COLUMNS = 23;

/** Where these texts begin. */
const TEXT_COLUMN = 2 + TERM_COLUMNS + 2;

/** Number of examples of each command in the help of ior itself. */
const EXAMPLES_OF_EACH = 2;

/** What ior is, in a sentence. */
export const ABOUT_IOR =
  "ior shows which process, which file and which system call a Linux machine's I/O time goes to.";

/** What it needs to trace. */
export const NEEDS =
  "Tracing needs root or two capabilities, Linux 5.15 or later with BTF, and libbpf; `ior doctor` checks this machine.";

/** The help of `ior` itself. */
export function rootHelp(commands: readonly Command[], topics: readonly Topic[]): string {
  return [
    wrap(ABOUT_IOR, 0),
    "",
    "Usage: ior COMMAND [OPTION...] [--] [PROGRAM [ARG...]]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => entry(name, summary)),
    "",
    "Topics, for `ior help TOPIC`:",
    ...topics.map(({ name, summary }) => entry(name, summary)),
    "",
    "Options:",
    entry("-h, --help", "print this text; after a command, the help of that command"),
    entry("-V, --version", "print the version"),
    "",
    "Examples:",
    ...examples(commands.flatMap((command) => command.examples.slice(0, EXAMPLES_OF_EACH))),
    "",
    wrap(NEEDS, 0),
    "",
  ].join("\n");
}

/** What `ior` without arguments prints. */
export function shortUsage(commands: readonly Command[]): string {
  return [
    "Usage: ior COMMAND [OPTION...] [--] [PROGRAM [ARG...]]",
    wrap(`Commands: ${commands.map(({ name }) => name).join(", ")}`, 2),
    "  `ior -h` prints the help",
    "  For instance: ior trace -- ls -l",
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { about, name, options } = command;
  const lines = [`Usage: ior ${name} ${usageOf(command)}`, ""];
  for (const text of about) lines.push(wrap(text, 0), "");
  for (const group of OPTION_GROUPS) {
    const rows = options.filter((option) => option.group === group && option.summary !== null);
    if (rows.length > 0) lines.push(`${group}:`, ...rows.map(optionEntry), "");
  }
  for (const { title, notes } of notesOf(command)) lines.push(`${title}:`, ...notes.map(note), "");
  const statuses = exitStatusesOf(command).map(([status, meaning]) =>
    `  ${String(status).padStart(3)}  ${meaning}`
  );
  if (statuses.length > 0) lines.push("Exit status:", ...statuses, "");
  lines.push("Examples:", ...examples(command.examples), "");
  return lines.join("\n");
}

/** The text of `ior help TOPIC`. */
export function topicHelp({ about, sections }: Topic, commands: readonly Command[]): string {
  return [
    ...about.flatMap((text) => [wrap(text, 0), ""]),
    ...sections(commands).flatMap((section) => [
      `${section.title}:`,
      ...("notes" in section
        ? section.notes.map(note)
        : section.terms.map(([term, meaning]) => entry(term, meaning))),
      "",
    ]),
  ].join("\n");
}

function optionEntry(option: Option): string {
  return entry((option.short === undefined ? "    " : "") + wordsOf(option), option.summary!);
}

/** A term and its text beside it. */
function entry(term: string, text: string): string {
  const [first, ...rest] = wrapWords(text, HELP_COLUMNS - TEXT_COLUMN, false);
  const margin = " ".repeat(TEXT_COLUMN);
  return [`  ${term.padEnd(TERM_COLUMNS)}  ${first}`, ...rest.map((line) => margin + line)].join("\n");
}

function note(text: string): string {
  return `  - ${wrap(text, 4).trimStart()}`;
}

/** Command lines with their meanings, aligned at one column. */
function examples(rows: Command["examples"]): string[] {
  const column = Math.max(...rows.map(([line]) => line.length)) + 4;
  return rows.map(([line, what]) => `  ${line}`.padEnd(column) + `# ${what}`);
}

/** Text in lines of at most {@linkcode HELP_COLUMNS}, each indented. */
function wrap(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  return wrapWords(text, HELP_COLUMNS - indent, false).map((line) => margin + line).join("\n");
}
