/** What is wrong with options that are each right alone. */
import { IorError } from "../../runtime/errors.ts";
import type { Option } from "./option.ts";
import { LIVE_OPTIONS } from "./run_options.ts";
import { FOLLOW_OPTIONS } from "./selection_options.ts";

/** Options that are about the trace itself. */
const LIVE_ONLY_OPTIONS: readonly Option[] = [...LIVE_OPTIONS, ...FOLLOW_OPTIONS];

/** Long names of the options that were given. */
export type Given = ReadonlySet<string>;

/** Refuses what only a trace can do, beside what has files read: `reader`. */
export function refuseLive(given: Given, command: readonly string[] | null, reader: string): void {
  const live = givenOf(given, LIVE_ONLY_OPTIONS);
  if (command === null && live === null) return;
  const what = command === null ? live : `the command \`${command[0]}\``;
  throw new IorError("usage", `Cannot use ${what} with ${reader}: a file is read, and nothing is traced`, {
    hint: `Leave one of the two out`,
  });
}

/** Refuses options that say how something is written which is not asked for. */
export function refuseAlone(given: Given, options: readonly Option[], needed: string): void {
  const long = givenOf(given, options);
  if (long === null) return;
  throw new IorError("usage", `Cannot use ${long} alone: it needs ${needed.split(" ")[0]}`, {
    hint: `For instance ${needed} ${long} ${options.find((option) => option.long === long)!.example}`,
  });
}

/** The first of some options that was given, `null` for none. */
export function givenOf(given: Given, options: readonly Option[]): string | null {
  return options.find(({ long }) => given.has(long))?.long ?? null;
}

/** Refuses a name that two options write to: one of the two would be lost. */
export function refuseSameFile(files: readonly (readonly [option: string, path: string | null])[]): void {
  for (const [i, [option, path]] of files.entries()) {
    const other = files.slice(0, i).find(([, earlier]) => path !== null && earlier === path);
    if (other === undefined) continue;
    throw new IorError(
      "usage",
      `Cannot write two things to ${path}: ${other[0]} and ${option} both name it`,
      {
        hint: "Give each a name of its own",
      },
    );
  }
}

/** Standard input can be read once. */
export function refuseSameStandardInput(files: readonly string[]): void {
  if (!files.every((file) => file === "-")) return;
  throw new IorError("usage", "Cannot compare - with -: standard input can be read once", {
    hint: "Give one of the two as a file",
  });
}
