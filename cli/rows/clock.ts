import { formatTime } from "../../runtime/rfc3339.ts";

const NS_PER_SECOND = 1_000_000_000;

/** The part of a time that does not change within a second. */
const PREFIX = "2026-03-01T00:00:00.";

/** Wall time of a row. */
export interface RowClock {
  /** The time `timeNs` nanoseconds after the trace began, as RFC 3339 with nanoseconds, UTC. */
  timestamp(timeNs: number): string;
}

/**
 * A clock for rows of a trace that began at `startedEpochNs` (nanoseconds since 1970). It caches the text of the last
 * second, which thousands of rows share.
 */
export function createRowClock(startedEpochNs: bigint): RowClock {
  const perSecond = BigInt(NS_PER_SECOND);
  const startNs = Number(((startedEpochNs % perSecond) + perSecond) % perSecond);
  const startSecondNs = startedEpochNs - BigInt(startNs);
  let second = NaN;
  let prefix = "";
  return {
    timestamp(timeNs) {
      const ns = startNs + timeNs;
      const seconds = Math.floor(ns / NS_PER_SECOND);
      if (seconds !== second) {
        second = seconds;
        prefix = formatTime(startSecondNs + BigInt(seconds) * perSecond).slice(0, PREFIX.length);
      }
      // A leading 1 keeps the zeros of the nine digits after it.
      return prefix + String(NS_PER_SECOND + Math.trunc(ns - seconds * NS_PER_SECOND)).slice(1) + "Z";
    },
  };
}
