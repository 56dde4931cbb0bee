import {
  type ErrorStats,
  type FamilyStats,
  type Measures,
  OTHER_NAME,
  type SyscallStats,
} from "../../runtime/stats.ts";
import { type Arch, familyOf, syscallByNumber, syscallName } from "../../runtime/syscalls/mod.ts";
import { type CallColumns, NO_ROW } from "./call_columns.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { ErrorsByCall } from "./errors_by_call.ts";
import { bucketData } from "./histogram.ts";
import { MeasureTable, type Sums } from "./measure_table.ts";

/** Numbers looked up in an array; every number of both architectures' tables is far below. */
const DIRECT_NUMBERS = 1024;

/**
 * Numbers without a name that get a row of their own. A program may call any of 2^32 numbers; the tables know about
 * 400, so what needs more rows than this is no work but a fuzzer.
 */
const MAX_UNKNOWN = 256;

/** In place of a number: the row that unknown numbers share when there are too many. */
const MANY_NUMBERS = -1;

/** Which side of a call its bytes belong to, by row: 1 when they do, else 0. Good until rows are made. */
export interface Sides {
  reads: Float64Array;
  writes: Float64Array;
  /** 1 when what it reads comes from another file than the one the call counts for. */
  copies: Uint8Array;
}

/** What is counted for each system call, and for each of its errors. */
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
  #sides: Sides = { reads: new Float64Array(0), writes: new Float64Array(0), copies: new Uint8Array(0) };
  /** Where rows are summed up; empty in between. */
  readonly #sums = new MeasureTable(new DenseHistograms());
  /** Failed calls. */
  readonly errors = new ErrorsByCall();

  constructor(arch: Arch) {
    this.#arch = arch;
  }

  /** Sets `rows[i]` to the row of number `nrs[from + i]` for the first `length` elements; makes rows for new numbers. */
  readRows(nrs: Int32Array, rows: Int32Array, from: number, length: number): void {
    const rowOfNr = this.#rowOfNr;
    for (let i = 0; i < length; i++) {
      const nr = nrs[from + i];
      const row = nr >= 0 && nr < DIRECT_NUMBERS ? rowOfNr[nr] : NO_ROW;
      rows[i] = row === NO_ROW ? this.row(nr) : row;
    }
  }

  /** The row of a number; makes one for a new number. */
  row(nr: number): number {
    if (nr >= 0 && nr < DIRECT_NUMBERS && this.#rowOfNr[nr] !== NO_ROW) return this.#rowOfNr[nr];
    const call = syscallByNumber(this.#arch, nr);
    if (call === undefined) return this.#findUnknown(nr);
    const row = this.#newRow(nr, call.name);
    if (call.bytes === "read" || call.bytes === "both") this.#sides.reads[row] = 1;
    if (call.bytes === "write" || call.bytes === "both") this.#sides.writes[row] = 1;
    if (call.bytes !== null && call.args.includes("src")) this.#sides.copies[row] = 1;
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

  /** Adds what row `from` of `source` has counted to a row. */
  addSums(row: number, source: MeasureTable, from: number): void {
    source.mergeInto(from, this.#measures, row);
  }

  /** The rows as plain data, in no particular order. */
  syscalls(): SyscallStats[] {
    return this.#nrOf.map((nr, row) => ({
      nr,
      syscall: this.#nameOf[row],
      family: familyOf(this.#arch, nr),
      ...this.#measures.toData(row),
      gap: bucketData(this.#gap.filled(row)),
      size: bucketData(this.#size.filled(row)),
    }));
  }

  /** The rows of each family together, and of all of them. */
  families(): FamilyStats[] {
    const rows = Map.groupBy(this.#nrOf.keys(), (row) => familyOf(this.#arch, this.#nrOf[row]));
    return Array.from(rows, ([family, members]) => ({ family, ...this.#sum(members) }));
  }

  /** All rows together. */
  total(): Measures {
    return this.#sum(this.#nrOf.keys());
  }

  /** The same without latencies and calls; cheap. */
  sums(): Sums {
    return this.#measures.sums(this.#nrOf.length);
  }

  /** Failed calls by errno and call, in no particular order. */
  errorsBy(): ErrorStats[] {
    const rows: ErrorStats[] = [];
    this.errors.forEach((row, errno, calls) => {
      rows.push({ errno: errno ?? OTHER_NAME, syscall: this.#nameOf[row], calls });
    });
    return rows;
  }

  #sum(rows: Iterable<number>): Measures {
    const to = this.#sums.allocate();
    for (const row of rows) this.#measures.mergeInto(row, this.#sums, to);
    const sum = this.#sums.toData(to);
    this.#sums.release(to);
    return sum;
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
    this.#gap.makeRoom(row + 1);
    this.#size.makeRoom(row + 1);
    const { reads, writes, copies } = this.#sides;
    if (row >= copies.length) {
      const rows = Math.max(64, 2 * copies.length);
      this.#sides = {
        reads: new Float64Array((reads.buffer as ArrayBuffer).transfer(8 * rows)),
        writes: new Float64Array((writes.buffer as ArrayBuffer).transfer(8 * rows)),
        copies: new Uint8Array((copies.buffer as ArrayBuffer).transfer(rows)),
      };
    }
    this.#nrOf[row] = nr;
    this.#nameOf[row] = name;
    return row;
  }
}
