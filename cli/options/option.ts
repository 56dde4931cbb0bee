/** An option: the row from which parser, help and errors are made. */
import type { Machine } from "./machine.ts";

/** Headings of the help, in its order. */
export const OPTION_GROUPS = [
  "View",
  "Source",
  "Whose calls",
  "Which calls",
  "Limits",
  "Segments",
  "Trigger",
  "Flamegraph",
  "Output",
  "Tables",
  "Assertions",
  "General",
] as const;

/** One of {@linkcode OPTION_GROUPS}. */
export type OptionGroup = typeof OPTION_GROUPS[number];

/** What a shell offers for a value: these words, or what it finds on the machine. */
export type Offer = readonly string[] | "processes" | "process names" | "users" | "recordings" | "files";

/** One option. Rows with the same `key` are several ways to set one value. */
export interface Option<Key extends string = string, Value = unknown> {
  /** Name of its value among a command's values. */
  key: Key;
  /** Long name with its dashes. */
  long: `--${string}`;
  /** Short name with its dash. */
  short?: `-${string}`;
  /** What the value is, for the help; left out for an option without a value. */
  value?: string;
  /** A value for the error text of a missing one. */
  example?: string;
  /** What a shell offers for the value; left out when nothing can be. */
  offers?: Offer;
  group: OptionGroup;
  /** What it does, for the help; `null` when the line of the positive form covers it. */
  summary: string | null;
  /** Value when it is not given. */
  initial: Value;
  /** The value after this option, from its text (empty for one that takes none). Throws a usage error. */
  read(text: string, machine: Machine, before: Value): Value;
}

/** The values of a list of options, by their keys. */
export type ValuesOf<Rows extends readonly Option[]> = {
  [Row in Rows[number] as Row["key"]]: Row["initial"];
};

/** A row, with its key and the type of its value. */
export function option<const Key extends string, Value>(row: Option<Key, Value>): Option<Key, Value> {
  return row;
}

/** A row of an option without a value, which sets `key`. */
export function toggle<const Key extends string>(
  row: Omit<Option<Key, boolean>, "initial" | "read"> & { sets?: boolean },
): Option<Key, boolean> {
  const { sets = true, ...rest } = row;
  return { ...rest, initial: !sets, read: () => sets };
}
