import frame from "./frame.fish" with { type: "text" };
import type { Offer, Option } from "../../options/option.ts";
import type { Command } from "../command.ts";
import { HELP_WORDS, helpTopics, isList, RECORDING_ENDINGS, shortSummary, WordLists } from "./offers.ts";

/** The script for fish 3 and later: functions, and a line for each word. */
export function fishScript(commands: readonly Command[]): string {
  const lists = new WordLists();
  const lines = commands.flatMap((command) => [
    `complete -c ior -n '__ior_is_first' -a ${command.name} -d ${quoted(command.summary)}`,
    ...operandLines(command),
    ...command.options.map((row) => optionLine(command, row, lists)),
  ]);
  return [
    "# Completion of ior for fish, made by `ior completions fish`.",
    frame.replace("ENDINGS", RECORDING_ENDINGS.join("|")),
    ...lists.all.map(([name, words]) => `set -g ${name} ${words}`),
    "",
    "complete -c ior -f",
    `complete -c ior -n '__ior_is_first' -a '${HELP_WORDS.join(" ")}'`,
    "complete -c ior -n '__ior_in_program' -a '(__ior_program)'",
    `complete -c ior -n '__ior_is help' -a '${helpTopics(commands).join(" ")}'`,
    ...lines,
    "",
  ].join("\n");
}

function optionLine(command: Command, row: Option, lists: WordLists): string {
  const short = row.short === undefined ? "" : ` -s ${row.short.slice(1)}`;
  const offer = row.offers ?? null;
  const value = row.value === undefined
    ? ""
    : ` -r${offer === null ? "" : valueOf(offer, isList(row), lists)}`;
  return `complete -c ior -n '__ior_is ${command.name}' -l ${row.long.slice(2)}${short}${value} -d ${
    quoted(shortSummary(row, command))
  }`;
}

function valueOf(offer: Offer, list: boolean, lists: WordLists): string {
  if (offer === "files") return " -F";
  const found = typeof offer === "string"
    ? `(__ior_${offer.replaceAll(" ", "_")})`
    : `$${lists.nameOf(offer)}`;
  return ` -f -a '${list ? `(__ior_list ${found})` : found}'`;
}

function operandLines({ name, operands }: Command): string[] {
  const line = (action: string, more = "") => [`complete -c ior -n '__ior_is ${name}${more}' ${action}`];
  const program = "-a '(__fish_complete_command)'";
  switch (operands.kind) {
    case "none":
      return [];
    case "choice":
      return line(`-a '${operands.choices.join(" ")}'`);
    case "files":
      return line(operands.offers === "files" ? "-F" : `-a '(__ior_${operands.offers})'`);
    case "program":
      if (operands.target === undefined) return line(program);
      return [...line("-F"), ...line(program, "; and test (count (commandline -opc)) -ge 3")];
  }
}

/** A text between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
