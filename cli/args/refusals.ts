/** What is wrong with flags that are each right alone. */
import { IorError } from "../../runtime/errors.ts";
import type { RunOptions } from "./commands.ts";
import type { FlagValues } from "./flag_values.ts";
import { type Flag, LIVE_FLAGS, REPLAY_FLAGS, SELECTION_FLAGS } from "./flags.ts";

/** Flags that are about the trace itself. */
const LIVE_ONLY_FLAGS: readonly Flag[] = [
  ...LIVE_FLAGS,
  ...SELECTION_FLAGS.filter((flag) => !REPLAY_FLAGS.includes(flag)),
];

/** Refuses what only a trace can do. */
export function refuseLive(values: FlagValues, { command }: RunOptions, flag: string): void {
  const live = givenOf(values, LIVE_ONLY_FLAGS);
  if (command === null && live === null) return;
  const what = command === null ? live : `the command \`${command[0]}\``;
  throw new IorError("usage", `Cannot use ${what} with ${flag}: a file is read, and nothing is traced`, {
    hint: `Leave one of the two out`,
  });
}

/** Refuses flags that say how something is written which is not asked for. */
export function refuseAlone(values: FlagValues, flags: readonly Flag[], needed: string): void {
  const flag = givenOf(values, flags);
  if (flag === null) return;
  throw new IorError("usage", `Cannot use ${flag} alone: it needs ${needed.split(" ")[0]}`, {
    hint: `For instance ${needed} ${flag} ${flags.find(({ long }) => long === flag)!.example}`,
  });
}

/** The first of some flags that was given, `null` for none. */
export function givenOf({ given }: FlagValues, flags: readonly Flag[]): string | null {
  return flags.find(({ long }) => given.has(long))?.long ?? null;
}

/** Refuses a name that two flags write to: one of the two would be lost. */
export function refuseSameFile(files: readonly (readonly [flag: string, path: string | null])[]): void {
  for (const [i, [flag, path]] of files.entries()) {
    const other = files.slice(0, i).find(([, earlier]) => path !== null && earlier === path);
    if (other === undefined) continue;
    throw new IorError("usage", `Cannot write two things to ${path}: ${other[0]} and ${flag} both name it`, {
      hint: "Give each a name of its own",
    });
  }
}

/** Standard input can be read once. */
export function refuseSameStandardInput(files: readonly string[]): void {
  if (!files.every((file) => file === "-")) return;
  throw new IorError("usage", "Cannot compare - with -: standard input can be read once", {
    hint: "Give one of the two as a file",
  });
}
