import { formatTime } from "../../runtime/rfc3339.ts";
import { type ByteText, pieceOf } from "./byte_text.ts";

const NS_PER_SECOND = 1_000_000_000;

/** The part of a time that does not change within a second. */
const PREFIX = "2026-03-01T00:00:00.";

/** `Z`, the zone of all times. */
const ZULU = 0x5a;

/** Wall times of rows as text. */
export interface Timestamps {
  /** The time `timeNs` nanoseconds after the trace began, as RFC 3339 with nanoseconds, UTC. */
  timestamp(timeNs: number): string;
}

/** Wall times of rows, as text and as bytes. */
export interface RowClock extends Timestamps {
  /** Appends the text of that time. */
  write(timeNs: number, out: ByteText): void;
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
  let prefixPiece = pieceOf(prefix);
  /** The nanoseconds of a time within its second, whose prefix is then known. */
  const within = (timeNs: number): number => {
    const ns = startNs + timeNs;
    const seconds = Math.floor(ns / NS_PER_SECOND);
    if (seconds !== second) {
      second = seconds;
      prefix = formatTime(startSecondNs + BigInt(seconds) * perSecond).slice(0, PREFIX.length);
      prefixPiece = pieceOf(prefix);
    }
    return Math.trunc(ns - seconds * NS_PER_SECOND);
  };
  return {
    timestamp(timeNs) {
      const ns = within(timeNs);
      // A leading 1 keeps the zeros of the nine digits after it.
      return prefix + String(NS_PER_SECOND + ns).slice(1) + "Z";
    },
    write(timeNs, out) {
      const ns = within(timeNs);
      out.piece(prefixPiece);
      out.nineDigits(ns);
      out.byte(ZULU);
    },
  };
}
