import type { EventColumns } from "../../runtime/event_batch.ts";
import { exactDifference } from "../../runtime/exact_integer.ts";
import type { Measures, SeriesStats } from "../../runtime/stats.ts";
import { type CallColumns, CHUNK_CALLS } from "./call_columns.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { bucketData, histogramOfBuckets } from "./histogram.ts";
import { MeasureTable, type Sums } from "./measure_table.ts";

/** Most slots. Enough for a plot as wide as a terminal; few enough to be kept for every run. */
export const SERIES_SLOTS = 240;

/** Length of a slot of a short run, nanoseconds: 1/512 of a second, so that doubling it gives whole seconds. */
const FIRST_INTERVAL_NS = 1e9 / 512;

/**
 * What was counted in each interval of the run. The slots are as many as fit; when the run outgrows them, neighbours
 * become one and the interval doubles.
 *
 * A call belongs to the interval it ended in; calls come in the order of their exits but for what two processors do at the
 * same time, and that little is counted for the interval the calls around it belong to.
 *
 * Costs little per call: only the latencies are counted here. The sums of a slot are what all calls together have at its
 * end more than at its start.
 */
export class Series {
  readonly #startNs: number;
  readonly #sums: () => Sums;
  #intervalNs = FIRST_INTERVAL_NS;
  /** What the slots that have ended measured. */
  #slots = new MeasureTable();
  /** Their rows, in the order of time. */
  #ended: number[] = [];
  /** Latencies of the present slot, histogram 0. */
  readonly #latency = new DenseHistograms();
  readonly #zeros = new Int32Array(CHUNK_CALLS);
  /** What was counted up to the end of the last slot. */
  #before: Sums;

  /**
   * Begins at `startNs`, nanoseconds since the trace began. `sums` gives what all calls counted so far come to; at this
   * moment there are none.
   */
  constructor(startNs: number, sums: () => Sums) {
    this.#startNs = startNs;
    this.#sums = sums;
    this.#before = sums();
    this.#latency.makeRoom(1);
  }

  /**
   * The first call from `from` up to before `to` that is behind the end of the present slot; `to` when there is none. Looks
   * at each: ends are not quite in order, and what a slot has must not depend on where a batch begins.
   */
  firstBehind(columns: EventColumns, from: number, to: number): number {
    const endNs = this.#slotEndNs;
    const { enterNs, durationNs } = columns;
    // A call without an end is behind nothing.
    for (let i = from; i < to; i++) if (enterNs[i] + durationNs[i] >= endNs) return i;
    return to;
  }

  /** Counts the calls from `from` up to before `to`, for the present slot. */
  add(calls: CallColumns, from: number, to: number): void {
    this.#latency.increment(this.#zeros, calls.latency, from, to);
  }

  /** Adds what row `from` of `source` has counted to the present slot. */
  addSums(source: MeasureTable, from: number): void {
    source.mergeLatencyInto(from, this.#latency, 0);
  }

  /** Ends slots until the present one holds `timeNs`. */
  advance(timeNs: number): void {
    if (timeNs < this.#slotEndNs) return;
    this.#endSlot();
    while (timeNs - this.#startNs >= this.#intervalNs * SERIES_SLOTS) this.#merge();
    while (timeNs >= this.#slotEndNs) this.#ended.push(this.#slots.allocate());
  }

  /** The slots so far as plain data; the last one is the present one. */
  toData(): SeriesStats {
    const present = this.#present(this.#sums());
    const slots = this.#ended.map((row) => this.#slots.toData(row));
    return { startNs: this.#startNs, intervalNs: this.#intervalNs, slots: [...slots, present] };
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

  /** The present slot, when all calls come to `sums`. */
  #present(sums: Sums): Measures {
    const before = this.#before;
    const totalNs = exactDifference(sums.totalNs, before.totalNs);
    const latency = histogramOfBuckets(bucketData(this.#latency.filled(0)), totalNs);
    return {
      calls: latency.count + this.#latency.without(0),
      errors: sums.errors - before.errors,
      readBytes: exactDifference(sums.readBytes, before.readBytes),
      writeBytes: exactDifference(sums.writeBytes, before.writeBytes),
      totalNs,
      waitingNs: exactDifference(sums.waitingNs, before.waitingNs),
      maxNs: latency.max,
      latency,
    };
  }

  /** Makes one slot of each two. The time has passed the last slot there is room for, so each has a neighbour. */
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
