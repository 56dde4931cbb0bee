/** Splits the words of a command line into options, with their texts, and operands. */
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
  /** Words that are not options; after `--` no word is one. */
  operands: string[];
  /** True when `--` stands before the operands. */
  separated: boolean;
  /** The first option that is unknown or has a value it does not take, and the words after it; empty for none. */
  unknown: string[];
  /** The option at the end that lacks its value, `null` when none does. */
  incomplete: Option | null;
}

/** A parser of these options, which neither prints nor exits. */
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
 * Splits `args`. With `passThrough` options end at the first word that is not one, so that `trace ls -la` leaves `-la` to
 * `ls`; otherwise they may appear between the words.
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
  // A `--` that is a value is not a separator.
  const values = given.filter(({ text }) => text === "--").length;
  const before = args.slice(0, args.length - operands.length);
  const separated = before.filter((word) => word === "--").length > values;
  // The library takes a negative number as an operand, but no program or file begins with a dash.
  const isOption = !separated && operands.length > 0 && /^-./.test(operands[0]);
  return { given, operands, separated, unknown: isOption ? operands : unknown, incomplete };
}
