/** Sampling: which calls become rows, and which only count. */
import { type Expression, fieldsOf } from "./expression/mod.ts";
import { clausesOf, type Filter, isAboutOnly, splitFilter, TASK_FIELDS } from "./filter/mod.ts";
import type { Syscall } from "./syscalls/mod.ts";

/**
 * Of how many calls one is a row, by the name of a call or of a family; 0 for none. A call without either is always a row.
 * The calls without a row are added up in the kernel.
 */
export type Sampling = Readonly<Record<string, number>>;

/** Of how many calls of a system call one is a row: the entry of the call wins over that of its family. */
export function rateOf(sampling: Sampling, { name, family }: Pick<Syscall, "name" | "family">): number {
  return sampling[name] ?? sampling[family] ?? 1;
}

/**
 * A condition of a filter that user space decides for single rows of a thread, `null` when there is none: the calls of a sum
 * cannot be told apart, and where rows are left out, the gap of the next one begins before them.
 */
export function decidedByRows(filter: Filter): Expression | null {
  return clausesOf(splitFilter(filter).rest).find((clause) => !isAboutOnly(clause, TASK_FIELDS)) ?? null;
}

/** Largest rate: a block of a call's number then takes minutes at any speed. */
export const MAX_RATE = 1_000_000_000;

/** Fields that all calls of a sum have in common. */
const FIELDS_OF_SUMS = [...TASK_FIELDS, "syscall", "family", "path", "errno", "failed"] as const;

/**
 * A field that a filter needs of the single call and that is decided outside of the kernel, which sums calls up before; `null`
 * when calls may be sampled under the filter.
 */
export function unsampledField(filter: Filter): string | null {
  const clause = clausesOf(splitFilter(filter).rest).find((clause) => !isAboutOnly(clause, FIELDS_OF_SUMS));
  if (clause === undefined) return null;
  return [...fieldsOf(clause)].find((field) => !(FIELDS_OF_SUMS as readonly string[]).includes(field)) ??
    null;
}
