/** What tracing may cost, of the project's design: as ratios, which other machines can be held against. */
import type { Loop } from "./loops.ts";

/** What a call takes untraced on the machine that the budgets were set on, in nanoseconds: a read or write, and of each loop. */
const BARE_READ_WRITE_NS = 150;
const BARE_NS: Partial<Record<Loop, number>> = {
  "read-write": BARE_READ_WRITE_NS,
  "open-fstat-read-close": 215,
  mix: 405,
};

/** Nanoseconds that may be added there to a call. */
const ADDED_NS: Record<"quiet" | "busy", Record<string, Partial<Record<Loop, number>>>> = {
  quiet: {
    "ior trace --rows": { "read-write": 180, "open-fstat-read-close": 250 },
  },
  busy: {
    "ior trace --no-rows": { "read-write": 280, "open-fstat-read-close": 420, mix: 520 },
    "ior trace --rows": { "read-write": 450, "open-fstat-read-close": 600, mix: 700 },
  },
};

/** The most that a traced call may take, as a multiple of an untraced one; `null` when nothing is set. */
export function budgetRatio(machine: "quiet" | "busy", tracer: string, loop: Loop): number | null {
  const bare = BARE_NS[loop];
  const added = ADDED_NS[machine][tracer]?.[loop];
  return bare === undefined || added === undefined ? null : (bare + added) / bare;
}

/** The most that a row may take in a part of the user side, as a multiple of an untraced read or write. */
export function userBudgetRatio(budgetNs: number): number {
  return budgetNs / BARE_READ_WRITE_NS;
}
