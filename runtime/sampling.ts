/** Sampling: which calls become rows, and which only count. */
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

/** Largest rate: a block of a call's number then takes minutes at any speed. */
export const MAX_RATE = 1_000_000_000;
