/** Reads which calls are rows, and refuses what cannot be sampled. */
import { IorError } from "../../runtime/errors.ts";
import { comparisonsOf } from "../../runtime/expression/mod.ts";
import { clausesOf, type Filter, isAboutOnly, splitFilter } from "../../runtime/filter/mod.ts";
import { MAX_RATE, type Sampling } from "../../runtime/sampling.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";
import { FAMILIES } from "../../runtime/syscalls/types.ts";
import { readSyscalls } from "./syscall_names.ts";
import { badValue, readList } from "./values.ts";

const FLAG = "--sample";
const HINT = `For instance ${FLAG} read=100`;

/** Fields that all calls of a sum have in common. */
const FIELDS_OF_SUMS = [
  "pid",
  "tid",
  "comm",
  "uid",
  "cgroup",
  "syscall",
  "family",
  "path",
  "errno",
  "failed",
] as const;

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

function namesOf(name: string, arch: Arch): string[] {
  const family = FAMILIES.find((family) => family.toLowerCase() === name.toLowerCase());
  if (family !== undefined) return [family];
  return readSyscalls(FLAG, name, arch).flatMap(({ names }) => names);
}

/** Refuses a filter that needs the single call: one that became part of a sum cannot be told from the others. */
export function refuseUnsampled(filter: Filter): void {
  const clause = clausesOf(splitFilter(filter).rest).find((clause) => !isAboutOnly(clause, FIELDS_OF_SUMS));
  if (clause === undefined) return;
  const field = comparisonsOf(clause).map((comparison) =>
    comparison.kind === "failed" ? comparison.kind : comparison.field
  ).find((field) => !(FIELDS_OF_SUMS as readonly string[]).includes(field));
  throw new IorError(
    "usage",
    `Cannot sample calls that are filtered by ${field}: the kernel sums them up before it is known`,
    {
      hint: `Leave ${FLAG} out, or record the rows and filter these`,
    },
  );
}
