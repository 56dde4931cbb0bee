/**
 * What a call pays for being looked at: nanoseconds added to it, in a loop of one-byte reads and writes and in one that
 * opens, asks, reads and closes a thousand files in turn. Two cores, Linux 6.18, minimum of 60 loops, 2026-11-27; that by
 * the file is 39 % and 47 % of a row's, as measured in pairs on 2026-11-28. `deno task bench` measures the same.
 */

/** Lowest and highest estimate, nanoseconds added to a call. */
export type CostRange = readonly [low: number, high: number];

/** Added to a call that is rejected at each step. */
export const REJECTED_NS = {
  enter: [35, 70],
  thread: [40, 60],
  file: [80, 140],
  exit: [165, 315],
  row: [210, 300],
} as const satisfies Record<string, CostRange>;

/** Added to a call that has a row. */
export const RECORDED_NS: CostRange = REJECTED_NS.row;
