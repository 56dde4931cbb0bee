/** Splits a command's arguments into flags with their texts and the command to run. */
import { parseArgs } from "node:util";
import type { Flag } from "./flags.ts";

/** A flag that was given, with its text (empty for a flag without a value). */
export interface FlagToken {
  flag: Flag;
  text: string;
}

/** What was found, in the order given. */
export interface Tokens {
  tokens: FlagToken[];
  /** Everything from the first word that is no flag, or from `--`. */
  rest: string[];
  /** True when `--` stands before the rest. */
  separated: boolean;
  /** The first flag that is not known or has a value it does not take, `null` when there is none. */
  unknown: string | null;
  /** The flag at the end that lacks its value, `null` when none does. */
  incomplete: Flag | null;
}

/**
 * Splits `args`. Flags stop at `--` and at the first word that is no flag, so that `trace ls -la` leaves `-la` to `ls`.
 * `-p1`, `-p 1`, `--pid=1` and joined short flags (`-xq`) are understood.
 */
export function splitArguments(args: readonly string[], flags: readonly Flag[]): Tokens {
  const byName = new Map(flags.map((flag) => [flag.long.slice(2), flag]));
  const options = Object.fromEntries(
    flags.map((flag) => [flag.long.slice(2), {
      type: flag.value === undefined ? "boolean" as const : "string" as const,
      ...(flag.short === undefined ? {} : { short: flag.short[1] }),
    }]),
  );
  const found: Tokens = { tokens: [], rest: [], separated: false, unknown: null, incomplete: null };
  // Not strict: the errors of the parser do not have our words, and what follows a command's name is not ours to judge.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option") {
      found.separated = token.kind === "option-terminator";
      found.rest = args.slice(found.separated ? token.index + 1 : token.index);
      break;
    }
    const flag = byName.get(token.name);
    if (flag === undefined || (flag.value === undefined && token.inlineValue)) {
      found.unknown ??= args[token.index].startsWith("--") ? args[token.index] : token.rawName;
    } else if (flag.value !== undefined && token.value === undefined) {
      found.incomplete = flag;
    } else {
      found.tokens.push({ flag, text: token.value ?? "" });
    }
  }
  return found;
}
