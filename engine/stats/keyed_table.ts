import { type CallColumns, NO_ROW } from "./call_columns.ts";
import { type AddedMeasures, MeasureTable } from "./measure_table.ts";

/** Smallest limit of a table: one row to keep and one to fold. */
const MIN_LIMIT = 2;

/** Row of the calls without a key, whose slot is 0. */
const NONE = 0;

/** Heap memory of a row's key and facts, beside the characters of the key; measured with paths as keys. */
export const NAME_BYTES = 180;

/** Reads row `row` of `measures`. */
export type ReadRow<Read> = (measures: MeasureTable, row: number) => Read;

/** Options of a {@linkcode KeyedTable}. */
export interface KeyedTableOptions<Facts> {
  /** Maximum number of rows, at least 2. */
  limit: number;
  /** What the rows are, in the plural, for the error of an invalid limit. */
  what: string;
  /** True when a call may have no key: slot 0, counted separately. */
  optional: boolean;
  /** Takes the measures of a folded row, row `row` of `measures`. Default: they are added up, see {@linkcode KeyedTable.readOther}. */
  fold?: (facts: Facts, measures: MeasureTable, row: number) => void;
  /** True for a row that is never folded and does not count towards the limit: there must be few of them. */
  keeps?: (facts: Facts) => boolean;
  /** True when no row is ever folded: keys beyond the limit count in {@linkcode KeyedTable.other}. Default false. */
  isLasting?: boolean;
}

/**
 * A table of measures with a key and facts for each row, for instance a file's name, and a slot for each row in use:
 * batches name rows by slots, see runtime/event_batch.ts, and two slots may mean the same row.
 *
 * Bounded: {@linkcode bound}, called between batches, folds the less important half into one row when there are
 * more than `limit` rows, so the cost is spread over the `limit / 2` rows that then fit. Folded rows stay
 * counted exactly; a key that occurs again afterwards starts a new row.
 */
export class KeyedTable<Facts> {
  readonly #options: KeyedTableOptions<Facts>;
  readonly #measures = new MeasureTable();
  readonly #rowOfKey = new Map<string, number>();
  readonly #factsOf: (Facts | undefined)[] = [];
  #rowOfSlot = new Int32Array(64).fill(NO_ROW);
  #other = NO_ROW;
  #folded = 0;
  #kept = 0;
  #keyLengths = 0;

  /** Throws a `RangeError` for an invalid limit. */
  constructor(options: KeyedTableOptions<Facts>) {
    const { limit, what } = options;
    if (!Number.isSafeInteger(limit) || limit < MIN_LIMIT) {
      throw new RangeError(
        `Cannot count ${what}: the limit is ${limit}, it must be an integer of at least ${MIN_LIMIT}`,
      );
    }
    this.#options = options;
    if (this.#measures.allocate() !== NONE) throw new RangeError("The first row is not the first");
    this.#forgetSlots();
  }

  /** Rows folded so far. */
  get folded(): number {
    return this.#folded;
  }

  /** Memory that the rows take. */
  get bytes(): number {
    return this.#measures.bytes + this.#keyLengths + NAME_BYTES * this.#rowOfKey.size;
  }

  /** What `read` makes of the sum of the folded rows, `null` when there are none or `fold` takes them. */
  readOther<Read>(read: ReadRow<Read>): Read | null {
    return this.#other === NO_ROW ? null : read(this.#measures, this.#other);
  }

  /** What `read` makes of the calls without a key. */
  readNone<Read>(read: ReadRow<Read>): Read {
    return read(this.#measures, NONE);
  }

  /** What `read` makes of the row of a key, `null` when it has none. */
  readKey<Read>(key: string, read: ReadRow<Read>): Read | null {
    const row = this.#rowOfKey.get(key);
    return row === undefined ? null : read(this.#measures, row);
  }

  /**
   * Sets `rows[i]` to the row of `slots[from + i]` for the first `length` elements; `find` returns that of an unknown slot.
   */
  readRows(
    slots: Uint32Array,
    rows: Int32Array,
    from: number,
    length: number,
    find: (slot: number) => number,
  ): void {
    for (let i = this.#readKnown(slots, rows, from, 0, length); i < length;) {
      rows[i] = find(slots[from + i]);
      i = this.#readKnown(slots, rows, from, i + 1, length);
    }
  }

  /** The row of a slot, {@linkcode NO_ROW} when it is not known. */
  rowOfSlot(slot: number): number {
    return slot < this.#rowOfSlot.length ? this.#rowOfSlot[slot] : NO_ROW;
  }

  /** Forgets the row of a slot: it has a new name. */
  forgetSlot(slot: number): void {
    if (slot < this.#rowOfSlot.length) this.#rowOfSlot[slot] = NO_ROW;
  }

  /** The row of a key, from now on also that of `slot`. A new key gets a row with the facts that `facts` returns. */
  find(slot: number, key: string, facts: () => Facts): number {
    return this.nameSlot(slot, this.rowOfKey(key, facts));
  }

  /** Makes `row` the row of `slot`, and returns it. */
  nameSlot(slot: number, row: number): number {
    while (slot >= this.#rowOfSlot.length) this.#moreSlots();
    return this.#rowOfSlot[slot] = row;
  }

  /** The row of a key. A new key gets a row with the facts that `facts` returns, if there is room for one. */
  rowOfKey(key: string, facts: () => Facts): number {
    let row = this.#rowOfKey.get(key);
    if (row === undefined) {
      if (this.#isFull) return this.#otherRow();
      row = this.#measures.allocate();
      this.#rowOfKey.set(key, row);
      this.#keyLengths += key.length;
      this.#factsOf[row] = facts();
      if (this.#keeps(row)) this.#kept++;
    }
    return row;
  }

  /** True when a key has a row. */
  has(key: string): boolean {
    return this.#rowOfKey.has(key);
  }

  /** The facts of a row that has a key. */
  facts(row: number): Facts {
    return this.#factsOf[row]!;
  }

  /** Counts the first `length` calls, see {@linkcode MeasureTable.add}. */
  add(rows: Int32Array, calls: CallColumns, length: number, readRows = rows, writeRows = rows): void {
    this.#measures.add(rows, calls, 0, length, readRows, writeRows);
  }

  /** Adds plain measures to a row. */
  addMeasures(row: number, measures: AddedMeasures): void {
    this.#measures.addMeasures(row, measures);
  }

  /** Adds row `from` of `source` to a row. */
  mergeRow(row: number, source: MeasureTable, from: number): void {
    source.mergeInto(from, this.#measures, row);
  }

  /** Folds rows when there are too many, see {@linkcode foldTo}. */
  bound(): void {
    if (this.foldable > this.#options.limit) this.foldTo(this.#options.limit >> 1);
  }

  /** Rows that may be folded. */
  get foldable(): number {
    return this.#options.isLasting ? 0 : this.#rowOfKey.size - this.#kept;
  }

  get #isFull(): boolean {
    const { isLasting = false, limit } = this.#options;
    return isLasting && this.#rowOfKey.size >= limit;
  }

  /**
   * Folds all but `keep` rows, at least one and fewer than there are: those with the least total time, of equal ones the
   * younger. Row numbers from before are then no longer valid. Takes about 0.3 microseconds for each row there is.
   */
  foldTo(keep: number): void {
    const { foldable } = this;
    const importances = new Float64Array(foldable);
    let i = 0;
    for (const row of this.#rowOfKey.values()) {
      if (!this.#keeps(row)) importances[i++] = this.#measures.importance(row);
    }
    const least = importances.toSorted()[importances.length - keep];
    // How many rows as important as the least important one may stay.
    let equals = keep;
    for (const importance of importances) if (importance > least) equals--;
    i = 0;
    for (const [key, row] of this.#rowOfKey) {
      if (this.#keeps(row)) continue;
      const importance = importances[i++];
      if (importance > least || (importance === least && equals-- > 0)) continue;
      this.#fold(key, row);
    }
    this.#forgetSlots();
  }

  /** Calls `visit` for each row that is not folded, with its measures as row `row` of `measures`. */
  forEach(visit: (facts: Facts, measures: MeasureTable, row: number) => void): void {
    for (const row of this.#rowOfKey.values()) visit(this.facts(row), this.#measures, row);
  }

  /** Reads rows from `i` on up to the first unknown one, and returns its index. The loop is fast because it calls nothing. */
  #readKnown(slots: Uint32Array, rows: Int32Array, from: number, i: number, length: number): number {
    const rowOfSlot = this.#rowOfSlot;
    const end = rowOfSlot.length;
    for (; i < length; i++) {
      const slot = slots[from + i];
      if (slot >= end) return i;
      const row = rowOfSlot[slot];
      if (row === NO_ROW) return i;
      rows[i] = row;
    }
    return i;
  }

  #keeps(row: number): boolean {
    const { keeps } = this.#options;
    return keeps !== undefined && keeps(this.facts(row));
  }

  #fold(key: string, row: number): void {
    if (this.#options.fold) this.#options.fold(this.facts(row), this.#measures, row);
    else this.#measures.mergeInto(row, this.#measures, this.#otherRow());
    this.#measures.release(row);
    this.#rowOfKey.delete(key);
    this.#keyLengths -= key.length;
    this.#factsOf[row] = undefined;
    this.#folded++;
  }

  #otherRow(): number {
    return this.#other === NO_ROW ? this.#other = this.#measures.allocate() : this.#other;
  }

  #forgetSlots(): void {
    this.#rowOfSlot.fill(NO_ROW);
    if (this.#options.optional) this.#rowOfSlot[0] = NONE;
  }

  #moreSlots(): void {
    const slots = new Int32Array(2 * this.#rowOfSlot.length).fill(NO_ROW);
    slots.set(this.#rowOfSlot);
    this.#rowOfSlot = slots;
  }
}
