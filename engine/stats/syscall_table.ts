import { type CellColumns, CellHistogram } from "../../runtime/call_cells.ts";
import {
  type ErrorStats,
  type ExtraMeasures,
  type FamilyStats,
  OTHER_NAME,
  type SyscallStats,
} from "../../runtime/stats.ts";
import { type Arch, familyOf, syscallByNumber, syscallName } from "../../runtime/syscalls/mod.ts";
import { type CallColumns, NO_ROW } from "./call_columns.ts";
import { traitsOf } from "./call_traits.ts";
import { bucketsOf } from "./cell_measures.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { ErrorsByCall } from "./errors_by_call.ts";
import { bucketData } from "./histogram.ts";
import type { Filled } from "./histograms.ts";
import type { ReadRow } from "./keyed_table.ts";
import { type AddedMeasures, MeasureTable, type Sums } from "./measure_table.ts";
import { ENDINGS, usesOf } from "./use_of_call.ts";

/** Numbers below this are looked up in an array; all numbers of both architectures are far below. */
const DIRECT_NUMBERS = 1024;

/**
 * Numbers without a name that get a row of their own. A program may call any of 2^32 numbers; the tables know about
 * 400, so only a fuzzer needs more rows than this.
 */
const MAX_UNKNOWN = 256;

/** Stands for a number: the row that unknown numbers share when there are too many. */
const MANY_NUMBERS = -1;

/** Properties of calls, by row. Valid until a row is added. */
export interface Sides {
  /** Which side of a call its bytes belong to: 1 when they do, else 0. */
  reads: Float64Array;
  writes: Float64Array;
  /** Bits of `Trait`. */
  traits: Uint16Array;
  /** Which use of files a call is, by its ending: row · `ENDINGS` + ending; -1 for none. */
  uses: Int8Array;
}

/**
 * What is counted for each system call, and for each of its errors. A call has two rows: an even one, and the next one for
 * those of its calls that waited, so that latencies of files are not mixed with those of idle pipes.
 */
export class SyscallTable {
  readonly #arch: Arch;
  readonly #measures = new MeasureTable(new DenseHistograms());
  readonly #gap = new DenseHistograms();
  readonly #size = new DenseHistograms();
  readonly #rowOfNr = new Int32Array(DIRECT_NUMBERS).fill(NO_ROW);
  readonly #rowOfUnknown = new Map<number, number>();
  #rowOfOthers = NO_ROW;
  readonly #nrOf: number[] = [];
  readonly #nameOf: string[] = [];
  #sides: Sides = {
    reads: new Float64Array(0),
    writes: new Float64Array(0),
    traits: new Uint16Array(0),
    uses: new Int8Array(0),
  };
  /** Where rows are summed up; empty in between. */
  readonly #sums = new MeasureTable(new DenseHistograms());
  /** Failed calls. */
  readonly errors = new ErrorsByCall();

  constructor(arch: Arch) {
    this.#arch = arch;
  }

  /** Sets `rows[i]` to the even row of number `nrs[from + i]` for the first `length` elements; adds rows for new numbers. */
  readRows(nrs: Int32Array, rows: Int32Array, from: number, length: number): void {
    const rowOfNr = this.#rowOfNr;
    for (let i = 0; i < length; i++) {
      const nr = nrs[from + i];
      const row = nr >= 0 && nr < DIRECT_NUMBERS ? rowOfNr[nr] : NO_ROW;
      rows[i] = row === NO_ROW ? this.row(nr) : row;
    }
  }

  /** The even row of a number; adds one for a new number. */
  row(nr: number): number {
    if (nr >= 0 && nr < DIRECT_NUMBERS && this.#rowOfNr[nr] !== NO_ROW) return this.#rowOfNr[nr];
    const call = syscallByNumber(this.#arch, nr);
    if (call === undefined) return this.#findUnknown(nr);
    const row = this.#newRow(nr, call.name);
    if (call.bytes === "read" || call.bytes === "both") this.#sides.reads[row] = 1;
    if (call.bytes === "write" || call.bytes === "both") this.#sides.writes[row] = 1;
    return this.#rowOfNr[nr] = row;
  }

  /** @see Sides */
  get sides(): Sides {
    return this.#sides;
  }

  /** Counts calls, see {@linkcode MeasureTable.add}. */
  add(calls: CallColumns, from: number, to: number): void {
    this.#measures.add(calls.syscall, calls, from, to);
    this.#gap.increment(calls.syscall, calls.gap, from, to);
    this.#size.increment(calls.syscall, calls.size, from, to);
  }

  /** Adds plain measures to a row. */
  addMeasures(row: number, measures: AddedMeasures): void {
    this.#measures.addMeasures(row, measures);
  }

  /** Counts the gaps and the sizes of cell `i` in a row. */
  addBuckets(row: number, cells: CellColumns, i: number): void {
    this.#gap.addAll(row, bucketsOf(cells, i, CellHistogram.GAP));
    this.#size.addAll(row, bucketsOf(cells, i, CellHistogram.SIZE));
  }

  /** The rows as plain data, in no particular order. */
  syscalls(): SyscallStats[] {
    return this.#evenRows().map((row) => ({
      nr: this.#nrOf[row],
      syscall: this.#nameOf[row],
      family: familyOf(this.#arch, this.#nrOf[row]),
      ...this.#sum([row, row + 1], (sums, row) => sums.toDataWithLatency(row)),
      gap: bucketData(this.#both(this.#gap, row)),
      size: bucketData(this.#both(this.#size, row)),
      onFiles: this.#measures.toDataWithLatency(row),
    }));
  }

  /** Calls `visit` for each call with its two rows of `measures`. */
  forEach(
    visit: (syscall: string, family: string, measures: MeasureTable, rows: readonly number[]) => void,
  ): void {
    for (let row = 0; row < this.#nrOf.length; row += 2) {
      visit(this.#nameOf[row], familyOf(this.#arch, this.#nrOf[row]), this.#measures, [row, row + 1]);
    }
  }

  /** The rows merged by family. */
  families(): FamilyStats[] {
    const rows = Map.groupBy(this.#evenRows(), (row) => familyOf(this.#arch, this.#nrOf[row]));
    return Array.from(
      rows,
      ([family, members]) => ({
        family,
        ...this.#sum(members.flatMap((row) => [row, row + 1]), (sums, row) => sums.toData(row)),
      }),
    );
  }

  /** All rows together, without latencies and calls; cheap. */
  sums(): Sums {
    return this.#measures.sums(this.#nrOf.length);
  }

  /** What else is known of all of them. */
  extraSums(): ExtraMeasures {
    return this.#measures.extraSums(this.#nrOf.length);
  }

  /** The name of a row's call. */
  name(row: number): string {
    return this.#nameOf[row];
  }

  /** Failed calls by errno and call, in no particular order. */
  errorsBy(): ErrorStats[] {
    const rows: ErrorStats[] = [];
    this.errors.forEach((row, errno, calls) => {
      rows.push({ errno: errno ?? OTHER_NAME, syscall: this.#nameOf[row], calls });
    });
    return rows;
  }

  /** What `read` makes of the sum of rows. */
  #sum<Read>(rows: Iterable<number>, read: ReadRow<Read>): Read {
    const to = this.#sums.allocate();
    for (const row of rows) this.#measures.mergeInto(row, this.#sums, to);
    const sum = read(this.#sums, to);
    this.#sums.release(to);
    return sum;
  }

  #evenRows(): number[] {
    return Array.from({ length: this.#nrOf.length / 2 }, (_, i) => 2 * i);
  }

  /** The histogram of a call's two rows. */
  #both(histograms: DenseHistograms, row: number): Filled {
    const sum = new DenseHistograms();
    sum.makeRoom(1);
    for (const one of [row, row + 1]) histograms.mergeInto(one, sum, 0);
    return sum.filled(0);
  }

  #findUnknown(nr: number): number {
    let row = this.#rowOfUnknown.get(nr);
    if (row !== undefined) return row;
    if (this.#rowOfUnknown.size >= MAX_UNKNOWN) {
      if (this.#rowOfOthers === NO_ROW) this.#rowOfOthers = this.#newRow(MANY_NUMBERS, OTHER_NAME);
      return this.#rowOfOthers;
    }
    row = this.#newRow(nr, syscallName(this.#arch, nr));
    this.#rowOfUnknown.set(nr, row);
    return row;
  }

  #newRow(nr: number, name: string): number {
    const row = this.#measures.allocate();
    this.#measures.allocate();
    this.#gap.makeRoom(row + 2);
    this.#size.makeRoom(row + 2);
    const { reads, writes, traits, uses } = this.#sides;
    if (row >= traits.length) {
      const rows = Math.max(128, 2 * traits.length);
      this.#sides = {
        reads: new Float64Array((reads.buffer as ArrayBuffer).transfer(8 * rows)),
        writes: new Float64Array((writes.buffer as ArrayBuffer).transfer(8 * rows)),
        traits: new Uint16Array((traits.buffer as ArrayBuffer).transfer(2 * rows)),
        uses: new Int8Array((uses.buffer as ArrayBuffer).transfer(ENDINGS * rows)),
      };
    }
    this.#nrOf[row] = this.#nrOf[row + 1] = nr;
    this.#nameOf[row] = this.#nameOf[row + 1] = name;
    this.#sides.traits[row] = traitsOf(name);
    this.#sides.uses.set(usesOf(traitsOf(name)), row * ENDINGS);
    return row;
  }
}
