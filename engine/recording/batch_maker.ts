import {
  createColumns,
  type EventBatch,
  type EventColumns,
  EventFlag,
  EXTRA_COLUMNS,
  NO_FD,
  NO_FILE,
} from "../../runtime/event_batch.ts";
import { numberOfName } from "../../runtime/syscalls/mod.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import { require } from "../parquet/damage.ts";
import { shown } from "./read_errors.ts";
import { checkNumbers, checkPaths } from "./row_check.ts";
import type { RowColumns } from "./row_columns.ts";
import { RowSlots } from "./row_slots.ts";
import { SlotNames } from "./slot_names.ts";

/** Calls per batch, as in a live trace. */
const BATCH_CALLS = 16_384;

/** A batch of fewer has columns of its own size. */
const SMALL_BATCH_CALLS = 1_024;

/** The flag of each value of the column `path_error`. */
const PATH_FLAGS: Readonly<Record<string, number>> = {
  fault: EventFlag.PATH_FAULT,
  truncated: EventFlag.PATH_TRUNCATED,
};

/** Offsets of a run that follows other runs. */
export interface Shift {
  /** Its start minus that of the first recording, nanoseconds. */
  timeNs: number;
  /** Rows of the recordings before it. */
  seq: number;
}

/** Makes batches from rows, as the decoder of a live trace makes them from records. */
export class BatchMaker {
  readonly #arch: Arch;
  readonly #names = new SlotNames();
  /** Columns for reuse. */
  readonly #spare: EventColumns[] = [];

  /** `arch` is the machine whose call numbers the batches carry. */
  constructor(arch: Arch) {
    this.#arch = arch;
  }

  /** Takes columns back, to be filled again. */
  recycle(columns: EventColumns): void {
    const isPlain = columns.extra === undefined;
    if (this.#spare.length === 0 && isPlain && columns.nr.length === BATCH_CALLS) this.#spare.push(columns);
  }

  /** Columns for a batch. A small batch gets small ones: the filter may change often. */
  #columns(calls: number, hasExtra: boolean): EventColumns {
    if (hasExtra) return createColumns(calls, true);
    return calls < SMALL_BATCH_CALLS ? createColumns(calls) : this.#spare.pop() ?? createColumns(BATCH_CALLS);
  }

  /** The batches of some rows. Throws `Damage` for rows that make no sense. */
  *batches(rows: RowColumns, shift: Shift): Generator<EventBatch> {
    checkNumbers(rows);
    checkPaths(rows);
    const slots = new RowSlots(rows, this.#names, shift.timeNs);
    const nrs = rows.syscall.values.map((name) => name === null ? null : callNumber(this.#arch, name));
    const pathFlags = Uint8Array.from(rows.pathError.values, (value) => PATH_FLAGS[value ?? ""] ?? 0);
    const hasExtra = rows.extra !== null || rows.stack.values.length > 1 || rows.flags.values.length > 1 ||
      rows.offsetBytes.some((value) => value === value);
    for (let from = 0; from < rows.length;) {
      if (this.#names.isFull) {
        this.#names.restart();
        slots.forget();
      }
      const to = batchEnd(rows, from);
      const columns = this.#columns(to - from, hasExtra);
      fillNumbers(columns, rows, from, to, shift.timeNs);
      fillCalls(columns, rows, nrs, from, to);
      fillOutcomes(columns, rows, pathFlags, from, to);
      for (let row = from, i = 0; row < to; row++, i++) {
        columns.task[i] = slots.task(row);
        columns.file[i] = rows.path.codes[row] === 0 ? NO_FILE : slots.file(row);
        columns.oldFile[i] = rows.oldPath.codes[row] === 0 ? NO_FILE : slots.oldFile(row);
        if (columns.extra === undefined) continue;
        columns.extra.stack[i] = slots.stack(row);
        columns.extra.flags[i] = slots.flags(row);
      }
      yield {
        length: to - from,
        ...numbersOf(rows.seq.subarray(from, to), shift.seq),
        epoch: rows.epoch[from],
        columns,
        ...this.#names.takeNew(),
      };
      from = to;
    }
  }
}

/** Where a batch that begins at `from` ends: at a new filter, or when it is full. */
function batchEnd({ epoch, length }: RowColumns, from: number): number {
  require(Number.isInteger(epoch[from]), () => `a row has the epoch ${epoch[from]}`);
  const limit = Math.min(length, from + BATCH_CALLS);
  let to = from + 1;
  while (to < limit && epoch[to] === epoch[from]) to++;
  return to;
}

/** The numbers of the rows of a batch; `seqs` only when they are not consecutive. */
function numbersOf(seq: Float64Array, shift: number): Pick<EventBatch, "firstSeq" | "seqs"> {
  const first = seq[0];
  const firstSeq = first + shift;
  let follows = true;
  for (let i = 0; i < seq.length; i++) {
    require(Number.isSafeInteger(seq[i]), () => `a row has the number ${seq[i]}`);
    follows &&= seq[i] === first + i;
  }
  return follows ? { firstSeq } : { firstSeq, seqs: seq.map((number) => number + shift) };
}

/** The number of a call by its name, or by its number as text. */
function callNumber(arch: Arch, name: string): number {
  const number = numberOfName(arch, name);
  require(number !== null, () => `it has calls of ${shown(name)}, which ior does not know on ${arch}`);
  return number!;
}

function fillNumbers(
  columns: EventColumns,
  rows: RowColumns,
  from: number,
  to: number,
  shiftNs: number,
): void {
  columns.durationNs.set(rows.latencyNs.subarray(from, to));
  columns.gapNs.set(rows.gapNs.subarray(from, to));
  columns.bytes.set(rows.bytes.subarray(from, to));
  for (const name of columns.extra ? EXTRA_COLUMNS : []) {
    if (rows.extra === null) columns.extra![name].fill(NaN);
    else columns.extra![name].set(rows.extra[name].subarray(from, to));
  }
  columns.extra?.offsetBytes.set(rows.offsetBytes.subarray(from, to));
  for (let row = from, i = 0; row < to; row++, i++) {
    const timeNs = rows.timeNs[row];
    require(timeNs === timeNs, () => "a row has no time");
    columns.enterNs[i] = timeNs + shiftNs;
    const fd = rows.fd[row];
    columns.fd[i] = fd === fd ? fd : NO_FD;
    columns.restarts[i] = rows.restarts[row];
  }
}

function fillCalls(
  columns: EventColumns,
  { syscall }: RowColumns,
  nrs: readonly (number | null)[],
  from: number,
  to: number,
): void {
  for (let row = from, i = 0; row < to; row++, i++) {
    const nr = nrs[syscall.codes[row]];
    require(nr !== null, () => "a row has no system call");
    columns.nr[i] = nr;
  }
}

/** The returned value and the flags: without a value, a latency means that the process was killed. */
function fillOutcomes(
  columns: EventColumns,
  { fd, ret, pathError, latencyNs }: RowColumns,
  pathFlags: Uint8Array,
  from: number,
  to: number,
): void {
  const words = new Int32Array(columns.ret.buffer, columns.ret.byteOffset, 2 * (to - from));
  words.set(ret.words.subarray(2 * from, 2 * to));
  for (let row = from, i = 0; row < to; row++, i++) {
    let flags = pathFlags[pathError.codes[row]];
    if (fd[row] === NO_FD) flags |= EventFlag.LEAST_FD;
    if (ret.present[row] === 0) {
      words[2 * i] = 0;
      words[2 * i + 1] = 0;
      flags |= latencyNs[row] === latencyNs[row] ? EventFlag.KILLED : EventFlag.NO_RETURN;
    }
    columns.flags[i] = flags;
  }
}
