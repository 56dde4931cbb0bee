const NS_PER_SECOND = 1_000_000_000;

/** Wall time of a row. */
export interface RowClock {
  /** The time `timeNs` nanoseconds after the trace began, as RFC 3339 with nanoseconds, UTC. */
  timestamp(timeNs: number): string;
}

/**
 * A clock for rows of a trace that began at `startedEpochNs` (nanoseconds since 1970). It keeps the text of the second
 * it wrote last, because thousands of rows share one.
 */
export function createRowClock(startedEpochNs: bigint): RowClock {
  const perSecond = BigInt(NS_PER_SECOND);
  const startNs = Number(((startedEpochNs % perSecond) + perSecond) % perSecond);
  const startSecond = Number((startedEpochNs - BigInt(startNs)) / perSecond);
  let second = NaN;
  let prefix = "";
  return {
    timestamp(timeNs) {
      const ns = startNs + timeNs;
      const seconds = Math.floor(ns / NS_PER_SECOND);
      if (seconds !== second) {
        second = seconds;
        prefix = new Date((startSecond + seconds) * 1000).toISOString().slice(0, 20);
      }
      // A leading 1 keeps the zeros: nine digits are what is behind it.
      return prefix + String(NS_PER_SECOND + Math.trunc(ns - seconds * NS_PER_SECOND)).slice(1) + "Z";
    },
  };
}
