/** Converts between times as text (RFC 3339 in UTC, to the nanosecond) and nanoseconds since 1970. */

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

const NS_PER_SECOND = 1_000_000_000n;

/** Seconds since 1970 of the years 0000 and 10000: RFC 3339 has four digits for a year. */
const FIRST_SECOND = -62_167_219_200n;
const END_SECOND = 253_402_300_800n;

/** Nanoseconds since 1970 of a time with up to nine fractional digits; `null` for any other text and for invalid dates. */
export function parseTime(text: string): bigint | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, second, fraction = ""] = match;
  const ms = Date.parse(`${second}Z`);
  // Date.parse reads February 30 as March 2.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, second.length) !== second) return null;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/**
 * Formats a time with nine fractional digits: `2026-03-01T00:00:00.000000001Z`. Throws a `RangeError` unless the year has
 * four digits.
 */
export function formatTime(epochNs: bigint): string {
  const ns = ((epochNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const second = (epochNs - ns) / NS_PER_SECOND;
  if (second < FIRST_SECOND || second >= END_SECOND) {
    throw new RangeError(`Cannot write a time: its year must have four digits, it is ${second} s from 1970`);
  }
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}.${String(ns).padStart(9, "0")}Z`;
}

/** The time `offsetNs` nanoseconds after another. Throws a `RangeError` when `started` is not RFC 3339 in UTC. */
export function timeAfter(started: string, offsetNs: number): string {
  const startedNs = parseTime(started);
  if (startedNs === null) {
    throw new RangeError(`Cannot use the start time: it is ${started}, it must be RFC 3339 in UTC`);
  }
  return formatTime(startedNs + BigInt(Math.round(offsetNs)));
}
