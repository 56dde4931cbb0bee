import type { EventIngester, SnapshotSource } from "../../runtime/contracts.ts";
import {
  bucketRange,
  type CallCells,
  type CellColumns,
  CellHistogram,
  type SlowLimits,
} from "../../runtime/call_cells.ts";
import { MAX_ERRNO } from "../../runtime/errno.ts";
import {
  endOfCall,
  type EventBatch,
  type EventColumns,
  EventFlag,
  NO_FD,
  NO_FILE,
} from "../../runtime/event_batch.ts";
import { longer } from "../../runtime/longer.ts";
import type { StatsConfig } from "../../runtime/messages.ts";
import type { MetricSums } from "../../runtime/metric_sums.ts";
import { DID_NOT_RETURN } from "../../runtime/outcome.ts";
import { OTHER_NAME, type SnapshotRequest, type StatsSnapshot, TINY_BYTES } from "../../runtime/stats.ts";
import { type Waiting, waitingCall, waitingOf } from "../../runtime/waiting.ts";
import { RowBuilder } from "../event_rows.ts";
import { bucketIndex, MAX_VALUE } from "./buckets.ts";
import { CallColumns, CHUNK_CALLS, NO_BUCKET, NO_ROW } from "./call_columns.ts";
import { Trait } from "./call_traits.ts";
import { cellMeasures } from "./cell_measures.ts";
import { DenseHistograms } from "./dense_histograms.ts";
import { chunkOf } from "./extra_sums.ts";
import {
  DescriptorRoom,
  ELSEWHERE_KEY,
  fileKey,
  namedFile,
  ProcessFacts,
  processKey,
  WaitingFacts,
} from "./facts.ts";
import type { GroupColumns, GroupSource } from "./group_table.ts";
import type { KeyedTable } from "./keyed_table.ts";
import { type AddedMeasures, MeasureTable } from "./measure_table.ts";
import { buildMetricSums } from "./metric_sums.ts";
import { SlotIds } from "./slot_ids.ts";
import { buildSnapshot } from "./snapshot.ts";
import { StatsTables } from "./stats_tables.ts";
import { endingOf, ENDINGS } from "./use_of_call.ts";
import { USES_PER_FILE } from "./uses.ts";

/** Row of the table of files for calls without one. */
const NONE = 0;

/** The row of a table that has one. */
const ONE_ROW = 0;

/** Traits of calls that need more than their row. */
const SPECIAL = Trait.COPIES | Trait.WAITS | Trait.ELSEWHERE;

/** Maximum number of peers, terminals and so on with a row of their own; a crawler has more than anyone reads. */
const MAX_WAITING = 1000;

/**
 * Counts calls: per system call, file, directory, process and error, over time, by the requested groupings, and the
 * slowest calls. Knows nothing of workers.
 *
 * A call that returned adds its latency to the time of every table; one that did not (`exit`, a process killed inside
 * it) counts as a call only, and is never among the slowest. A call with two files counts for `path`, the new name or the
 * destination; the bytes that a copy reads belong to its source, `old_path`. A copy that waits for its source, as `splice`
 * from a pipe to a file, counts for the source, and the bytes that it writes for the destination. Everything is bounded, see `STATS_LIMITS`.
 *
 * Must not be used after {@linkcode ingest} has thrown: part of the batch may have been counted.
 */
export class StatsEngine implements EventIngester, SnapshotSource {
  readonly #config: StatsConfig;
  readonly #rows: RowBuilder;
  readonly #source: GroupSource;
  readonly #taskIds = new SlotIds();
  readonly #fileIds = new SlotIds();
  #tables: StatsTables;
  /** The chunk of calls at work. */
  readonly #calls = new CallColumns();
  /** The latest exit seen, nanoseconds since the trace began. */
  #latestNs = 0;
  /** By row of the table of files: 1 when its calls wait, else 0. */
  #waits = new Uint8Array(64);
  /** Rows of what is waited for, and room for the names of their descriptors. */
  #waitingRows = 0;
  #descriptorRoom = new DescriptorRoom();

  /**
   * Throws a `RangeError` for an invalid limit in `config`. `rows` has the names of the batches; another ingester of the same
   * batches may share it.
   */
  constructor(config: StatsConfig, rows = new RowBuilder(config.arch)) {
    this.#config = config;
    this.#rows = rows;
    this.#source = {
      arch: config.arch,
      task: (slot) => this.#rows.task(slot),
      file: (slot) => this.#rows.file(slot),
    };
    this.#tables = new StatsTables(config, this.#source, this.#latestNs);
  }

  /**
   * Starts a new baseline, whose time begins at `sinceNs`, nanoseconds since the trace began: default the last exit. Names stay:
   * later batches do not repeat them.
   */
  reset(sinceNs = this.#latestNs): void {
    this.#latestNs = sinceNs;
    this.#waits.fill(0);
    this.#waitingRows = 0;
    this.#descriptorRoom = new DescriptorRoom();
    this.#tables = new StatsTables(this.#config, this.#source, this.#latestNs);
  }

  /** What was counted since the start or the last reset, all or what the request says; shares nothing with the engine. */
  snapshot(request?: SnapshotRequest): StatsSnapshot {
    return buildSnapshot(this.#tables, request);
  }

  /** The sums for metrics of the same, see {@linkcode buildMetricSums}. */
  sums(latencyEnds: readonly number[]): MetricSums {
    return buildMetricSums(this.#tables, latencyEnds);
  }

  /** Counts the calls of a batch. Keeps no reference to its columns. */
  ingest(batch: EventBatch): void {
    this.#rows.apply(batch);
    this.#namesChanged(batch);
    const groupColumns = { ...this.#groupColumns(batch.columns), stack: batch.columns.extra?.stack };
    for (let from = 0; from < batch.length; from += CHUNK_CALLS) {
      this.#ingestChunk(batch.columns, from, Math.min(CHUNK_CALLS, batch.length - from), groupColumns);
    }
    this.#tables.bound();
  }

  /** Calls that may be among the slowest: all until there are enough of these, then those slower than the last of them. */
  get slow(): SlowLimits {
    const { slowest, slowestWaiting } = this.#tables;
    return {
      filesNs: slowest.thresholdNs + 1,
      waitingNs: slowest.isEmpty ? slowestWaiting.thresholdNs + 1 : Infinity,
    };
  }

  /** Counts calls given as sums, which are spread over the time that they were made in: nothing more is known of it. */
  ingestCells({ length, columns, timeNs, tasks, files }: CallCells): void {
    this.#rows.name({ tasks, files });
    this.#namesChanged({ tasks, files });
    const { series } = this.#tables;
    series.advance(timeNs);
    const groupColumns = this.#groupColumns(columns);
    const totals = new Map<number, MeasureTable>();
    for (let i = 0; i < length; i++) {
      const from = columns.sinceNs[i];
      let total = totals.get(from);
      if (total === undefined) totals.set(from, total = oneRow());
      this.#ingestCell(columns, i, total, groupColumns);
    }
    for (const [from, total] of totals) series.spread(total.toDataWithLatency(ONE_ROW), from, timeNs);
    if (timeNs > this.#latestNs) this.#latestNs = timeNs;
    this.#tables.bound();
  }

  #ingestChunk(columns: EventColumns, from: number, length: number, groupColumns: GroupColumns): void {
    const { syscalls, processes, files, groups } = this.#tables;
    const calls = this.#calls;
    syscalls.readRows(columns.nr, calls.syscall, from, length);
    processes.readRows(columns.task, calls.process, from, length, this.#findProcess);
    files.readRows(columns.file, calls.file, from, length, this.#findFile);
    this.#readTraits(columns, from, length);
    this.#readLatencies(columns, from, length);
    this.#readGaps(columns, from, length);
    this.#readErrors(columns, from, length);
    this.#readSizes(columns, from, length);
    this.#readUses(columns, from, length);
    this.#readWaiting(length);
    calls.extra = chunkOf(columns.extra, from, length, this.#config.ignoresFetched);

    this.#addSyscalls(columns, from, length);
    processes.add(calls.process, calls, length);
    files.add(calls.file, calls, length, calls.readFile, calls.writeFile);
    for (const group of groups) group.add(groupColumns, calls, from, length);
  }

  /** Counts cell `i`, also in the row of `total`. */
  #ingestCell(cells: CellColumns, i: number, total: MeasureTable, groupColumns: GroupColumns): void {
    const { syscalls, processes, files, groups } = this.#tables;
    const syscall = syscalls.row(cells.nr[i]);
    const { reads, writes, traits, uses } = syscalls.sides;
    const trait = traits[syscall];
    const source = (trait & Trait.COPIES) !== 0 ? cells.oldFile[i] : NO_FILE;
    let file = this.#row(files, cells.file[i], this.#findFile);
    if (this.#isNameless(file, trait)) {
      file = this.#namelessRow(syscall, trait);
    }
    const sourceRow = source === NO_FILE ? file : this.#row(files, source, this.#findFile);
    const targetRow = file;
    const waitsForSource = this.#waitsForSource(targetRow, sourceRow);
    if (waitsForSource) file = sourceRow;
    const waits = this.#waits[file];
    const measures = cellMeasures(cells, i, {
      reads: reads[syscall],
      writes: writes[syscall],
      waits: waits !== 0,
      isCopy: source !== NO_FILE,
      waitsForSource,
    });
    if (waits === 0) this.#countUses(cells, i, file, uses.subarray(syscall * ENDINGS), trait);
    syscalls.addBuckets(syscall + waits, cells, i);
    if (cells.errno[i] !== 0) syscalls.errors.add(syscall, cells.errno[i], cells.calls[i]);
    const process = this.#row(processes, cells.task[i], this.#findProcess);
    const add = (part: AddedMeasures, file: number) => {
      total.addMeasures(ONE_ROW, part);
      syscalls.addMeasures(syscall + waits, part);
      processes.addMeasures(process, part);
      files.addMeasures(file, part);
    };
    add(measures.own, file);
    if (measures.read !== null) add(measures.read, sourceRow);
    if (measures.written !== null) add(measures.written, targetRow);

    this.#calls.errno[0] = cells.errno[i];
    this.#calls.source[0] = source;
    this.#calls.target[0] = waitsForSource ? cells.file[i] : NO_FILE;
    for (const group of groups) group.addMeasures(groupColumns, i, this.#calls, measures);
  }

  /** Uses of a file by the calls of cell `i`: `useOf` those of its system call by ending, `trait` its traits. */
  #countUses(cells: CellColumns, i: number, file: number, useOf: Int8Array, trait: number): void {
    const { uses } = this.#tables;
    // A query of a descriptor without a path is an fstat under another name.
    if (cells.hasFd[i] !== 0 && (trait & Trait.QUERIES) !== 0) return;
    const [use, tinyUse] = [0, 1].map((tiny) => useOf[endingOf(cells.errno[i], tiny)]);
    if ((cells.flags[i] & EventFlag.FILES_UNKNOWN) !== 0 && USES_PER_FILE.has(Math.max(use, tinyUse))) return;
    if (use >= 0) uses.add(file, use, cells.calls[i], cells.totalNs[i]);
    else if (tinyUse >= 0) {
      const calls = tinyCalls(cells, i);
      if (calls > 0) uses.add(file, tinyUse, calls, cells.tinyNs[i]);
    }
  }

  #namesChanged({ tasks, files }: Pick<EventBatch, "tasks" | "files">): void {
    for (const { slot } of tasks) {
      this.#tables.processes.forgetSlot(slot);
      this.#taskIds.named(slot);
    }
    for (const { slot } of files) {
      this.#tables.files.forgetSlot(slot);
      this.#fileIds.named(slot);
    }
  }

  /** Latencies; the slow ones are also kept. Short loops let the processor overlap more iterations. */
  #readLatencies(columns: EventColumns, from: number, length: number): void {
    const { durationNs, flags } = columns;
    const { latencyNs, latency, file } = this.#calls;
    const { slowest, slowestWaiting } = this.#tables;
    let thresholdNs = slowest.thresholdNs;
    for (let i = 0; i < length; i++) {
      const ns = durationNs[from + i];
      if (ns >= 0 && ns <= MAX_VALUE && (flags[from + i] & DID_NOT_RETURN) === 0) {
        latencyNs[i] = ns;
        latency[i] = bucketIndex(ns);
      } else {
        this.#readOddLatency(ns, flags[from + i], i);
      }
      if (latencyNs[i] > thresholdNs && latency[i] !== NO_BUCKET) {
        if (this.#waits[file[i]] === 0) slowest.insert(latencyNs[i], this.#rows.row(from + i));
        else if (latencyNs[i] > slowestWaiting.thresholdNs) {
          slowestWaiting.insert(latencyNs[i], this.#rows.row(from + i));
        }
        thresholdNs = slowest.thresholdNs;
      }
    }
  }

  /** A call that did not return, a clock that stepped back, or a latency above the maximum. */
  #readOddLatency(ns: number, flags: number, i: number): void {
    const returned = (flags & DID_NOT_RETURN) === 0 && !Number.isNaN(ns);
    this.#calls.latencyNs[i] = returned && ns > 0 ? MAX_VALUE : 0;
    this.#calls.latency[i] = returned ? bucketIndex(this.#calls.latencyNs[i]) : NO_BUCKET;
  }

  #readGaps({ gapNs }: EventColumns, from: number, length: number): void {
    const { gap } = this.#calls;
    for (let i = 0; i < length; i++) {
      const ns = gapNs[from + i];
      gap[i] = ns === ns ? bucketIndex(ns) : NO_BUCKET;
    }
  }

  /** Error of each call, counted as well. */
  #readErrors({ ret }: EventColumns, from: number, length: number): void {
    const { latency, errno, errors, syscall } = this.#calls;
    const { syscalls } = this.#tables;
    // The two halves of each return value: reading an element of a BigInt64Array costs an allocation.
    const words = new Int32Array(ret.buffer, ret.byteOffset + 8 * from, 2 * length);
    for (let i = 0; i < length; i++) {
      const low = words[i << 1];
      if (words[(i << 1) + 1] !== -1 || low >= 0 || low < -MAX_ERRNO || latency[i] === NO_BUCKET) {
        errno[i] = 0;
        errors[i] = 0;
        continue;
      }
      errno[i] = -low;
      errors[i] = 1;
      syscalls.errors.add(syscall[i], -low, 1);
    }
  }

  /** Bytes of each call. */
  #readSizes({ bytes }: EventColumns, from: number, length: number): void {
    const { readBytes, writeBytes, size, errors, syscall } = this.#calls;
    const { reads, writes } = this.#tables.syscalls.sides;
    for (let i = 0; i < length; i++) {
      const row = syscall[i];
      const value = bytes[from + i];
      const moved = value > 0 ? value : 0;
      // Multiplied instead of branching: which call comes next is unpredictable.
      readBytes[i] = moved * reads[row];
      writeBytes[i] = moved * writes[row];
      size[i] = value === value && errors[i] === 0 ? bucketIndex(moved) : NO_BUCKET;
    }
  }

  /** Properties of a few calls: the files of a copy, waiting without a descriptor. */
  #readTraits(columns: EventColumns, from: number, length: number): void {
    const { source, target, syscall, file, readFile, writeFile } = this.#calls;
    const { syscalls, files } = this.#tables;
    const { traits } = syscalls.sides;
    for (let i = 0; i < length; i++) {
      source[i] = NO_FILE;
      target[i] = NO_FILE;
      const trait = traits[syscall[i]];
      if ((trait & SPECIAL) === 0) {
        readFile[i] = file[i];
        writeFile[i] = file[i];
        continue;
      }
      if (this.#isNameless(file[i], trait)) {
        file[i] = this.#namelessRow(syscall[i], trait);
      }
      if ((trait & Trait.COPIES) !== 0) source[i] = columns.oldFile[from + i];
      readFile[i] = source[i] === NO_FILE ? file[i] : this.#row(files, source[i], this.#findFile);
      writeFile[i] = file[i];
      if (this.#waitsForSource(file[i], readFile[i])) {
        target[i] = columns.file[from + i];
        file[i] = readFile[i];
      }
    }
  }

  /** True for a copy from what is waited for to a file, by their rows: its time is that of the source. */
  #waitsForSource(file: number, source: number): boolean {
    return file !== NONE && this.#waits[file] === 0 && this.#waits[source] !== 0;
  }

  /** Uses of files. First which calls are one, without a branch that would often be mispredicted; then those are counted. */
  #readUses({ bytes, fd }: EventColumns, from: number, length: number): void {
    const { syscall, file, errno, use, used } = this.#calls;
    const { syscalls, uses } = this.#tables;
    const { traits, uses: useOf } = syscalls.sides;
    let end = 0;
    for (let i = 0; i < length; i++) {
      const moved = bytes[from + i];
      const found = useOf[syscall[i] * ENDINGS + endingOf(errno[i], moved > 0 && moved < TINY_BYTES ? 1 : 0)];
      use[i] = found;
      used[end] = i;
      end += 1 + (found >> 31);
    }
    const waits = this.#waits;
    let kept = 0;
    for (let n = 0; n < end; n++) {
      const i = used[n];
      if (waits[file[i]] !== 0) continue;
      // A query of a descriptor without a path is an fstat under another name.
      if (fd[from + i] !== NO_FD && (traits[syscall[i]] & Trait.QUERIES) !== 0) continue;
      used[kept++] = i;
    }
    uses.addCalls(this.#calls, kept);
  }

  /** The time of the calls that wait, whose row is the second of their system call. */
  #readWaiting(length: number): void {
    const { syscall, file, latencyNs, waitingNs } = this.#calls;
    const waits = this.#waits;
    for (let i = 0; i < length; i++) {
      const wait = waits[file[i]];
      syscall[i] += wait;
      waitingNs[i] = latencyNs[i] * wait;
    }
  }

  /** Counts the calls of each interval separately, so that the series can take the difference. */
  #addSyscalls(columns: EventColumns, first: number, length: number): void {
    const { syscalls, series } = this.#tables;
    const end = first + length;
    for (let from = first; from < end;) {
      const to = series.firstOutside(columns, from, end);
      syscalls.add(this.#calls, from - first, to - first);
      series.add(this.#calls, from - first, to - first);
      from = to;
      if (to === end) break;
      const endNs = endOfCall(columns, to);
      if (series.isLate(endNs)) {
        syscalls.add(this.#calls, to - first, to - first + 1);
        series.addLate(this.#calls, to - first, endNs);
        from++;
      } else series.advance(endNs);
    }
    const lastNs = endOfCall(columns, end - 1);
    if (lastNs > this.#latestNs) this.#latestNs = lastNs;
  }

  #groupColumns(
    { nr, task, file, oldFile }: Pick<EventColumns, "nr" | "task" | "file" | "oldFile">,
  ): GroupColumns {
    return { nr, task, file, oldFile, taskId: this.#taskIds.ids, fileId: this.#fileIds.ids };
  }

  readonly #findProcess = (slot: number): number => {
    const task = this.#rows.task(slot);
    const row = this.#tables.processes.find(slot, processKey(task), () => new ProcessFacts(task));
    this.#tables.processes.facts(row).seen(task);
    return row;
  };

  readonly #findFile = (slot: number): number => {
    const file = this.#rows.file(slot);
    const waiting = waitingOf(file.path);
    if (waiting === null) {
      const row = this.#tables.files.find(slot, fileKey(file), () => namedFile(file));
      this.#setWaits(row, 0);
      return row;
    }
    const row = this.#waitingRow(waiting);
    const facts = this.#tables.files.facts(row);
    if (facts.kind === "waiting") facts.seen(file.path);
    return this.#tables.files.nameSlot(slot, row);
  };

  /** True for a call without a file, and for one that waits on what has the path of a file, as the queue of `mq_open`. */
  #isNameless(file: number, trait: number): boolean {
    if (file === NONE) return (trait & (Trait.WAITS | Trait.ELSEWHERE)) !== 0;
    return (trait & Trait.WAITS) !== 0 && this.#waits[file] === 0;
  }

  /** The row of a call without a file: that of calls that wait by themselves, or of calls not about files. */
  #namelessRow(syscall: number, trait: number): number {
    if ((trait & Trait.WAITS) !== 0) {
      return this.#waitingRow(waitingCall(this.#tables.syscalls.name(syscall)));
    }
    const row = this.#tables.files.rowOfKey(ELSEWHERE_KEY, () => ({ kind: "elsewhere" }));
    this.#setWaits(row, 0);
    return row;
  }

  /** The row of what is waited for: beyond the limit what has none yet shares one. */
  #waitingRow(waiting: Waiting): number {
    const isNew = () => {
      this.#waitingRows++;
      return new WaitingFacts(waiting, this.#descriptorRoom);
    };
    const { files } = this.#tables;
    if (this.#waitingRows >= MAX_WAITING && !files.has(waitingKey(waiting))) {
      waiting = { ...waiting, name: OTHER_NAME };
    }
    const row = files.rowOfKey(waitingKey(waiting), isNew);
    this.#setWaits(row, 1);
    return row;
  }

  #setWaits(row: number, waits: 0 | 1): void {
    if (row >= this.#waits.length) this.#waits = longer(this.#waits, row + 1);
    this.#waits[row] = waits;
  }

  #row<Facts>(table: KeyedTable<Facts>, slot: number, find: (slot: number) => number): number {
    const row = table.rowOfSlot(slot);
    return row === NO_ROW ? find(slot) : row;
  }
}

/** Identifies the row of what is waited for. No path contains a NUL, so it is never that of a file. */
function waitingKey({ kind, name }: Waiting): string {
  return `\0${kind}\0${name}`;
}

/** A table with the row {@linkcode ONE_ROW}. */
function oneRow(): MeasureTable {
  const table = new MeasureTable(new DenseHistograms());
  if (table.allocate() !== ONE_ROW) throw new RangeError("The first row is not the first");
  return table;
}

/** How many calls of cell `i` moved fewer than {@linkcode TINY_BYTES} bytes, and at least one. */
function tinyCalls(cells: CellColumns, i: number): number {
  const end = bucketIndex(TINY_BYTES); // where a bucket begins
  const [from, to] = bucketRange(cells, i, CellHistogram.SIZE);
  let calls = 0;
  for (let at = from; at < to; at++) {
    const index = cells.bucketIndexes[at];
    if (index > 0 && index < end) calls += cells.bucketCounts[at];
  }
  return calls;
}
