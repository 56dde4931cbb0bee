import { SYSCALLS } from "../syscalls/mod.ts";
import type { Family } from "../syscalls/types.ts";
import { emptyFilter, type Filter } from "./filter.ts";

/**
 * A filter that selects the calls of these families.
 *
 * ```ts
 * import { familyFilter } from "./family_filter.ts";
 * familyFilter("FS").syscalls.includes("openat"); // true
 * ```
 */
export function familyFilter(...families: Family[]): Filter {
  const calls = SYSCALLS.filter(({ family }) => families.includes(family));
  return { ...emptyFilter(), syscalls: calls.map(({ name }) => name) };
}
