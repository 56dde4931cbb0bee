import {
  type EventBatch,
  EventFlag,
  type FileName,
  NO_FD,
  type TaskName,
} from "../../runtime/event_batch.ts";
import { DID_NOT_RETURN } from "../../runtime/outcome.ts";
import { familyOf, syscallName } from "../../runtime/syscalls/mod.ts";
import type { Arch } from "../../runtime/syscalls/types.ts";
import type { EncodedColumn } from "../parquet/write_column.ts";
import {
  BYTES,
  encodeDictionary,
  encodeNulls,
  INT32,
  INT64,
  TEXT,
  UINT32,
  type ValueCodec,
} from "../parquet/write_dictionary.ts";
import { Int32Column, Int64Column } from "../parquet/write_numbers.ts";
import { CallCodes } from "./call_codes.ts";
import { CallOutcomes } from "./call_outcomes.ts";
import type { ColumnName } from "./columns.ts";
import { ExtraRows } from "./extra_rows.ts";
import { wallMicros } from "./wall_micros.ts";
import { RowNames } from "./row_names.ts";

/**
 * Rows per row group: what query engines give to one thread at a time, and four full batches. Twice as many would suit
 * them too, but took ior from 185 to 225 MiB: the worker holds the columns twice, once encoded.
 */
export const ROW_GROUP_ROWS = 65_536;

/** All values of a byte. */
const RESTARTS: readonly number[] = Array.from({ length: 256 }, (_, restarts) => restarts);

/** Rows waiting to be written: numbers as columns, and the names they use. Slots keep their names across row groups. */
export class RowGroup {
  readonly #arch: Arch;
  readonly #names = new RowNames(ROW_GROUP_ROWS);
  readonly #calls = new CallCodes(ROW_GROUP_ROWS);
  readonly #fd = new Int32Column(ROW_GROUP_ROWS, NO_FD, EventFlag.LEAST_FD);
  readonly #outcomes = new CallOutcomes(ROW_GROUP_ROWS);
  readonly #restarts = new Uint8Array(ROW_GROUP_ROWS);
  readonly #epoch = new Uint32Array(ROW_GROUP_ROWS);
  readonly #epochs: number[] = [];
  readonly #seq = new Int64Column(ROW_GROUP_ROWS, false);
  readonly #timeNs = new Int64Column(ROW_GROUP_ROWS, false);
  readonly #ret = new Int64Column(ROW_GROUP_ROWS, true);
  readonly #bytes = new Int64Column(ROW_GROUP_ROWS, true);
  readonly #latencyNs = new Int64Column(ROW_GROUP_ROWS, true);
  readonly #gapNs = new Int64Column(ROW_GROUP_ROWS, true);
  readonly #extra = new ExtraRows(ROW_GROUP_ROWS);
  #rows = 0;

  /** `arch` is the architecture whose call numbers the batches carry. */
  constructor(arch: Arch) {
    this.#arch = arch;
  }

  /** Rows held. */
  get rows(): number {
    return this.#rows;
  }

  /** True when no more rows fit. */
  get full(): boolean {
    return this.#rows === ROW_GROUP_ROWS || this.#names.full;
  }

  /** Takes the names of a batch; they apply to the rows added from here on. */
  applyNames(batch: EventBatch): void {
    this.#names.apply(batch);
  }

  /** Adds the calls of a batch from `from` up to but excluding `end`, as far as there is room; returns where it stopped. */
  add(batch: EventBatch, from: number, end: number): number {
    const { columns, firstSeq, seqs, epoch } = batch;
    const row = this.#rows;
    const to = this.#names.add(batch, from, Math.min(end, from + ROW_GROUP_ROWS - row), row);
    this.#calls.add(columns.nr, from, to, row);
    this.#fd.add(columns.fd, columns.flags, from, to);
    this.#outcomes.add(columns, from, to);
    this.#restarts.set(columns.restarts.subarray(from, to), row);
    if (this.#epochs.at(-1) !== epoch) this.#epochs.push(epoch);
    this.#epoch.fill(this.#epochs.length - 1, row, row + to - from);
    if (seqs) this.#seq.addNumbers(seqs, from, to);
    else this.#seq.addSequence(firstSeq + from, to - from);
    this.#timeNs.addNumbers(columns.enterNs, from, to);
    this.#ret.addExact(columns.ret, columns.flags, DID_NOT_RETURN, from, to);
    this.#bytes.addNumbers(columns.bytes, from, to);
    this.#latencyNs.addNumbers(columns.durationNs, from, to);
    this.#gapNs.addNumbers(columns.gapNs, from, to);
    this.#extra.add(columns.extra, from, to, row);
    this.#rows += to - from;
    return to;
  }

  /**
   * The columns as stored, each encoded on demand; `startedWallNs` is when the trace began. Valid until
   * {@linkcode RowGroup.clear}.
   */
  columns(startedWallNs: bigint): Record<ColumnName, () => EncodedColumn> {
    const rows = this.#rows;
    const { task, file, oldFile, extra, taskNames, fileNames } = this.#names;
    const { codes, numbers } = this.#calls;
    const arch = this.#arch;
    const byTask = <Value>(codec: ValueCodec<Value>, value: (task: TaskName) => Value) => () =>
      encodeDictionary(task, rows, taskNames.map((name) => name && value(name)), codec, false);
    const byFile = <Value>(
      codec: ValueCodec<Value>,
      files: Uint32Array | undefined,
      value: (file: FileName) => Value | null,
    ) =>
    () =>
      files === undefined
        ? encodeNulls(rows)
        : encodeDictionary(files, rows, fileNames.map((name) => name && value(name)), codec, true);
    const byCall = (name: (arch: Arch, nr: number) => string) => () =>
      encodeDictionary(codes, rows, numbers.map((nr) => name(arch, nr)), TEXT, false);
    return {
      seq: () => this.#seq.encode(rows),
      time: () => this.#timeNs.encodeMapped(wallMicros(startedWallNs)),
      time_ns: () => this.#timeNs.encode(rows),
      pid: byTask(INT32, ({ pid }) => pid),
      tid: byTask(INT32, ({ tid }) => tid),
      comm: byTask(TEXT, ({ comm }) => comm),
      uid: byTask(UINT32, ({ uid }) => uid),
      syscall: byCall(syscallName),
      family: byCall(familyOf),
      fd: () => this.#fd.encode(),
      path: byFile(TEXT, file, ({ path }) => path),
      old_path: byFile(TEXT, oldFile, ({ path }) => path),
      path_raw: byFile(BYTES, file, ({ raw }) => raw ?? null),
      old_path_raw: byFile(BYTES, oldFile, ({ raw }) => raw ?? null),
      path_error: () => this.#outcomes.pathError(),
      ret: () => this.#ret.encode(rows),
      errno: () => this.#outcomes.errno(),
      failed: () => this.#outcomes.failed(),
      bytes: () => this.#bytes.encode(rows),
      latency_ns: () => this.#latencyNs.encode(rows),
      gap_ns: () => this.#gapNs.encode(rows),
      restarts: () => encodeDictionary(this.#restarts, rows, RESTARTS, INT32, false),
      epoch: () => encodeDictionary(this.#epoch, rows, this.#epochs, INT32, false),
      cgroup: () => encodeDictionary(task, rows, taskNames.map((name) => name?.cgroup ?? null), TEXT, true),
      gid: () => encodeDictionary(task, rows, taskNames.map((name) => name?.gid ?? null), UINT32, true),
      iowait_ns: () => this.#extra.encode("iowaitNs", rows),
      blocked_ns: () => this.#extra.encode("blockedNs", rows),
      runqueue_ns: () => this.#extra.encode("runqueueNs", rows),
      fetched_bytes: () => this.#extra.encode("fetchedBytes", rows),
      stack: byFile(TEXT, extra?.stack, ({ path }) => path),
      offset_bytes: () => this.#extra.encode("offsetBytes", rows),
      flags: byFile(TEXT, extra?.flags, ({ path }) => path),
      process_start_ns: byTask(INT64, ({ processStartNs }) => processStartNs),
    };
  }

  /** Makes it empty; slots keep their names. */
  clear(): void {
    for (const column of [this.#seq, this.#timeNs, this.#ret, this.#bytes, this.#latencyNs, this.#gapNs]) {
      column.clear();
    }
    for (const part of [this.#names, this.#calls, this.#fd, this.#outcomes, this.#extra]) part.clear();
    this.#epochs.length = 0;
    this.#rows = 0;
  }
}
