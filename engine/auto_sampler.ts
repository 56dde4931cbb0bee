import type { EventBatch } from "../runtime/event_batch.ts";

/** A ring that is fuller than this at a look fills faster than it is read; one that is emptier than the other is quiet. */
const BUSY = 1 / 2;
const QUIET = 1 / 16;

/** Time that higher rates need to show in the ring, and time of quiet after which they fall, milliseconds. */
const RAISE_MS = 50;
const LOWER_MS = 1000;

/**
 * What a rate is multiplied by when it rises, and divided by when it falls. It falls from a ring that was quiet to one that
 * is still far from busy.
 */
const RAISE = 4;
const LOWER = 2;

/** Largest rate: one row in so many calls costs nothing. */
const LARGEST = 65_536;

/** Maximum number of calls that are told apart: more than there are, and a program may call any of 2^32 numbers. */
const MOST_NUMBERS = 1024;

/** Where the rates of calls are set. */
export interface RateSetter {
  /** The rate that was asked for: no rate falls below it, and 0 stays 0. */
  rateOf(nr: number): number;
  setRate(nr: number, rate: number): void;
}

/**
 * Raises the rates of the calls with most rows while the ring is more than half full, before it loses calls, and lowers
 * them again once it has been quiet.
 */
export class AutoSampler {
  readonly #rates: RateSetter;
  /** Rates in force that are higher than those asked for. */
  readonly #raised = new Map<number, number>();
  readonly #highest = new Map<number, number>();
  /** Rows of each call since rates were last raised. */
  readonly #rows = new Map<number, number>();
  #raisedMs = -Infinity;
  /** Since when the ring is quiet, or when rates have last fallen. */
  #quietMs = -Infinity;

  constructor(rates: RateSetter) {
    this.#rates = rates;
  }

  /** The highest rate that each raised call has had, by its number. */
  get highest(): ReadonlyMap<number, number> {
    return this.#highest;
  }

  /** Counts the rows of a batch. */
  count({ columns: { nr }, length }: EventBatch): void {
    for (let i = 0; i < length; i++) {
      const rows = this.#rows.get(nr[i]);
      if (rows !== undefined || this.#rows.size < MOST_NUMBERS) this.#rows.set(nr[i], (rows ?? 0) + 1);
    }
  }

  /** Takes a look at the ring: `full` is the part of it that is in use, `nowMs` a time in milliseconds. */
  look(full: number, nowMs: number): void {
    if (full > QUIET) this.#quietMs = nowMs;
    if (full > BUSY && nowMs - this.#raisedMs >= RAISE_MS) this.#raise(nowMs);
    else if (this.#raised.size > 0 && nowMs - this.#quietMs >= LOWER_MS) this.#lower(nowMs);
  }

  /** Raises the rates of the calls that together have half of the rows, most first. */
  #raise(nowMs: number): void {
    const rows = [...this.#rows].filter(([nr]) => this.#rates.rateOf(nr) !== 0).sort(([, a], [, b]) => b - a);
    if (rows.length === 0) return;
    this.#raisedMs = nowMs;
    this.#rows.clear();
    let left = rows.reduce((sum, [, count]) => sum + count, 0) / 2;
    for (const [nr, count] of rows) {
      if (left <= 0) return;
      left -= count;
      const rate = Math.min(LARGEST, (this.#raised.get(nr) ?? this.#rates.rateOf(nr)) * RAISE);
      if (rate <= this.#rates.rateOf(nr)) continue;
      if (!this.#highest.has(nr) && this.#highest.size >= MOST_NUMBERS) continue;
      this.#raised.set(nr, rate);
      this.#highest.set(nr, Math.max(rate, this.#highest.get(nr) ?? 0));
      this.#rates.setRate(nr, rate);
    }
  }

  #lower(nowMs: number): void {
    this.#quietMs = nowMs;
    for (const [nr, raised] of this.#raised) {
      const asked = this.#rates.rateOf(nr);
      const rate = Math.max(asked, Math.floor(raised / LOWER));
      if (rate === asked) this.#raised.delete(nr);
      else this.#raised.set(nr, rate);
      this.#rates.setRate(nr, rate);
    }
  }
}
