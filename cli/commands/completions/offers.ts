/** What a shell offers, as data for its script. */
import type { Option } from "../../options/option.ts";
import type { Command } from "../command.ts";
import { TOPICS } from "../topics/topics.ts";

/** Endings of the names of recordings, see `RECORDING_NAMES`. */
export const RECORDING_ENDINGS = ["parquet", "ndjson", "ndjson.gz", "ndjson.zst"];

/** What may stand in place of a command. */
export const HELP_WORDS = ["help", "--help", "--version"];

/** What may follow `ior help`. */
export function helpTopics(commands: readonly Command[]): string[] {
  return [...new Set([...commands, ...TOPICS].map(({ name }) => name))];
}

/** True for several values, separated by commas, that a script can tell apart. */
export function isList({ value, offers }: Option): boolean {
  return (value === "LIST" || value === "PAT") && offers !== "files";
}

/** What an option does, in a few words: up to the first colon or comma that explains more. */
export function shortSummary(option: Option, { options }: Command): string {
  const { summary, long } = option;
  if (summary !== null) return summary.replace(/[:;,(] .*$/s, "").trim();
  const positive = options.find((row) => row.long === long.replace("--no-", "--"))!;
  return `without ${shortSummary(positive, { options } as Command)}`;
}

/** An option as it may be written. */
export function wordsOfOption({ long, short }: Option): string[] {
  return short === undefined ? [long] : [short, long];
}

/** Each list of words once, by a name that the script has for it. */
export class WordLists {
  readonly #names = new Map<string, string>();

  /** The name of a list. */
  nameOf(words: readonly string[]): string {
    const text = words.join(" ");
    const name = this.#names.get(text) ?? `_ior_words_${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }

  /** All lists, by their names. */
  get all(): [name: string, words: string][] {
    return Array.from(this.#names, ([words, name]) => [name, words]);
  }
}
