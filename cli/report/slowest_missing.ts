/** How many calls may be missing from the slowest ones. */
import { STATS_LIMITS } from "../../runtime/messages.ts";
import type { StatsSnapshot } from "../../runtime/stats.ts";

/**
 * At most how many slow calls have no row that would be among `slowest`, which keeps `limit` of them. `missed` has those without
 * a row by the power of two of their latency, nanoseconds: of such a power all may have the longest one.
 */
export function slowestMissing(
  missed: Uint32Array | null,
  { slowest }: Pick<StatsSnapshot, "slowest">,
  limit: number,
): number {
  if (missed === null) return 0;
  const shortestNs = slowest.length < limit ? 0 : slowest[slowest.length - 1].latencyNs ?? 0;
  return missed.reduce((sum, calls, power) => 2 ** (power + 1) > shortestNs ? sum + calls : sum, 0);
}

/** What was missed since an earlier moment; `null` for the beginning. */
export function missedSince(now: Uint32Array | null, before: Uint32Array | null): Uint32Array | null {
  return now && before ? now.map((calls, power) => calls - before[power]) : now;
}

/** Counts the slow calls that are missing from each of several reports, one after the other. */
export class MissedSlow {
  #before: Uint32Array | null = null;

  /** How many are missing from the report of `snapshot`, when `now` have been missed since the beginning. */
  since(now: Uint32Array | null, snapshot: Pick<StatsSnapshot, "slowest">): number {
    const missed = missedSince(now, this.#before);
    this.#before = now;
    return slowestMissing(missed, snapshot, STATS_LIMITS.maxSlowest);
  }
}
