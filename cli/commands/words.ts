/** Splits the words of a command line into options, with their texts, and operands. */
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

/** An option as the help names it. */
export function wordsOf({ short, long, value }: Option): string {
  return `${short === undefined ? "" : `${short}, `}${long}${value === undefined ? "" : ` ${value}`}`;
}

/** The start of a word that gives a long option its value: `--NAME=`. */
const NAME_WITH_VALUE = /^(--[^=]+)=/;

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
  const operands: string[] = [];
  const unknown: string[] = [];
  const named = (name: string) => options.find(({ long, short }) => long === name || short === name);
  const words = [...args];
  while (words.length > 0) {
    const word = words.shift()!;
    const others = unknown.length > 0 ? unknown : operands;
    if (word === "--") {
      const separated = operands.length === 0;
      others.push(...unknown.length > 0 ? ["--"] : [], ...words);
      return { given, operands, separated, unknown, incomplete: null };
    }
    const found = optionIn(word, named);
    if (found === null) {
      const isOption = word.length > 1 && word.startsWith("-");
      (isOption ? unknown : others).push(word);
      if (!passThrough) continue;
      (isOption ? unknown : others).push(...words);
      break;
    }
    const { option, text, rest } = found;
    if (rest !== "") words.unshift(`-${rest}`);
    const value = text ?? words.shift();
    if (value === undefined) {
      return { given, operands: [], separated: false, unknown: [], incomplete: option };
    }
    given.push({ option, text: value });
  }
  return { given, operands, separated: false, unknown, incomplete: null };
}

/**
 * The option that a word begins with: `--long`, `--long=TEXT`, `-s`, `-sTEXT`, or the first of several as in `-abc`, with
 * the letters of the others as `rest`. `text` is `null` when the value is the next word.
 */
function optionIn(
  word: string,
  named: (name: string) => Option | undefined,
): { option: Option; text: string | null; rest: string } | null {
  const whole = named(word);
  if (whole !== undefined) return { option: whole, text: whole.value === undefined ? "" : null, rest: "" };
  const first = /^-[^-]./u.test(word) ? named(word.slice(0, 2)) : undefined;
  if (first !== undefined) {
    const rest = word.slice(2);
    return first.value === undefined
      ? { option: first, text: "", rest }
      : { option: first, text: rest, rest: "" };
  }
  const name = NAME_WITH_VALUE.exec(word)?.[1];
  const long = name === undefined ? undefined : named(name);
  if (name === undefined || long?.value === undefined) return null;
  return { option: long, text: word.slice(name.length + 1), rest: "" };
}
