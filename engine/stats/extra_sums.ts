import { EXTRA_COLUMNS, type ExtraColumn, type ExtraColumns } from "../../runtime/event_batch.ts";
import { exactDifference, type ExactInteger } from "../../runtime/exact_integer.ts";
import { longer } from "../../runtime/longer.ts";
import type { ExtraMeasures, Measures } from "../../runtime/stats.ts";
import { type CallColumns, CHUNK_CALLS, NO_BUCKET } from "./call_columns.ts";

/** The time of the calls whose parts off the processor are known. */
const KNOWN_TIME = EXTRA_COLUMNS.length;
/** Bytes read by the calls of which it is known what that fetched. */
const KNOWN_READ = KNOWN_TIME + 1;

/** The sums of a row, each in two parts: what is below 2^52, and how often that was reached. No addition ever rounds. */
const SUMS = KNOWN_READ + 1;
const FIELDS = 2 * SUMS;
const CARRY = 2 ** 52;

/** Which of the columns belong to the file that was read, as the bytes read do. */
const OF_READ_FILE = EXTRA_COLUMNS.map((name) => name === "fetchedBytes");

/** What the calls of a row took and read in all. */
type OfCalls = Pick<Measures, "totalNs" | "readBytes">;

/**
 * Sums of what else is known of calls, by row of a table: only the tables of a trace that asks for it have them. A sum is
 * known once a call has a value for it.
 */
export class ExtraSums {
  #fields = new Float64Array(0);
  readonly #known = new Array<boolean>(SUMS).fill(false);

  /** Adds the values of calls: see `MeasureTable.add`. */
  add(
    rows: Int32Array,
    { extra, latency, latencyNs, readBytes }: CallColumns,
    from: number,
    to: number,
    readRows: Int32Array,
  ): void {
    if (extra === null) return;
    for (let sum = 0; sum < EXTRA_COLUMNS.length; sum++) {
      const values = extra[EXTRA_COLUMNS[sum]];
      const isTime = !OF_READ_FILE[sum];
      const ofRows = isTime ? rows : readRows;
      for (let i = from; i < to; i++) {
        if (values[i] !== values[i]) continue;
        // A call that did not return has no time, so no part of it either.
        this.#add(ofRows[i], sum, isTime && latency[i] === NO_BUCKET ? 0 : values[i]);
      }
    }
    const { iowaitNs, fetchedBytes } = extra;
    for (let i = from; i < to; i++) {
      if (iowaitNs[i] === iowaitNs[i]) this.#add(rows[i], KNOWN_TIME, latencyNs[i]);
      if (fetchedBytes[i] === fetchedBytes[i]) this.#add(readRows[i], KNOWN_READ, readBytes[i]);
    }
  }

  /** Adds plain measures of calls to a row. */
  addValues(row: number, values: ExtraMeasures & OfCalls): void {
    const { totalNs, readBytes, partsUnknownNs = 0, fetchUnknownBytes = 0 } = values;
    EXTRA_COLUMNS.forEach((name, sum) => this.#addExact(row, sum, values[name]));
    if (values.iowaitNs !== undefined) {
      this.#addExact(row, KNOWN_TIME, exactDifference(totalNs, partsUnknownNs));
    }
    if (values.fetchedBytes !== undefined) {
      this.#addExact(row, KNOWN_READ, exactDifference(readBytes, fetchUnknownBytes));
    }
  }

  /** Adds row `from` to row `to` of `target`. */
  mergeInto(from: number, target: ExtraSums, to: number): void {
    for (let sum = 0; sum < SUMS; sum++) {
      if (!this.#known[sum]) continue;
      const at = from * FIELDS + sum;
      target.#add(to, sum, this.#fields[at] ?? 0);
      target.#fields[to * FIELDS + SUMS + sum] += this.#fields[at + SUMS] ?? 0;
    }
  }

  /** Makes a row empty. */
  clear(row: number): void {
    this.#fields.fill(0, row * FIELDS, (row + 1) * FIELDS);
  }

  /** The sums of a row, those that are known; `calls` are the measures of its calls. */
  toData(row: number, calls: OfCalls): ExtraMeasures {
    const data: ExtraMeasures = {};
    EXTRA_COLUMNS.forEach((name, sum) => {
      if (this.#known[sum]) data[name] = this.#exact(row * FIELDS + sum);
    });
    const unknown = (sum: number, all: ExactInteger) =>
      this.#known[sum] ? exactDifference(all, this.#exact(row * FIELDS + sum)) : 0;
    const partsUnknownNs = unknown(KNOWN_TIME, calls.totalNs);
    const fetchUnknownBytes = unknown(KNOWN_READ, calls.readBytes);
    if (partsUnknownNs != 0) data.partsUnknownNs = partsUnknownNs;
    if (fetchUnknownBytes != 0) data.fetchUnknownBytes = fetchUnknownBytes;
    return data;
  }

  #addExact(row: number, sum: number, value: ExactInteger | undefined): void {
    if (value === undefined) return;
    this.#add(row, sum, Number(BigInt(value) % BigInt(CARRY)));
    this.#fields[row * FIELDS + SUMS + sum] += Number(BigInt(value) / BigInt(CARRY));
  }

  #add(row: number, sum: number, value: number): void {
    const at = row * FIELDS + sum;
    if (at >= this.#fields.length) this.#fields = longer(this.#fields, (row + 1) * FIELDS * 5 / 4 + FIELDS);
    this.#known[sum] = true;
    const low = this.#fields[at] + value;
    if (low < CARRY) {
      this.#fields[at] = low;
      return;
    }
    // Each part is an integer below 2^53, so none is rounded.
    const rest = this.#fields[at] + value % CARRY;
    this.#fields[at] = rest % CARRY;
    this.#fields[at + SUMS] += Math.floor(value / CARRY) + Math.floor(rest / CARRY);
  }

  #exact(at: number): ExactInteger {
    const [low, high] = [this.#fields[at] ?? 0, this.#fields[at + SUMS] ?? 0];
    const near = high * CARRY + low;
    return Number.isSafeInteger(near) ? near : BigInt(high) * BigInt(CARRY) + BigInt(low);
  }
}

const NO_VALUES = new Float64Array(CHUNK_CALLS).fill(NaN);

/** Columns of the calls of one chunk; with `ignoresFetched` without what they fetched. */
export function chunkOf(
  extra: ExtraColumns | undefined,
  from: number,
  length: number,
  ignoresFetched = false,
): CallColumns["extra"] {
  if (extra === undefined) return null;
  const part = (name: ExtraColumn) => extra[name].subarray(from, from + length);
  return {
    iowaitNs: part("iowaitNs"),
    blockedNs: part("blockedNs"),
    runqueueNs: part("runqueueNs"),
    fetchedBytes: ignoresFetched ? NO_VALUES : part("fetchedBytes"),
  };
}
