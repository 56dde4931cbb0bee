import type { CallExtra } from "../runtime/expression/mod.ts";
import {
  type CallCells,
  type CellColumns,
  CellHistogram,
  CellWriter,
  type SlowLimits,
} from "../runtime/call_cells.ts";
import {
  EXTRA_COLUMNS,
  type ExtraColumn,
  type FileName,
  NO_FILE,
  type TaskName,
} from "../runtime/event_batch.ts";
import { DID_NOT_RETURN } from "../runtime/outcome.ts";
import { loadInOrder } from "./machine.ts";
import { ALL_FILE_SLOTS } from "./text_paths.ts";
import { CALLS, CellKind, CELLS, CHUNKS, OCTAVES, Offset, POWERS, Size, TASK_SLOTS } from "./wire.ts";

/** Buckets of an octave. */
const BUCKETS = 32;

/** A round ends when this many of its cells or chunks are used: the rest is for what comes until the next look. */
const CELLS_ENOUGH = CELLS * 3 / 4;
const CHUNKS_ENOUGH = CHUNKS * 3 / 4;

/** Calls of a cell that are not left for later: a program has begun to make them. */
const MANY_CALLS = 1000;

/** Positions in arrays of words, halves and long words. */
const CELL_WORDS = Size.cell / 4;
const CALLS_AT = Offset.cell.calls / 4;
const WAITS_AT = Offset.cell.waits / 4;
const CHUNKS_AT = Offset.cell.chunks / 2;
const TOTAL_AT = Offset.cell.total_ns / 8;
const BYTES_AT = Offset.cell.bytes / 8;
const MAX_AT = Offset.cell.max_ns / 8;
const GAP_AT = Offset.cell.gap_ns / 8;
const TINY_AT = Offset.cell.tiny_ns / 8;
const IOWAIT_AT = Offset.cell.iowait_ns / 8;
const BLOCKED_AT = Offset.cell.blocked_ns / 8;
const RUNQUEUE_AT = Offset.cell.runqueue_ns / 8;
const FETCHED_AT = Offset.cell.fetched_bytes / 8;
const ROUND_AT = Offset.sums.round / 4;
const USED_CELLS_AT = Offset.sums.cells / 4;
const USED_CHUNKS_AT = Offset.sums.chunks / 4;
const RATES_AT = Offset.sums.rates / 4;
const OWN_AT = Offset.cell.own / 4;
const KIND_AT = OWN_AT + Offset.cell_key.kind / 4;
const MISSED_AT = Offset.sums.missed / 4;
const SLOW_AT = Offset.sums.slow_ns / 8;
const SLOW_WAITS_AT = Offset.sums.slow_waits_ns / 8;

/** A name as it was when a cell was announced; the number is the kernel's. */
interface Named<Name> {
  id: number;
  name: Name;
}

/** The key of a cell, as `cell_key` in `wire.h`; the numbers of names are the kernel's. */
export interface CellKey {
  cell: number;
  round: number;
  taskId: number;
  nr: number;
  fileId: number;
  oldFileId: number;
  /** Bits of `CellKind`. */
  kind: number;
  filter: number;
}

/** What a cell sums up. */
export interface CellFacts {
  /** Number of the cell. */
  cell: number;
  /** The round it belongs to. */
  round: number;
  nr: number;
  task: Named<Omit<TaskName, "slot">>;
  /** `null` for none. */
  file: Named<Omit<FileName, "slot">> | null;
  oldFile: Named<Omit<FileName, "slot">> | null;
  /** Error number of its calls, 0 when they did not fail. */
  errno: number;
  /** Whether its calls have a descriptor. */
  hasFd: boolean;
  /** Bits of `EventFlag` that its calls have. */
  flags: number;
  /** Whether its calls only write: the pages that they add to the page cache are theirs. */
  onlyWrites: boolean;
  /** Whether its calls are known to wait, see `runtime/waiting.ts`. */
  waits: boolean;
  /** Epoch of the filter that selected its calls. */
  epoch: number;
  /** False when its calls are not wanted. */
  isWanted: boolean;
  /** Whether its thread or its files are not known. */
  lacksName: boolean;
}

/** A cell, with the slots of its names, and what has been taken of it. */
interface Known extends Pick<CellFacts, "nr" | "errno" | "hasFd" | "flags"> {
  facts: CellFacts;
  task: number;
  file: number;
  oldFile: number;
  calls: number;
  totalNs: number;
  gapNs: number;
  tinyNs: number;
  bytes: number;
  /** Whether it had no calls between the last two times that it was looked at, or was not there yet. */
  hasRested: boolean;
  /** What else is known of its calls, see {@linkcode EXTRA_AT}. */
  extra: number[];
}

/** Where what else is known of calls is in a cell, and which extra asks for it. */
const EXTRA_AT = [
  { name: "iowaitNs", at: IOWAIT_AT, of: "waits" },
  { name: "blockedNs", at: BLOCKED_AT, of: "waits" },
  { name: "runqueueNs", at: RUNQUEUE_AT, of: "waits" },
  { name: "fetchedBytes", at: FETCHED_AT, of: "cache" },
] as const satisfies { name: ExtraColumn; at: number; of: CallExtra }[];

/** Memory of the kernel side, see `wire.h`: two halves of cells and chunks, for even and odd rounds. */
export interface SumsMemory {
  head: ArrayBuffer;
  cells: ArrayBuffer;
  chunks: ArrayBuffer;
}

/**
 * The cells in which the kernel programs add up calls that have no row. A look takes what has grown since the last one.
 * Nothing is lost or counted twice: counters only grow, and the bucket of a call, by which calls are counted here, is
 * the last that a program writes of it.
 *
 * A round that has used most of its cells is ended: programs use the other half from then on, and once all have left
 * that may hold a cell of it, it is read a last time and emptied.
 */
export class Sums {
  readonly #leave: () => boolean;
  readonly #extra: readonly (typeof EXTRA_AT)[number][];
  readonly #head: Uint32Array;
  readonly #limits: BigUint64Array;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #halves: Uint16Array;
  readonly #longs: BigUint64Array;
  readonly #counts: Int32Array;
  /** What has been taken of each bucket. */
  readonly #taken: Int32Array;
  readonly #rounds = [new Round(0), new Round(1)];
  #round = 0;
  /** False while the other half is not empty. */
  #canTurn = true;
  /** True when no program can hold a cell of the round before; false for ever when the kernel cannot tell. */
  #hasLeft = false;
  /** When the last look was, and at the calls of which filter. */
  #lookedNs = 0;
  #epoch = 0;
  /** When cells were looked at last and left as they were. */
  #leftNs = 0;
  #unnamed = 0;
  readonly #tasks: TaskName[] = [];
  readonly #files: FileName[] = [];
  readonly #writer: CellWriter;

  /** `extras` are known of the calls. `leave` waits until every program that runs now has ended; false when the kernel cannot tell. */
  constructor({ head, cells, chunks }: SumsMemory, leave: () => boolean, extras: readonly CallExtra[] = []) {
    this.#extra = EXTRA_AT.filter(({ of }) => extras.includes(of));
    this.#leave = leave;
    this.#writer = new CellWriter(this.#extra.length > 0);
    this.#head = new Uint32Array(head, 0, Size.sums / 4);
    this.#limits = new BigUint64Array(head, 0, RATES_AT / 2);
    this.#bytes = new Uint8Array(head);
    this.#words = new Uint32Array(cells);
    this.#halves = new Uint16Array(cells);
    this.#longs = new BigUint64Array(cells);
    this.#counts = new Int32Array(chunks);
    this.#taken = new Int32Array(this.#counts.length);
    this.#head.fill(1, RATES_AT, RATES_AT + CALLS);
  }

  /**
   * Sets of how many calls with a number one has a row: 1 for all, 0 for none, or `RATE_AUTO`. Numbers beyond the table are one, to
   * which negative ones belong: a program may call any.
   */
  setRate(nr: number, rate: number): void {
    Atomics.store(this.#head, RATES_AT + Math.min(nr >>> 0, CALLS - 1), rate);
  }

  /** Says that rates may be raised: a call whose rate is 1 is added up as well where the ring has no room for its row. */
  mayRaise(): void {
    this.#head[Offset.sums.raised / 4] = 1;
  }

  /** Says which calls move the bytes that they return: those whose class is 1. */
  setMoves(byteClasses: Uint8Array): void {
    this.#bytes.set(byteClasses.subarray(0, CALLS), Offset.sums.moves);
  }

  /**
   * Sets how long a call must take to have a row under `RATE_AUTO`, nanoseconds: one that does not wait, and one that does. 0
   * for all, `Infinity` for none.
   */
  setSlow({ filesNs, waitingNs }: SlowLimits): void {
    Atomics.store(this.#limits, SLOW_AT, limitOf(filesNs));
    Atomics.store(this.#limits, SLOW_WAITS_AT, limitOf(waitingNs));
  }

  /** Calls without a row that were slow when they were added up, by the power of two of their latency in nanoseconds. */
  missed(): Uint32Array {
    return this.#head.slice(MISSED_AT, MISSED_AT + POWERS);
  }

  /** Calls taken so far whose thread or files are not known. */
  get unnamed(): number {
    return this.#unnamed;
  }

  /** True when the next round should begin or the last one end, which a look does: new keys may find no cells until then. */
  get isRunningOut(): boolean {
    return this.#canTurn ? this.#isUsedUp(this.#round & 1) : this.#hasLeft;
  }

  /** Cells that have their key in memory, as the ring had no room for it, and are not announced yet. */
  *ownCells(): Iterable<CellKey> {
    for (const [half, { cells }] of this.#rounds.entries()) {
      const used = this.#usedCells(half);
      if (cells.length === used) continue;
      const round = (this.#round & 1) === half ? this.#round : this.#round - 1;
      for (let cell = half * CELLS + 1; cell <= half * CELLS + used; cell++) {
        const kind = Atomics.load(this.#words, cell * CELL_WORDS + KIND_AT);
        if ((kind & CellKind.WRITTEN) === 0) continue;
        const at = (field: keyof typeof Offset.cell_key) =>
          this.#words[cell * CELL_WORDS + OWN_AT + Offset.cell_key[field] / 4];
        yield {
          ...{ cell, round, kind: kind & ~CellKind.WRITTEN, nr: at("nr") | 0, taskId: at("task_id") },
          ...{ fileId: at("file_id"), oldFileId: at("file2_id"), filter: at("filter") },
        };
      }
    }
  }

  /** Takes note of a new cell; its names are those at this moment. */
  announce(facts: CellFacts): void {
    const round = this.#rounds[facts.round & 1];
    const { task, file, oldFile, nr, errno, hasFd, flags, waits } = facts;
    this.#words[facts.cell * CELL_WORDS + WAITS_AT] = waits ? 1 : 0;
    this.#words[facts.cell * CELL_WORDS + KIND_AT] &= ~CellKind.WRITTEN;
    round.cells.push({
      facts,
      hasRested: true,
      nr,
      task: round.slotOfTask(task, this.#tasks),
      file: file === null ? NO_FILE : round.slotOfFile(file, this.#files),
      oldFile: oldFile === null ? NO_FILE : round.slotOfFile(oldFile, this.#files),
      errno,
      hasFd,
      flags,
      calls: 0,
      totalNs: 0,
      gapNs: 0,
      tinyNs: 0,
      bytes: 0,
      extra: this.#extra.map(() => 0),
    });
  }

  /**
   * What has been added up of the calls of an epoch since the last look; `null` when there is nothing. To be called when
   * the ring has been read, so that cells are known.
   *
   * @param timeNs Now, nanoseconds since the trace began.
   */
  take(epoch: number, timeNs: number): CallCells | null {
    const current = this.#round & 1;
    const old = this.#rounds[1 - current];
    // All cells given out are known, and no program holds one: a last look, and the half is empty again.
    const isOver = !this.#canTurn && this.#hasLeft && old.cells.length === this.#usedCells(1 - current) &&
      old.cells.every(({ facts }) => facts.epoch <= epoch);
    for (const round of this.#rounds) this.#takeRound(round, epoch);
    if (isOver) this.#empty(1 - current);
    if (this.#canTurn && this.#isUsedUp(current)) this.#turn();
    this.#lookedNs = timeNs;
    this.#epoch = epoch;
    if (this.#writer.length === 0) return null;
    return { ...this.#writer.take(), timeNs, tasks: this.#tasks.splice(0), files: this.#files.splice(0) };
  }

  /**
   * Looks at the cells and leaves them as they are; false when they should be taken: one is not known yet, or has grown much.
   * Those that have not grown by `timeNs` have what they grow by later from then on.
   */
  pass(timeNs: number): boolean {
    const isLittle = this.#rounds.every(({ cells }, half) =>
      cells.length === this.#usedCells(half) &&
      cells.every((known) => this.#growth(known, this.#epoch) <= MANY_CALLS)
    );
    if (!isLittle) return false;
    for (const { cells } of this.#rounds) {
      for (const known of cells) known.hasRested = this.#growth(known, this.#epoch) === 0;
    }
    this.#leftNs = timeNs;
    return true;
  }

  /** Calls of a cell, wanted and of this epoch, since the last look. */
  #growth({ facts, calls }: Known, epoch: number): number {
    if (!facts.isWanted || facts.epoch !== epoch) return 0;
    return (this.#words[facts.cell * CELL_WORDS + CALLS_AT] - calls) >>> 0;
  }

  #takeRound({ cells }: Round, epoch: number): void {
    for (const known of cells) if (this.#growth(known, epoch) !== 0) this.#takeCell(known);
  }

  #takeCell(known: Known): void {
    const { facts, flags, hasRested } = known;
    const to = this.#writer;
    const returns = (flags & DID_NOT_RETURN) === 0;
    const { calls, last } = this.#takeBuckets(facts, CellHistogram.LATENCY, returns);
    if (calls === 0) return;
    to.endHistogram(CellHistogram.LATENCY);
    for (const histogram of [CellHistogram.GAP, CellHistogram.SIZE]) {
      this.#takeBuckets(facts, histogram, true);
      to.endHistogram(histogram);
    }
    const { columns, length: i } = to;
    const at = facts.cell * CELL_WORDS / 2;
    const totalNs = this.#long(at + TOTAL_AT);
    const gapNs = this.#long(at + GAP_AT);
    const tinyNs = this.#long(at + TINY_AT);
    const bytes = this.#long(at + BYTES_AT);
    const maxNs = Number(Atomics.exchange(this.#longs, at + MAX_AT, 0n));
    columns.sinceNs[i] = hasRested && this.#leftNs > this.#lookedNs ? this.#leftNs : this.#lookedNs;
    columns.calls[i] = calls;
    columns.returned[i] = returns ? calls : 0;
    columns.totalNs[i] = totalNs - known.totalNs;
    columns.gapNs[i] = gapNs - known.gapNs;
    columns.tinyNs[i] = tinyNs - known.tinyNs;
    columns.bytes[i] = bytes - known.bytes;
    // A call that ends during the look may have left its time here and its place in a bucket for the next look.
    columns.maxNs[i] = returns ? Math.max(maxNs, lowestOf(last)) : 0;
    columns.nr[i] = known.nr;
    columns.task[i] = known.task;
    columns.file[i] = known.file;
    columns.oldFile[i] = known.oldFile;
    columns.errno[i] = known.errno;
    columns.flags[i] = flags;
    columns.hasFd[i] = known.hasFd ? 1 : 0;
    if (columns.extra !== undefined) this.#takeExtra(known, columns.extra, i);
    to.endCell();
    known.calls = (known.calls + calls) >>> 0;
    known.totalNs = totalNs;
    known.gapNs = gapNs;
    known.tinyNs = tinyNs;
    known.bytes = bytes;
    if (facts.lacksName) this.#unnamed += calls;
  }

  #long(at: number): number {
    return Number(Atomics.load(this.#longs, at));
  }

  /** What else is known of the calls of a cell, as far as it has grown. */
  #takeExtra(known: Known, columns: NonNullable<CellColumns["extra"]>, at: number): void {
    for (const name of EXTRA_COLUMNS) columns[name][at] = NaN;
    this.#extra.forEach(({ name, at: field }, i) => {
      const value = this.#long(known.facts.cell * CELL_WORDS / 2 + field);
      if (name !== "fetchedBytes" || !known.facts.onlyWrites) columns[name][at] = value - known.extra[i];
      known.extra[i] = value;
    });
  }

  /**
   * Takes what the buckets of one of a cell's histograms have grown by, into the columns if it `writes`; returns by how many calls,
   * and the last bucket that has grown.
   */
  #takeBuckets(
    { cell, round }: CellFacts,
    histogram: number,
    writes: boolean,
  ): { calls: number; last: number } {
    const [halves, counters, taken] = [this.#halves, this.#counts, this.#taken];
    const places = cell * 2 * CELL_WORDS + CHUNKS_AT + histogram * OCTAVES;
    let [calls, last] = [0, 0];
    for (let octave = 0; octave < OCTAVES; octave++) {
      const chunk = halves[places + octave];
      if (chunk === 0) continue;
      const first = ((round & 1) * CHUNKS + chunk) * BUCKETS;
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const count = loadInOrder(counters, first + bucket);
        const grown = (count - taken[first + bucket]) >>> 0;
        if (grown === 0) continue;
        taken[first + bucket] = count;
        calls += grown;
        last = octave * BUCKETS + bucket;
        if (writes) this.#writer.addBucket(last, grown);
      }
    }
    return { calls, last };
  }

  #isUsedUp(half: number): boolean {
    return this.#usedCells(half) >= CELLS_ENOUGH || this.#usedChunks(half) >= CHUNKS_ENOUGH;
  }

  /** Begins the next round. */
  #turn(): void {
    this.#canTurn = false;
    this.#round++;
    Atomics.store(this.#head, ROUND_AT, this.#round);
    this.#hasLeft = this.#leave();
  }

  #empty(half: number): void {
    const [cells, chunks] = [half * CELLS, half * CHUNKS * BUCKETS];
    this.#words.fill(0, cells * CELL_WORDS, (cells + this.#usedCells(half) + 1) * CELL_WORDS);
    const end = chunks + (this.#usedChunks(half) + 1) * BUCKETS;
    this.#counts.fill(0, chunks, end);
    this.#taken.fill(0, chunks, end);
    this.#head[USED_CELLS_AT + half] = 0;
    this.#head[USED_CHUNKS_AT + half] = 0;
    this.#rounds[half] = new Round(half);
    this.#canTurn = true;
  }

  /** Programs count on for a moment when there is nothing left to give. */
  #usedCells(half: number): number {
    return Math.min(Atomics.load(this.#head, USED_CELLS_AT + half), CELLS - 1);
  }

  #usedChunks(half: number): number {
    return Math.min(Atomics.load(this.#head, USED_CHUNKS_AT + half), CHUNKS - 1);
  }
}

function limitOf(ns: number): bigint {
  return Number.isFinite(ns) ? BigInt(ns) : 2n ** 64n - 1n;
}

/** Smallest value of a bucket. */
function lowestOf(index: number): number {
  if (index < BUCKETS) return index;
  return (BUCKETS + index % BUCKETS) * 2 ** (Math.floor(index / BUCKETS) - 1);
}

/**
 * The cells of one round. Their names have slots of their own, behind those of rows: the kernel may give the number of a
 * name to another one while a cell still counts for the old name.
 */
class Round {
  readonly cells: Known[] = [];
  readonly #half: number;
  readonly #taskSlots = new Map<number, number>();
  readonly #fileSlots = new Map<number, number>();

  constructor(half: number) {
    this.#half = half;
  }

  /** The slot of a task; its name goes to `added` when it is new. */
  slotOfTask({ id, name }: CellFacts["task"], added: TaskName[]): number {
    let slot = this.#taskSlots.get(id);
    if (slot !== undefined) return slot;
    slot = TASK_SLOTS + this.#half * CELLS + this.#taskSlots.size;
    this.#taskSlots.set(id, slot);
    added.push({ ...name, slot });
    return slot;
  }

  /** The same of a file; a cell has two at most. */
  slotOfFile({ id, name }: NonNullable<CellFacts["file"]>, added: FileName[]): number {
    let slot = this.#fileSlots.get(id);
    if (slot !== undefined) return slot;
    slot = ALL_FILE_SLOTS + this.#half * 2 * CELLS + this.#fileSlots.size;
    this.#fileSlots.set(id, slot);
    added.push({ ...name, slot });
    return slot;
  }
}
