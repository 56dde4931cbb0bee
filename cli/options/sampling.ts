/** Reads which calls are rows, and refuses what cannot be sampled. */
import { IorError } from "../../runtime/errors.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import { decidedByRows, MAX_RATE, type Sampling, unsampledField } from "../../runtime/sampling.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";
import { FAMILIES } from "../../runtime/syscalls/types.ts";
import { readSyscalls } from "./syscall_names.ts";
import { badValue, readList } from "./values.ts";

const FLAG = "--sample";
const HINT = `For instance ${FLAG} read=100`;

/** Reads a list of NAME=R and adds it to `before`. Throws a usage error. */
export function readSampling(text: string, arch: Arch, before: Sampling | null): Sampling {
  const rates: Record<string, number> = { ...before };
  for (const entry of readList(FLAG, text)) {
    const [, name, digits] = /^([^!].*)=(\d*)$/.exec(entry) ?? [];
    if (name === undefined) throw badValue(FLAG, entry, "it must be NAME=R", HINT);
    const rate = digits === "" ? NaN : Number(digits);
    if (!(rate <= MAX_RATE)) {
      throw badValue(FLAG, entry, `R must be a whole number from 0 to ${MAX_RATE}`, HINT);
    }
    for (const one of namesOf(name.trim(), arch)) rates[one] = rate;
  }
  return rates;
}

/** Rates without any rows but those that `before` asks for. */
export function withoutRows(before: Sampling | null): Sampling {
  return { ...Object.fromEntries(FAMILIES.map((family) => [family, 0])), ...before };
}

function namesOf(name: string, arch: Arch): string[] {
  const family = FAMILIES.find((family) => family.toLowerCase() === name.toLowerCase());
  if (family !== undefined) return [family];
  return readSyscalls(FLAG, name, arch).flatMap(({ names }) => names);
}

/** Refuses a filter that needs the single call: one that became part of a sum cannot be told from the others. */
export function refuseUnsampled(filter: Filter): void {
  const field = unsampledField(filter);
  if (field === null) return;
  throw new IorError(
    "usage",
    `Cannot sample calls that are filtered by ${field}: the kernel adds them up before that is known`,
    {
      hint: "Leave --sample, --auto-sample and --no-rows out, or record the rows and filter these",
    },
  );
}

/**
 * Why the kernel does not decide by itself which calls it adds up: `--rows` asks for all rows, rates say which calls have one,
 * the command is made of rows (`command`: it writes them, `recording`, `view`: it shows them), a trigger looks at each, each has
 * its stack, or user space decides a part of the condition for each.
 */
export type RowsNeed =
  | "option"
  | "rates"
  | "command"
  | "recording"
  | "trigger"
  | "view"
  | "stacks"
  | "condition";

/** The need of a command line; `ofCommand` is that of the command. `null` when nothing needs single calls. */
export function rowsNeed(
  filter: Filter,
  { sampling, autoSamples }: { sampling: Sampling | null; autoSamples: boolean },
  wantsRows: boolean,
  ofCommand: RowsNeed | null,
): RowsNeed | null {
  if (sampling !== null || autoSamples) return "rates";
  if (wantsRows) return "option";
  return ofCommand ?? (decidedByRows(filter) === null ? null : "condition");
}
