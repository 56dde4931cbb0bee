/** Refuses options that are valid alone but not together. */
import { IorError } from "../../runtime/errors.ts";
import type { Option } from "./option.ts";
import { LIVE_OPTIONS, ROWS_OPTIONS } from "./run_options.ts";
import { FOLLOW_OPTIONS } from "./selection_options.ts";

/** Options of the trace itself. */
const LIVE_ONLY_OPTIONS: readonly Option[] = [...LIVE_OPTIONS, ...ROWS_OPTIONS, ...FOLLOW_OPTIONS];

/** Long names of the options that were given. */
export type Given = ReadonlySet<string>;

/** Refuses options that only a trace can honour, when `reader` makes ior read files. */
export function refuseLive(given: Given, command: readonly string[] | null, reader: string): void {
  const live = givenOf(given, LIVE_ONLY_OPTIONS);
  if (command === null && live === null) return;
  const what = command === null ? live : `the command \`${command[0]}\``;
  throw new IorError("usage", `Cannot use ${what} with ${reader}: a file is read, and nothing is traced`, {
    hint: `Leave one of the two out`,
  });
}

/** Refuses options about an output that is not requested. */
export function refuseAlone(given: Given, options: readonly Option[], needed: string): void {
  const long = givenOf(given, options);
  if (long === null) return;
  throw new IorError("usage", `Cannot use ${long} alone: it needs ${needed.split(" ")[0]}`, {
    hint: `For instance ${needed} ${long} ${options.find((option) => option.long === long)!.example}`,
  });
}

/** Refuses rates, which leave calls without a row, with what is made of all rows. */
export function refuseRates(given: Given, reader: string, why: string): void {
  const rates = givenOf(given, LIVE_OPTIONS.filter(({ key }) => key === "sampling" || key === "autoSamples"));
  if (rates === null) return;
  throw new IorError("usage", `Cannot use ${rates} with ${reader}: ${why}`, {
    hint: "Leave one of the two out",
  });
}

/** The first of these options that was given, `null` for none. */
export function givenOf(given: Given, options: readonly Option[]): string | null {
  return options.find(({ long }) => given.has(long))?.long ?? null;
}

/** Refuses a name that two options write to: one output would be lost. */
export function refuseSameFile(files: readonly (readonly [option: string, path: string | null])[]): void {
  for (const [i, [option, path]] of files.entries()) {
    const other = files.slice(0, i).find(([, earlier]) =>
      path !== null && earlier !== null && plain(earlier) === plain(path)
    );
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

/** Refuses to read standard input twice. */
export function refuseSameStandardInput(files: readonly string[]): void {
  if (!files.every((file) => file === "-")) return;
  throw new IorError("usage", "Cannot compare - with -: standard input can be read only once", {
    hint: "Give one of the two as a file",
  });
}

/** A name without the steps that lead nowhere: `a//./b` and `a/c/../b` are `a/b`. */
function plain(path: string): string {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === ".." && steps.length > 0 && steps[steps.length - 1] !== "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return (path.startsWith("/") ? "/" : "") + steps.join("/");
}
