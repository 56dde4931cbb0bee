/** From the words of a command line to options, with their texts, and what stands beside them. */
import { Command as Parser, CommanderError, Option as ParserOption } from "npm:commander@15.1.0";
import type { Option } from "../options/option.ts";

/** An option that was given, with its text (empty for one without a value). */
export interface GivenOption {
  option: Option;
  text: string;
}

/** What was found, in the order given. */
export interface SplitWords {
  given: GivenOption[];
  /** What is no option; from `--` on nothing is. */
  operands: string[];
  /** True when `--` stands before the operands. */
  separated: boolean;
  /** The first option that is not known or has a value it does not take, and the words behind it; empty for none. */
  unknown: string[];
  /** The option at the end that lacks its value, `null` when none does. */
  incomplete: Option | null;
}

/** A parser of these options. It says nothing and ends nothing. */
export function parserOf(name: string, options: readonly Option[]): Parser {
  const parser = new Parser(name).helpOption(false).exitOverride().configureOutput({ outputError: () => {} });
  for (const option of options) {
    const row = new ParserOption(wordsOf(option, "<", ">"), option.summary ?? "");
    parser.addOption(row.helpGroup(`${option.group}:`).hideHelp(option.summary === null));
  }
  return parser;
}

/** An option as the help names it. */
export function wordsOf({ short, long, value }: Option, open = "", close = ""): string {
  return `${short === undefined ? "" : `${short}, `}${long}${
    value === undefined ? "" : ` ${open}${value}${close}`
  }`;
}

/**
 * Splits `args`. With `passThrough` options end at the first word that is none, so that `trace ls -la` leaves `-la` to
 * `ls`; else they may stand between the words.
 */
export function splitWords(
  args: readonly string[],
  options: readonly Option[],
  passThrough: boolean,
): SplitWords {
  const given: GivenOption[] = [];
  const parser = parserOf("ior", options).passThroughOptions(passThrough);
  for (const option of options) {
    parser.on(`option:${option.long.slice(2)}`, (text?: string) => given.push({ option, text: text ?? "" }));
  }
  let incomplete: Option | null = null;
  let found = { operands: [] as string[], unknown: [] as string[] };
  try {
    found = parser.parseOptions([...args]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Only the last word can lack its value.
    const word = args[args.length - 1];
    const name = word.startsWith("--") ? word : `-${word.at(-1)}`;
    incomplete = options.find(({ long, short }) => long === name || short === name) ?? null;
  }
  const { operands, unknown } = found;
  // A word of a value is no separator.
  const values = given.filter(({ text }) => text === "--").length;
  const before = args.slice(0, args.length - operands.length);
  const separated = before.filter((word) => word === "--").length > values;
  // The library takes a negative number for an operand; no program and no file begins with a dash.
  const isOption = !separated && operands.length > 0 && /^-./.test(operands[0]);
  return { given, operands, separated, unknown: isOption ? operands : unknown, incomplete };
}
