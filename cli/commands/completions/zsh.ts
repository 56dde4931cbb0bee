import frame from "./frame.zsh" with { type: "text" };
import type { Offer, Option } from "../../options/option.ts";
import type { Command } from "../command.ts";
import {
  HELP_WORDS,
  helpTopics,
  isList,
  RECORDING_ENDINGS,
  shortSummary,
  WordLists,
  wordsOfOption,
} from "./offers.ts";

/** The functions that offer what is found on the machine: those of zsh, and those of the frame. */
const FUNCTIONS: Readonly<Record<Extract<Offer, string>, string>> = {
  "processes": "_pids",
  "process names": "_ior_process_names",
  "users": "_users",
  "recordings": "_ior_recordings",
  "files": "_files",
};

/** The script for zsh 5 and later: a function for each command, and the one that chooses among them. */
export function zshScript(commands: readonly Command[]): string {
  const lists = new WordLists();
  const functions = commands.map((command) => commandFunction(command, lists));
  const described = commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(":", "\\:")}`));
  return [
    "#compdef ior",
    "# Completion of ior for zsh, made by `ior completions zsh`.",
    `typeset -ga _ior_commands=(${[...described, ...HELP_WORDS].join(" ")})`,
    `typeset -ga _ior_topics=(${helpTopics(commands).join(" ")})`,
    `typeset -g _ior_endings='*.(${RECORDING_ENDINGS.join("|")})'`,
    ...lists.all.map(([name, words]) => `typeset -ga ${name}=(${words.split(" ").map(quoted).join(" ")})`),
    "",
    ...functions,
    frame,
  ].join("\n");
}

function commandFunction(command: Command, lists: WordLists): string {
  const { name, options, operands } = command;
  // What follows the program that is traced is the program's.
  const stops = operands.kind === "program" ? " -A '-*'" : "";
  const specs = [...options.map((row) => optionSpec(row, command, lists)), ...operandSpecs(command)];
  return [
    `_ior_of_${name}() {`,
    `  _arguments -s -S${stops} \\`,
    specs.map((spec) => `    ${spec}`).join(" \\\n"),
    "}",
    "",
  ].join("\n");
}

function optionSpec(row: Option, command: Command, lists: WordLists): string {
  const summary = shortSummary(row, command).replace(/[[\]:\\]/g, "\\$&");
  const { long, short, value } = row;
  if (value === undefined) {
    const names = wordsOfOption(row);
    return names.map((name) => quoted(`(${names.join(" ")})${name}[${summary}]`)).join(" ");
  }
  const names = [`${long}=`, ...(short === undefined ? [] : [`${short}+`])];
  const action = actionOf(row, lists);
  return names.map((name) => quoted(`*${name}[${summary}]:${value}:${action}`)).join(" ");
}

/** What completes the value; a space for nothing. */
function actionOf(row: Option, lists: WordLists): string {
  const offer = row.offers ?? null;
  if (offer === null) return " ";
  const action = typeof offer === "string" ? FUNCTIONS[offer] : `compadd - $${lists.nameOf(offer)}`;
  return isList(row) ? `_sequence ${action}` : action;
}

function operandSpecs({ operands }: Command): string[] {
  switch (operands.kind) {
    case "none":
      return [];
    case "choice":
      return [quoted(`1:${operands.what}:(${operands.choices.join(" ")})`)];
    case "files":
      return [quoted(`*:file:${FUNCTIONS[operands.offers]}`)];
    case "program":
      return [
        ...(operands.target === undefined ? [] : [quoted(`1:${operands.target}:_files`)]),
        quoted("*:::program:_normal"),
      ];
  }
}

/** A text between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
