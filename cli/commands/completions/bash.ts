import frame from "./frame.bash" with { type: "text" };
import type { Offer } from "../../options/option.ts";
import type { Command } from "../command.ts";
import { HELP_WORDS, helpTopics, isList, RECORDING_ENDINGS, WordLists, wordsOfOption } from "./offers.ts";

/** A pattern of words, and what a function does for them. */
type Case = [pattern: string, action: string];

/** The script for bash 4 and later: tables, and the functions that use them. */
export function bashScript(commands: readonly Command[]): string {
  const lists = new WordLists();
  const names = commands.map(({ name }) => name);
  const each = (action: (command: Command) => string) =>
    commands.map((command): Case => [command.name, action(command)]);
  const tables = [
    caseOf("_ior_value", "$1 $2", valueCases(commands, lists)),
    caseOf(
      "_ior_has_value",
      "$1",
      each(({ options }) => `[[ " ${wordsOf(options.filter(hasValue))} " == *" $2 "* ]]`),
    ),
    caseOf("_ior_options", "$1", each(({ options }) => `_ior_words "${wordsOf(options)}"`)),
    caseOf("_ior_operands", "$1", [...each(operandAction), [
      "help",
      `_ior_words "${helpTopics(commands).join(" ")}"`,
    ]]),
    caseOf("_ior_is_program", "$1", commands.flatMap(programCase)),
  ];
  return [
    "# Completion of ior for bash, made by `ior completions bash`.",
    `_ior_commands="${[...names, ...HELP_WORDS].join(" ")}"`,
    `_ior_endings="${RECORDING_ENDINGS.join(" ")}"`,
    ...lists.all.map(([name, words]) => `${name}="${words}"`),
    "",
    ...tables,
    frame,
  ].join("\n");
}

/** A function that acts by its words: by the first pattern that fits; it fails when none does. */
function caseOf(name: string, subject: string, cases: readonly Case[]): string {
  const lines = cases.map(([pattern, action]) => `    ${pattern}) ${action} ;;`);
  return [`${name}() {`, `  case "${subject}" in`, ...lines, "    *) return 1 ;;", "  esac", "}", ""].join(
    "\n",
  );
}

function hasValue({ value }: Command["options"][number]): boolean {
  return value !== undefined;
}

function wordsOf(options: Command["options"]): string {
  return options.flatMap(wordsOfOption).join(" ");
}

/** What is offered for the values of options: for each action the options, with their commands, that it serves. */
function valueCases(commands: readonly Command[], lists: WordLists): Case[] {
  const patterns = new Map<string, string[]>();
  for (const { name, options } of commands) {
    for (const row of options) {
      const offer = row.offers ?? null;
      if (offer === null) continue;
      const action = `${isList(row) ? "list=1 && " : ""}${valueAction(offer, lists)}`;
      const words = wordsOfOption(row).map((word) => `"${name} ${word}"`);
      patterns.set(action, [...patterns.get(action) ?? [], ...words]);
    }
  }
  return Array.from(patterns, ([action, words]) => [words.join("|"), action]);
}

function valueAction(offer: Offer, lists: WordLists): string {
  return typeof offer === "string"
    ? `_ior_${offer.replaceAll(" ", "_")}`
    : `_ior_words "$${lists.nameOf(offer)}"`;
}

/** Whether a word, the third, is the program that a command traces; the second is which operand it is. */
function programCase({ name, operands }: Command): Case[] {
  if (operands.kind !== "program") return [];
  const after = operands.target === undefined ? 0 : 1;
  const readsNot = operands.reads === undefined ? "" : ` && [[ ! $3 =~ ${operands.reads.source} ]]`;
  return [[name, `(($2 > ${after}))${readsNot}`]];
}

function operandAction({ operands }: Command): string {
  switch (operands.kind) {
    case "none":
      return ":";
    case "choice":
      return `_ior_words "${operands.choices.join(" ")}"`;
    case "files":
      return `_ior_${operands.offers}`;
    case "program":
      return operands.target === undefined ? "_ior_program $COMP_CWORD" : "_ior_files";
  }
}
