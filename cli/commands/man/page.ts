/** The manual pages, made of the tables of commands and options and of the topics, as the help is. */
import { VERSION } from "../../../runtime/version.ts";
import { type Option, OPTION_GROUPS } from "../../options/option.ts";
import type { Command } from "../command.ts";
import { ABOUT_IOR, NEEDS } from "../help.ts";
import { exitStatusesOf, notesOf, usageOf } from "../notes.ts";
import type { Topic } from "../topics/topic.ts";
import { bold, bullet, italic, plain, term } from "./roff.ts";

/** Sections of the manual: programs, and everything else. */
const PROGRAMS = 1;
const MISCELLANEOUS = 7;

/** The page of this name: `ior`, a command, or a topic. Ends with a line feed. */
export function manualPage(name: string, commands: readonly Command[], topics: readonly Topic[]): string {
  const command = commands.find((row) => row.name === name);
  const topic = topics.find((row) => row.name === name);
  const lines = command
    ? commandPage(command, commands, topic)
    : topic
    ? topicPage(topic, commands)
    : rootPage(commands, topics);
  return `${lines.join("\n")}\n`;
}

function rootPage(commands: readonly Command[], topics: readonly Topic[]): string[] {
  return [
    ...heading("ior", PROGRAMS, "where the I/O time of a machine goes"),
    ".SH SYNOPSIS",
    `${bold("ior")} ${italic("COMMAND")} [${italic("OPTION")}...] [${bold("--")}] [${italic("PROGRAM")} [${
      italic("ARG")
    }...]]`,
    ".SH DESCRIPTION",
    ...paragraphs([ABOUT_IOR, NEEDS]),
    ".SH COMMANDS",
    ...commands.flatMap((row) => term(pageOf(row.name), row.summary)),
    ".SH TOPICS",
    ...topics.flatMap(({ name, summary }) => term(topicOf(name, commands), summary)),
    ...examples(commands.flatMap((row) => row.examples.slice(0, 1))),
  ];
}

function commandPage(command: Command, commands: readonly Command[], topic: Topic | undefined): string[] {
  const { name, summary, about, options } = command;
  const statuses = exitStatusesOf(command);
  return [
    ...heading(`ior-${name}`, PROGRAMS, summary),
    ".SH SYNOPSIS",
    `${bold(`ior ${name}`)} ${plain(usageOf(command))}`,
    ".SH DESCRIPTION",
    ...paragraphs(about),
    ".SH OPTIONS",
    ...OPTION_GROUPS.flatMap((group) => optionGroup(group, options)),
    ...notesOf(command).flatMap(({ title, notes }) => [
      `.SH ${title.toUpperCase()}`,
      ...notes.flatMap(bullet),
    ]),
    ...(topic === undefined ? [] : topicSections(topic, commands)),
    ...(statuses.length === 0 ? [] : [
      ".SH EXIT STATUS",
      ...statuses.flatMap(([status, meaning]) => term(bold(String(status)), meaning)),
    ]),
    ...examples(command.examples),
    ".SH SEE ALSO",
    commands.filter((row) => row !== command).map((row) => pageOf(row.name)).concat(bold("ior") + "(1)")
      .join(",\n"),
  ];
}

function topicPage(topic: Topic, commands: readonly Command[]): string[] {
  return [
    ...heading(`ior-${topic.name}`, MISCELLANEOUS, topic.summary),
    ".SH DESCRIPTION",
    ...topicSections(topic, commands),
    ".SH SEE ALSO",
    `${bold("ior")}(1)`,
  ];
}

function topicSections({ about, sections }: Topic, commands: readonly Command[]): string[] {
  return [
    ...paragraphs(about),
    ...sections(commands).flatMap((section) => [
      `.SH ${section.title.toUpperCase()}`,
      ...("notes" in section
        ? section.notes.flatMap(bullet)
        : section.terms.flatMap(([name, meaning]) => term(bold(name), meaning))),
    ]),
  ];
}

/** The title, and the line that `apropos` finds. */
function heading(name: string, section: number, summary: string): string[] {
  return [
    `.TH ${name.toUpperCase()} ${section} "" "ior ${VERSION}" "ior manual"`,
    ".SH NAME",
    `${plain(name)} \\- ${plain(summary)}`,
  ];
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [".PP", plain(text)]).slice(1);
}

/** The options of a group; those that only exclude are covered by the notes. */
function optionGroup(group: string, options: readonly Option[]): string[] {
  const rows = options.filter((row) => row.group === group && row.summary !== null);
  if (rows.length === 0) return [];
  return [
    `.SS ${group}`,
    ...rows.flatMap(({ short, long, value, summary }) => {
      const names = [...(short === undefined ? [] : [short]), long].map(bold).join(", ");
      return term(value === undefined ? names : `${names} ${italic(value)}`, summary!);
    }),
  ];
}

function examples(rows: Command["examples"]): string[] {
  return [".SH EXAMPLES", ...rows.flatMap(([line, what]) => term(bold(line), what))];
}

function pageOf(command: string): string {
  return `${bold(`ior-${command}`)}(${PROGRAMS})`;
}

/** A topic with the name of a command is in its page. */
function topicOf(name: string, commands: readonly Command[]): string {
  return commands.some((row) => row.name === name)
    ? pageOf(name)
    : `${bold(`ior-${name}`)}(${MISCELLANEOUS})`;
}
