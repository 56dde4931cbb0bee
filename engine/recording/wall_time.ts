/** RFC 3339 in UTC, with nanoseconds or any fewer digits. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Nanoseconds since 1970 of a timestamp, `null` for text that is none. */
export function parseWallTime(text: string): bigint | null {
  const match = TIMESTAMP.exec(text);
  const ms = match === null ? NaN : Date.parse(`${match[1]}Z`);
  if (match === null || Number.isNaN(ms)) return null;
  return BigInt(ms) * 1_000_000n + BigInt((match[2] ?? "").padEnd(9, "0"));
}

/** RFC 3339 with nanoseconds, UTC; `ns` since 1970, of the years 1970 to 9999. */
export function formatWallTime(ns: bigint): string {
  const second = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(ns % 1_000_000_000n).padStart(9, "0")}Z`;
}

const NS_PER_US = 1_000;

/**
 * Microseconds since 1970, cut, of times since `startedWallNs` (nanoseconds since 1970). Exact until the year 2255, when they go
 * beyond the whole numbers of a double.
 */
export function wallMicros(startedWallNs: bigint): (timeNs: number) => number {
  const startNs = Number(startedWallNs % BigInt(NS_PER_US));
  const startUs = Number(startedWallNs / BigInt(NS_PER_US));
  return (timeNs) => {
    const ns = startNs + timeNs;
    const us = Math.floor(ns / NS_PER_US);
    // Of a time of months the quotient may be rounded up to the next whole one.
    return startUs + (us * NS_PER_US > ns ? us - 1 : us);
  };
}
