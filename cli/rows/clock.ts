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
  /** The same of the time at an index of a column. A large number that is handed on costs an object. */
  writeAt(timesNs: Float64Array, i: number, out: ByteText): void;
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
  const one = new Float64Array(1);
  /** The nanoseconds of a time within its second, whose prefix is then known. */
  const within = (timesNs: Float64Array, i: number): number => {
    const ns = startNs + timesNs[i];
    const seconds = Math.floor(ns / NS_PER_SECOND);
    if (seconds !== second) {
      second = seconds;
      prefix = formatTime(startSecondNs + BigInt(seconds) * perSecond).slice(0, PREFIX.length);
      prefixPiece = pieceOf(prefix);
    }
    return (ns - seconds * NS_PER_SECOND) | 0;
  };
  const writeAt: RowClock["writeAt"] = (timesNs, i, out) => {
    const ns = within(timesNs, i);
    out.piece(prefixPiece);
    out.nineDigits(ns);
    out.byte(ZULU);
  };
  return {
    timestamp(timeNs) {
      one[0] = timeNs;
      const ns = within(one, 0);
      // A leading 1 keeps the zeros of the nine digits after it.
      return prefix + String(NS_PER_SECOND + ns).slice(1) + "Z";
    },
    write(timeNs, out) {
      one[0] = timeNs;
      writeAt(one, 0, out);
    },
    writeAt,
  };
}
