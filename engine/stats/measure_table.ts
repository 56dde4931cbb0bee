import { longer } from "../../runtime/longer.ts";
import { type ExactInteger, exactSum } from "../../runtime/exact_integer.ts";
import { SumField } from "../../runtime/metric_sums.ts";
import type { ExtraMeasures, Measures, MeasuresWithLatency } from "../../runtime/stats.ts";
import { type CallColumns, NO_BUCKET } from "./call_columns.ts";
import { ExtraSums } from "./extra_sums.ts";
import { bucketData } from "./histogram.ts";
import type { Histograms, TakeRoom } from "./histograms.ts";
import { SparseHistograms } from "./sparse_histograms.ts";

/** Fields of a row, all doubles; eight of them are one line of the processor's cache. */
const ERRORS = 0;
const READ = 1;
const WRITE = 2;
const TOTAL = 3;
const MAX = 4;
const WAITING = 5;
const FIELDS = 8;

/** A row's fields, and the head of its histogram. */
const ROW_BYTES = 2 * 8 * FIELDS;

/**
 * Sums that may exceed 2^53 (104 days in nanoseconds; a thousand waiting threads reach it in three hours) are kept as
 * `carry · 2^52 + field`, so no addition ever rounds: both parts of it are below 2^53. Few rows have a carry.
 */
const CARRY = 2 ** 52;
const SUMS = [READ, WRITE, TOTAL, WAITING] as const;

/** The quantiles of a row's latency. */
const QUANTILES = [0.5, 0.9, 0.99] as const;

/** What is added to a row: measures whose quantiles follow from the histogram. */
export type AddedMeasures = Omit<MeasuresWithLatency, "p50Ns" | "p90Ns" | "p99Ns">;

/** Measures without latencies and calls. */
export type Sums = Pick<Measures, "errors" | "readBytes" | "writeBytes" | "totalNs" | "waitingNs">;

/** Whether there is anything that only some traces know. */
function hasExtra({ iowaitNs, blockedNs, runqueueNs, partsUnknownNs, fetchedBytes }: ExtraMeasures): boolean {
  return (iowaitNs ?? blockedNs ?? runqueueNs ?? partsUnknownNs ?? fetchedBytes) !== undefined;
}

/**
 * Measures of a table's rows, by row number; the number of calls is the sum of the histogram. Only calls that returned have
 * time; one that did not (`exit`, a process killed inside it) counts as a call and nothing else.
 */
export class MeasureTable {
  #fields = new Float64Array(0);
  /** Carries by index of their field. */
  readonly #carries = new Map<number, number>();
  readonly #latency: Histograms;
  /** `null` until something else is known of a call. */
  #extra: ExtraSums | null = null;
  /** Row numbers below this have been given out. */
  #end = 0;
  readonly #released: number[] = [];

  /** `latency` holds the histograms. */
  constructor(latency: Histograms = new SparseHistograms()) {
    this.#latency = latency;
  }

  /** Memory that the rows take. */
  get bytes(): number {
    return (this.#end - this.#released.length) * ROW_BYTES + this.#latency.bytes;
  }

  /** A row with nothing counted. Its number may be one that was released. */
  allocate(): number {
    const row = this.#released.pop() ?? this.#end++;
    const at = row * FIELDS;
    if (at >= this.#fields.length) this.#moreRows();
    this.#fields.fill(0, at, at + FIELDS);
    return row;
  }

  /** Frees a row. */
  release(row: number): void {
    this.#latency.clear(row);
    this.#extra?.clear(row);
    if (this.#carries.size > 0) { for (const field of SUMS) this.#carries.delete(row * FIELDS + field); }
    this.#released.push(row);
  }

  /**
   * Counts the calls from `from` up to but excluding `to`: call `i` for row `rows[i]`, the bytes it read for row `readRows[i]`,
   * and those it wrote for row `writeRows[i]`.
   * One table after the other, in short loops with hardly a branch, so that the processor works on several calls at
   * once while it waits for the memory of rows that are not in its cache.
   */
  add(
    rows: Int32Array,
    calls: CallColumns,
    from: number,
    to: number,
    readRows = rows,
    writeRows = rows,
  ): void {
    const fields = this.#fields;
    const { latencyNs, latency, waitingNs, errors, readBytes, writeBytes } = calls;
    for (let i = from; i < to; i++) {
      const at = Math.imul(rows[i], FIELDS);
      const readAt = Math.imul(readRows[i], FIELDS) + READ;
      const writeAt = Math.imul(writeRows[i], FIELDS) + WRITE;
      const ns = latencyNs[i];
      const total = fields[at + TOTAL] + ns;
      const written = fields[writeAt] + writeBytes[i];
      const read = fields[readAt] + readBytes[i];
      fields[at + ERRORS] += errors[i];
      if (total < CARRY && written < CARRY && read < CARRY) {
        fields[at + TOTAL] = total;
        fields[writeAt] = written;
        fields[readAt] = read;
        // Part of the time: from one carry of the time to the next it grows by less than 2^52.
        fields[at + WAITING] += waitingNs[i];
      } else {
        this.#addTo(at + TOTAL, ns);
        this.#addTo(at + WAITING, waitingNs[i]);
        this.#addTo(writeAt, writeBytes[i]);
        this.#addTo(readAt, readBytes[i]);
      }
      if (ns > fields[at + MAX]) fields[at + MAX] = ns;
    }
    this.#latency.increment(rows, latency, from, to);
    if (calls.extra !== null) (this.#extra ??= new ExtraSums()).add(rows, calls, from, to, readRows);
  }

  /** Adds plain measures to a row. */
  addMeasures(row: number, measures: AddedMeasures): void {
    const at = row * FIELDS;
    const { calls, errors, readBytes, writeBytes, returned, totalNs, waitingNs, maxNs, latency } = measures;
    this.#fields[at + ERRORS] += errors;
    this.#addExact(at + READ, readBytes);
    this.#addExact(at + WRITE, writeBytes);
    this.#addExact(at + TOTAL, totalNs);
    this.#addExact(at + WAITING, waitingNs);
    if (hasExtra(measures)) (this.#extra ??= new ExtraSums()).addValues(row, measures);
    if (calls > returned) this.#latency.add(row, NO_BUCKET, calls - returned);
    this.#fields[at + MAX] = Math.max(this.#fields[at + MAX], maxNs);
    this.#latency.addAll(row, latency);
  }

  /** Adds the measures of row `from` to row `to` of `target`, which may be this table. */
  mergeInto(from: number, target: MeasureTable, to: number): void {
    const a = from * FIELDS;
    const b = to * FIELDS;
    const fields = this.#fields;
    const into = target.#fields;
    into[b + ERRORS] += fields[a + ERRORS];
    for (const field of SUMS) target.#addTo(b + field, fields[a + field]);
    if (this.#carries.size > 0) {
      for (const field of SUMS) {
        const carry = this.#carries.get(a + field);
        if (carry !== undefined) target.#carry(b + field, carry);
      }
    }
    if (fields[a + MAX] > into[b + MAX]) into[b + MAX] = fields[a + MAX];
    this.#latency.mergeInto(from, target.#latency, to);
    if (this.#extra !== null) this.#extra.mergeInto(from, target.#extra ??= new ExtraSums(), to);
  }

  /** How important a row is: its total time, nanoseconds, rounded to a double. */
  importance(row: number): number {
    return this.#approximate(row * FIELDS + TOTAL);
  }

  /** The part of that time that was not spent waiting. */
  busyNs(row: number): number {
    const at = row * FIELDS;
    return this.#approximate(at + TOTAL) - this.#approximate(at + WAITING);
  }

  /** Sums of the rows below `end`, without latencies. */
  sums(end: number): Sums {
    let errors = 0;
    for (let row = 0; row < end; row++) errors += this.#fields[row * FIELDS + ERRORS];
    return {
      errors,
      readBytes: this.#sumOfRows(READ, end),
      writeBytes: this.#sumOfRows(WRITE, end),
      totalNs: this.#sumOfRows(TOTAL, end),
      waitingNs: this.#sumOfRows(WAITING, end),
    };
  }

  /** What else is known of the rows below `end`, together. */
  extraSums(end: number): ExtraMeasures {
    if (this.#extra === null) return {};
    const sum = new ExtraSums();
    for (let row = 0; row < end; row++) this.#extra.mergeInto(row, sum, 0);
    return sum.toData(0, { totalNs: this.#sumOfRows(TOTAL, end), readBytes: this.#sumOfRows(READ, end) });
  }

  /** The time of some rows together. */
  totalNs(rows: readonly number[]): ExactInteger {
    return this.#sumOf(TOTAL, rows);
  }

  /**
   * Sets `sums` from `at` on to the sums of some rows, see {@linkcode SumField}, whose classes of latencies `sums` must have
   * 0 for. `classes` is the class of each bucket.
   */
  sumInto(rows: readonly number[], classes: Uint8Array, sums: Float64Array, at: number): void {
    const latencies = at + SumField.LATENCIES;
    let errors = 0;
    for (const row of rows) {
      errors += this.#fields[row * FIELDS + ERRORS];
      this.#latency.sumClasses(row, this.#fields[row * FIELDS + MAX], classes, sums, latencies);
    }
    let calls = 0;
    for (let i = latencies; i <= latencies + classes[NO_BUCKET]; i++) calls += sums[i];
    sums[at + SumField.CALLS] = calls;
    sums[at + SumField.ERRORS] = errors;
    sums[at + SumField.READ_BYTES] = Number(this.#sumOf(READ, rows));
    sums[at + SumField.WRITTEN_BYTES] = Number(this.#sumOf(WRITE, rows));
    sums[at + SumField.TOTAL_NS] = Number(this.#sumOf(TOTAL, rows));
    sums[at + SumField.WAITING_NS] = Number(this.#sumOf(WAITING, rows));
  }

  /** A copy of a row as plain data. */
  toData(row: number): Measures {
    const at = row * FIELDS;
    const fields = this.#fields;
    const maxNs = fields[at + MAX];
    const totalNs = this.#sum(at + TOTAL);
    const readBytes = this.#sum(at + READ);
    const { count: returned, values: [p50Ns, p90Ns, p99Ns] } = this.#latency.quantiles(row, QUANTILES, maxNs);
    return {
      calls: returned + this.#latency.without(row),
      errors: fields[at + ERRORS],
      readBytes,
      writeBytes: this.#sum(at + WRITE),
      returned,
      totalNs,
      waitingNs: this.#sum(at + WAITING),
      p50Ns,
      p90Ns,
      p99Ns,
      maxNs,
      ...this.#extra?.toData(row, { totalNs, readBytes }),
    };
  }

  /** The same with its histogram, in arrays of its own or from `take`. */
  toDataWithLatency(row: number, take?: TakeRoom): MeasuresWithLatency {
    return { ...this.toData(row), latency: bucketData(this.#latency.filled(row, take)) };
  }

  #approximate(at: number): number {
    const carry = this.#carries.size === 0 ? 0 : this.#carries.get(at) ?? 0;
    return carry * CARRY + this.#fields[at];
  }

  #sum(at: number): ExactInteger {
    const near = this.#approximate(at);
    if (Number.isSafeInteger(near)) return near;
    return BigInt(this.#carries.get(at) ?? 0) * BigInt(CARRY) + BigInt(this.#fields[at]);
  }

  #sumOf(field: number, rows: readonly number[]): ExactInteger {
    return rows.length === 1
      ? this.#sum(rows[0] * FIELDS + field)
      : exactSum(rows.map((row) => this.#sum(row * FIELDS + field)));
  }

  #sumOfRows(field: number, end: number): ExactInteger {
    let near = 0;
    for (let row = 0; row < end; row++) near += this.#approximate(row * FIELDS + field);
    // No term is negative, so when the result is exact, so was every step.
    if (Number.isSafeInteger(near)) return near;
    return exactSum(Array.from({ length: end }, (_, row) => this.#sum(row * FIELDS + field)));
  }

  /** Adds a value below 2^53 to a sum. */
  #addTo(at: number, value: number): void {
    const fields = this.#fields;
    const sum = fields[at] + value;
    if (sum < CARRY) {
      fields[at] = sum;
      return;
    }
    // Each part is an integer below 2^53, so none is rounded.
    const field = fields[at];
    const rest = field % CARRY + value % CARRY;
    fields[at] = rest % CARRY;
    this.#carry(at, Math.floor(field / CARRY) + Math.floor(value / CARRY) + Math.floor(rest / CARRY));
  }

  #addExact(at: number, value: ExactInteger): void {
    if (typeof value === "number") return this.#addTo(at, value);
    this.#carry(at, Number(value / BigInt(CARRY)));
    this.#addTo(at, Number(value % BigInt(CARRY)));
  }

  #carry(at: number, carry: number): void {
    this.#carries.set(at, (this.#carries.get(at) ?? 0) + carry);
  }

  #moreRows(): void {
    const rows = Math.max(16, Math.ceil(this.#fields.length / FIELDS * 5 / 4));
    this.#fields = longer(this.#fields, rows * FIELDS);
    this.#latency.makeRoom(rows);
  }
}
