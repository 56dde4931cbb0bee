/** Splits the words of a command line into options, with their texts, and operands. */
import { parseArgs } from "node:util";
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
  /** The first option that is unknown or has a value it does not take, `null` for none. */
  unknown: string | null;
  /** The option at the end that lacks its value, `null` when none does. */
  incomplete: Option | null;
}

/** An option as the help names it. */
export function wordsOf({ short, long, value }: Option): string {
  return `${short === undefined ? "" : `${short}, `}${long}${value === undefined ? "" : ` ${value}`}`;
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
  const found: SplitWords = { given: [], operands: [], separated: false, unknown: null, incomplete: null };
  const byName = new Map(options.map((option) => [option.long.slice(2), option]));
  for (const token of tokensOf(args, options)) {
    if (token.kind === "positional" && passThrough && !found.separated) {
      found.operands = args.slice(token.index);
      break;
    }
    if (token.kind === "positional") {
      found.operands.push(token.value);
      continue;
    }
    if (token.kind === "option-terminator") {
      found.separated = true;
      continue;
    }
    const option = byName.get(token.name);
    const takesValue = option?.value !== undefined;
    if (option === undefined || !takesValue && token.value !== undefined) {
      found.unknown ??= fromOption(args[token.index], token.rawName);
    } else if (takesValue && token.value === undefined) found.incomplete = option;
    else found.given.push({ option, text: token.value ?? "" });
  }
  return found;
}

/** The word of an option; of a group of letters, those from the option's on. */
function fromOption(word: string, name: string): string {
  return name.startsWith("--") ? word : `-${word.slice(word.indexOf(name[1], 1))}`;
}

/** The words one by one, as the runtime's parser reads them; options that are not known are among them. */
function tokensOf(args: readonly string[], options: readonly Option[]) {
  // Those without a letter are left out unless named: the parser looks through all for each letter of a group.
  const names = new Set(args.map((word) => word.split("=", 1)[0]));
  const possible = options.filter(({ long, short }) => short !== undefined || names.has(long));
  const rows = possible.map(({ long, short, value }) => {
    const type = value === undefined ? "boolean" as const : "string" as const;
    return [long.slice(2), { type, ...(short && { short: short.slice(1) }) }];
  });
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(rows),
    strict: false,
    tokens: true,
  });
  return tokens;
}
