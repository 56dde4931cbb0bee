import { endOfCall, type EventColumns } from "../../runtime/event_batch.ts";
import { exactDifference, type ExactInteger, exactSum } from "../../runtime/exact_integer.ts";
import type { SeriesStats } from "../../runtime/stats.ts";
import { bucketMiddle } from "./buckets.ts";
import { type CallColumns, CHUNK_CALLS, NO_BUCKET } from "./call_columns.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { bucketData } from "./histogram.ts";
import { type AddedMeasures, MeasureTable, type Sums } from "./measure_table.ts";

/** Maximum number of slots. Enough for a plot as wide as a terminal; few enough to be kept for every run. */
export const SERIES_SLOTS = 240;

/** Length of a slot of a short run, nanoseconds: 1/512 of a second, so that doubling it gives whole seconds. */
const FIRST_INTERVAL_NS = 1e9 / 512;

/**
 * Measures of each interval of the run. When the run outgrows the slots, neighbours are merged and the interval doubles.
 *
 * A call belongs to the interval it ended in. Most calls arrive in the order of their exits; those of recordings that overlap,
 * or whose rows are in another order, count for an interval that has ended.
 *
 * Costs little per call: only the latencies are counted here. The sums of a slot are the difference of the totals between
 * its end and its start.
 */
export class Series {
  readonly #startNs: number;
  readonly #sums: () => Sums;
  #intervalNs = FIRST_INTERVAL_NS;
  /** Measures of the slots that have ended. */
  #slots = new MeasureTable();
  /** Their rows, in the order of time. */
  #ended: number[] = [];
  /** Latencies of the current slot, histogram 0. */
  readonly #latency = new DenseHistograms();
  readonly #zeros = new Int32Array(CHUNK_CALLS);
  readonly #lateRows = new Int32Array(CHUNK_CALLS);
  /** Totals at the end of the last slot. */
  #before: Sums;

  /**
   * Begins at `startNs`, nanoseconds since the trace began. `sums` returns the totals of all calls so far, which are
   * zero at this moment.
   */
  constructor(startNs: number, sums: () => Sums) {
    this.#startNs = startNs;
    this.#sums = sums;
    this.#before = sums();
    this.#latency.makeRoom(1);
  }

  /**
   * The first call from `from` up to but excluding `to` that is not of the current slot; `to` when there is none. Checks
   * each: slots must not depend on where a batch begins.
   */
  firstOutside(columns: EventColumns, from: number, to: number): number {
    const startNs = this.#slotStartNs;
    const endNs = this.#slotEndNs;
    for (let i = from; i < to; i++) {
      const ns = endOfCall(columns, i);
      if (ns >= endNs || ns < startNs) return i;
    }
    return to;
  }

  /** True when a slot that has ended contains `timeNs`. */
  isLate(timeNs: number): boolean {
    return timeNs < this.#slotStartNs;
  }

  /** Counts call `i`, which ended at `timeNs`, for a slot that has ended. To be called when the totals have it. */
  addLate(calls: CallColumns, i: number, timeNs: number): void {
    const slot = Math.max(0, Math.floor((timeNs - this.#startNs) / this.#intervalNs));
    this.#lateRows[i] = this.#ended[slot];
    // What only some calls have is in no slot.
    this.#slots.add(this.#lateRows, { ...calls, extra: null }, i, i + 1);
    this.#before = sumOfSums(this.#before, {
      errors: calls.errors[i],
      readBytes: calls.readBytes[i],
      writeBytes: calls.writeBytes[i],
      totalNs: calls.latencyNs[i],
      waitingNs: calls.waitingNs[i],
    });
  }

  /** Counts the calls from `from` up to but excluding `to`, for the current slot. */
  add(calls: CallColumns, from: number, to: number): void {
    this.#latency.increment(this.#zeros, calls.latency, from, to);
  }

  /**
   * Counts calls of which no more is known than that they were made evenly from `fromNs` to `toNs`, a time in the current
   * slot. To be called when the totals have them.
   */
  spread(calls: AddedMeasures, fromNs: number, toNs: number): void {
    const startNs = Math.max(fromNs, this.#startNs);
    const partUntil = (slot: number) => {
      const untilNs = this.#startNs + (slot + 1) * this.#intervalNs;
      return untilNs >= toNs ? 1 : (untilNs - startNs) / (toNs - startNs);
    };
    let part = 0;
    const first = Math.floor((startNs - this.#startNs) / this.#intervalNs);
    for (let slot = first; slot < this.#ended.length; slot++) {
      const next = partUntil(slot);
      const given = partOf(calls, part, next);
      this.#slots.addMeasures(this.#ended[slot], given);
      this.#before = sumOfSums(this.#before, given);
      part = next;
    }
    const { latency } = partOf(calls, part, 1);
    this.#latency.addAll(0, latency);
    const unreturned = calls.calls - calls.returned;
    if (unreturned > 0) this.#latency.add(0, NO_BUCKET, unreturned);
  }

  /** Ends slots until the current one contains `timeNs`. */
  advance(timeNs: number): void {
    if (timeNs < this.#slotEndNs) return;
    this.#endSlot();
    while (timeNs - this.#startNs >= this.#intervalNs * SERIES_SLOTS) this.#merge();
    while (timeNs >= this.#slotEndNs) this.#ended.push(this.#slots.allocate());
  }

  /** The slots so far as plain data; the last one is the current one. */
  toData(): SeriesStats {
    const present = new MeasureTable();
    const row = present.allocate();
    present.addMeasures(row, this.#present(this.#sums()));
    const ended = this.#ended.map((row) => this.#slots.toData(row));
    return { startNs: this.#startNs, intervalNs: this.#intervalNs, slots: [...ended, present.toData(row)] };
  }

  /** The first slot has what ended before it as well. */
  get #slotStartNs(): number {
    const slots = this.#ended.length;
    return slots === 0 ? -Infinity : this.#startNs + slots * this.#intervalNs;
  }

  get #slotEndNs(): number {
    return this.#startNs + (this.#ended.length + 1) * this.#intervalNs;
  }

  #endSlot(): void {
    const sums = this.#sums();
    const row = this.#slots.allocate();
    this.#slots.addMeasures(row, this.#present(sums));
    this.#ended.push(row);
    this.#before = sums;
    this.#latency.clear(0);
  }

  /** The current slot, when the totals are `sums`. Its longest latency is the middle of the highest bucket. */
  #present(sums: Sums): AddedMeasures {
    const before = this.#before;
    const latency = bucketData(this.#latency.filled(0));
    return {
      calls: latency.count + this.#latency.without(0),
      errors: sums.errors - before.errors,
      readBytes: exactDifference(sums.readBytes, before.readBytes),
      writeBytes: exactDifference(sums.writeBytes, before.writeBytes),
      returned: latency.count,
      totalNs: exactDifference(sums.totalNs, before.totalNs),
      waitingNs: exactDifference(sums.waitingNs, before.waitingNs),
      maxNs: longestOf(latency),
      latency,
    };
  }

  /** Merges each pair of slots. The last possible slot has ended, so each has a neighbour. */
  #merge(): void {
    if (this.#ended.length % 2 === 1) this.#ended.push(this.#slots.allocate());
    const merged: number[] = [];
    const slots = new MeasureTable();
    for (let i = 0; i < this.#ended.length; i += 2) {
      const row = slots.allocate();
      for (const from of this.#ended.slice(i, i + 2)) this.#slots.mergeInto(from, slots, row);
      merged.push(row);
    }
    this.#slots = slots;
    this.#ended = merged;
    this.#intervalNs *= 2;
  }
}

function sumOfSums(a: Sums, b: Sums): Sums {
  return {
    errors: a.errors + b.errors,
    readBytes: exactSum([a.readBytes, b.readBytes]),
    writeBytes: exactSum([a.writeBytes, b.writeBytes]),
    totalNs: exactSum([a.totalNs, b.totalNs]),
    waitingNs: exactSum([a.waitingNs, b.waitingNs]),
  };
}

/** Each bucket's calls begin a little later than those of the one before, so that single calls do not fall together. */
const STAGGER = (Math.sqrt(5) - 1) / 2;

/** The part of calls between two shares of their time, from 0 to 1: adjacent parts are together what they are parts of. */
function partOf(calls: AddedMeasures, from: number, to: number): AddedMeasures {
  const between = (value: ExactInteger) => Math.floor(Number(value) * to) - Math.floor(Number(value) * from);
  const { indexes, counts } = calls.latency;
  const below = (count: number, i: number, share: number) =>
    Math.max(0, Math.ceil(count * share - (i * STAGGER) % 1));
  const all = counts.map((count, i) => below(count, i, to) - below(count, i, from));
  const isFilled = (_: number, i: number) => all[i] > 0;
  const latency = bucketData({ indexes: indexes.filter(isFilled), counts: all.filter(isFilled) });
  const { count } = latency;
  return {
    calls: count,
    errors: between(calls.errors),
    readBytes: between(calls.readBytes),
    writeBytes: between(calls.writeBytes),
    returned: count,
    totalNs: between(calls.totalNs),
    waitingNs: between(calls.waitingNs),
    maxNs: longestOf(latency),
    latency,
  };
}

/** The middle of the highest bucket. */
function longestOf({ count, indexes }: AddedMeasures["latency"]): number {
  return count === 0 ? 0 : bucketMiddle(indexes[indexes.length - 1]);
}
