import { EXTRA_COLUMNS, type ExtraColumns, type FileName, type TaskName } from "./event_batch.ts";

/**
 * Sums of calls that have no rows: those that sampling left out, or that the kernel added up. A cell holds
 * the measures of all calls of one system call, task, file and error since it was last sent.
 *
 * Columns of typed arrays over one buffer, as in an `EventBatch`: a busy trace has thousands of cells at each look.
 */
export interface CallCells {
  /** Number of cells. */
  length: number;
  /** The sums, in any order. */
  columns: CellColumns;
  /** The moment up to which they are, nanoseconds since the trace began. */
  timeNs: number;
  /** New names of task slots, as in an `EventBatch`; they apply before the cells. */
  tasks: TaskName[];
  /** The same for file slots. */
  files: FileName[];
}

/** Columns of cells; element `i` of each belongs to cell `i`, but for those of buckets. */
export interface CellColumns {
  /** The moment from which on they are, nanoseconds since the trace began. */
  sinceNs: Float64Array;
  /** Calls, at least 1. */
  calls: Float64Array;
  /** How many of them returned; only these count in the time and in the histogram. */
  returned: Float64Array;
  /** Bytes moved, at most 2^53. */
  bytes: Float64Array;
  /** Time of those that returned, nanoseconds, at most 2^53. */
  totalNs: Float64Array;
  /** Time between the exit before and the enter of those that have one, nanoseconds, at most 2^53. */
  gapNs: Float64Array;
  /** The part of `totalNs` of calls that moved fewer than `TINY_BYTES` bytes, and at least one. */
  tinyNs: Float64Array;
  /** Longest of them, nanoseconds; 0 when none returned. */
  maxNs: Float64Array;
  /** What else is known of these calls, see `ExtraMeasures`, NaN where it is not; left out when nothing is. */
  extra?: Pick<ExtraColumns, "iowaitNs" | "blockedNs" | "runqueueNs" | "fetchedBytes">;
  /** System call number. */
  nr: Int32Array;
  /** Task slot. */
  task: Uint32Array;
  /** File slot of `path`, `NO_FILE` for none. */
  file: Uint32Array;
  /** File slot of `old_path`, `NO_FILE` for none; it takes the bytes read by calls that copy. */
  oldFile: Uint32Array;
  /** Error number of all these calls, 0 when they did not fail. */
  errno: Uint16Array;
  /** Bits of `EventFlag` that all these calls have. */
  flags: Uint8Array;
  /** 1 when these calls have a descriptor. */
  hasFd: Uint8Array;
  /** Where the filled buckets of a cell's histograms end: of cell `i` at `3 * i` and the {@linkcode CellHistogram}. */
  bucketEnds: Uint32Array;
  /** Indexes of the buckets of the engine's histograms, in rising order for each histogram. */
  bucketIndexes: Uint16Array;
  /** Values in the bucket of the same position. */
  bucketCounts: Float64Array;
}

/** The histograms of a cell, in the order of their buckets. */
export const CellHistogram = {
  /** Latencies of those that returned. */
  LATENCY: 0,
  /** Gaps of those that have one. */
  GAP: 1,
  /** Bytes moved by those that can move bytes and did not fail. */
  SIZE: 2,
} as const;

const HISTOGRAMS = Object.keys(CellHistogram).length;

/** Where the buckets of a histogram of cell `i` begin and end. */
export function bucketRange(
  { bucketEnds }: CellColumns,
  i: number,
  histogram: number,
): [from: number, to: number] {
  const at = HISTOGRAMS * i + histogram;
  return [at === 0 ? 0 : bucketEnds[at - 1], bucketEnds[at]];
}

/** Columns for so many cells and buckets over one new buffer. */
function createCellColumns(cells: number, buckets: number, hasExtra: boolean): CellColumns {
  const extra = hasExtra ? EXTRA_COLUMNS.length : 0;
  const buffer = new ArrayBuffer(
    8 * ((8 + extra) * cells + buckets) + 4 * (4 + HISTOGRAMS) * cells + 2 * (cells + buckets) + 2 * cells,
  );
  let offset = 0;
  const take = (bytes: number) => {
    const at = offset;
    offset += bytes;
    return at;
  };
  const doubles = (n = cells) => new Float64Array(buffer, take(8 * n), n);
  const words = (n = cells) => new Uint32Array(buffer, take(4 * n), n);
  const halves = (n = cells) => new Uint16Array(buffer, take(2 * n), n);
  const bytes = () => new Uint8Array(buffer, take(cells), cells);
  return {
    sinceNs: doubles(),
    calls: doubles(),
    returned: doubles(),
    bytes: doubles(),
    totalNs: doubles(),
    gapNs: doubles(),
    tinyNs: doubles(),
    maxNs: doubles(),
    ...(hasExtra && {
      extra: { iowaitNs: doubles(), blockedNs: doubles(), runqueueNs: doubles(), fetchedBytes: doubles() },
    }),
    bucketCounts: doubles(buckets),
    nr: new Int32Array(buffer, take(4 * cells), cells),
    task: words(),
    file: words(),
    oldFile: words(),
    bucketEnds: words(HISTOGRAMS * cells),
    errno: halves(),
    bucketIndexes: halves(buckets),
    flags: bytes(),
    hasFd: bytes(),
  };
}

const CELL_COLUMNS = [
  ...["sinceNs", "calls", "returned", "bytes", "totalNs", "gapNs", "tinyNs", "maxNs"] as const,
  ...["nr", "task", "file", "oldFile", "errno", "flags", "hasFd"] as const,
] satisfies (keyof CellColumns)[];

const FIRST_CELLS = 64;
const FIRST_BUCKETS = 1024;

/** Writes cells one after the other; its memory is used again for the next ones. */
export class CellWriter {
  #columns: CellColumns;
  #length = 0;
  #buckets = 0;

  /** With `hasExtra` the cells have the extra columns. */
  constructor(hasExtra: boolean) {
    this.#columns = createCellColumns(FIRST_CELLS, FIRST_BUCKETS, hasExtra);
  }

  /** Cells written so far: the index of the next one. */
  get length(): number {
    return this.#length;
  }

  /** Columns with room for the next cell, whose elements are those at {@linkcode length}; to be asked for at each cell. */
  get columns(): CellColumns {
    if (this.#length === this.#columns.nr.length) this.#grow();
    return this.#columns;
  }

  /** Appends a bucket of the histogram that is written: first all latencies of a cell, then all gaps, then all sizes. */
  addBucket(index: number, count: number): void {
    if (this.#buckets === this.#columns.bucketIndexes.length) this.#grow();
    this.#columns.bucketIndexes[this.#buckets] = index;
    this.#columns.bucketCounts[this.#buckets++] = count;
  }

  /** Ends a histogram of the next cell. */
  endHistogram(histogram: number): void {
    this.columns.bucketEnds[HISTOGRAMS * this.#length + histogram] = this.#buckets;
  }

  /** Ends the cell, all of whose elements and histograms have been written. */
  endCell(): void {
    this.#length++;
  }

  /** The cells written since this was last called. */
  take(): Pick<CallCells, "length" | "columns"> {
    const [length, buckets] = [this.#length, this.#buckets];
    [this.#length, this.#buckets] = [0, 0];
    return { length, columns: copyOf(this.#columns, length, buckets, length, buckets) };
  }

  #grow(): void {
    const columns = this.#columns;
    const [cells, buckets] = [columns.nr.length, columns.bucketIndexes.length];
    this.#columns = copyOf(columns, this.#length, this.#buckets, 2 * cells, 2 * buckets);
  }
}

/** A copy of the first cells and buckets, with room for more. */
function copyOf(
  columns: CellColumns,
  cells: number,
  buckets: number,
  maxCells: number,
  maxBuckets: number,
): CellColumns {
  const copy = createCellColumns(maxCells, maxBuckets, columns.extra !== undefined);
  for (const name of CELL_COLUMNS) copy[name].set(columns[name].subarray(0, cells));
  if (columns.extra !== undefined) {
    for (const name of EXTRA_COLUMNS) copy.extra![name].set(columns.extra[name].subarray(0, cells));
  }
  // The next cell may have ended some of its histograms.
  copy.bucketEnds.set(
    columns.bucketEnds.subarray(0, Math.min(HISTOGRAMS * (cells + 1), copy.bucketEnds.length)),
  );
  copy.bucketIndexes.set(columns.bucketIndexes.subarray(0, buckets));
  copy.bucketCounts.set(columns.bucketCounts.subarray(0, buckets));
  return copy;
}

/**
 * How long a call must take, nanoseconds, to be wanted as a row where others are added up: 0 for all calls, `Infinity` for
 * none.
 */
export interface SlowLimits {
  /** One that does not wait, see `runtime/waiting.ts`. */
  filesNs: number;
  /** One that does. */
  waitingNs: number;
}
