import type { CallExtra } from "../runtime/expression/mod.ts";
import type { StreamSequencer } from "../runtime/contracts.ts";
import {
  createColumns,
  type EventBatch,
  type EventColumns,
  EventFlag,
  type FileName,
  NO_FILE,
  type TaskName,
  UNKNOWN_NAME,
  UNKNOWN_PIPE,
  UNKNOWN_SOCKET,
  UNKNOWN_START_NS,
} from "../runtime/event_batch.ts";
import type { IorError } from "../runtime/errors.ts";
import { PathNames } from "../runtime/path_names.ts";
import type { RunningCall } from "../runtime/row.ts";
import { type Arch, syscallName } from "../runtime/syscalls/mod.ts";
import { TaskNames } from "../runtime/task_names.ts";
import {
  byteClasses,
  type KeptArgument,
  keptArguments,
  openFlagsText,
  targetCalls,
  waitingCalls,
  writingCalls,
} from "./call_spec.ts";
import { type DecodedName, decodeFileRecord, decodeName, mismatch } from "./file_names.ts";
import type { NameJudge } from "./judge.ts";
import type { RowSink } from "./ring_reader.ts";
import type { StackTexts } from "./symbols/stack_texts.ts";
import type { CellFacts, CellKey } from "./sums.ts";
import { absolutePath, LARGEST_BATCH, MOST_NAMES, TextCache, TextPaths } from "./text_paths.ts";
import {
  BIG_NR,
  CALL_FILTER_SHIFT,
  CALLS,
  CellKind,
  FILE_SLOTS,
  FileStatus,
  FILTERS,
  NameKind,
  Offset,
  RecordFlag,
  Size,
  TASK_SLOTS,
  TextStatus,
  URING_FIRST,
  URING_OPS,
} from "./wire.ts";

/** Maximum number of threads whose dropped rows are tracked: as many as have names. */
const MOST_DROPPED = TASK_SLOTS;

/** Where the fields of a call are, in words: constants that cost no look-up. */
const TASK_ID = Offset.call_record.task_id / 4;
const ENTER_NS = Offset.call_record.enter_ns / 4;
const DURATION_NS = Offset.call_record.duration_ns / 4;
const GAP_NS = Offset.call_record.gap_ns / 4;
const RET = Offset.call_record.ret / 4;
const FILE_ID = Offset.call_record.file_id / 4;
const FILE2_ID = Offset.call_record.file2_id / 4;
const FD = Offset.call_record.fd / 4;
const SIZE = Offset.call_record.size / 4;

/** The same of what stands before the texts of a call, and where the texts begin. */
const TEXT_HEADER = Size.call_record / 4;
const BASE_ID = TEXT_HEADER + Offset.call_text.base_id / 4;
const OLD_BASE_ID = TEXT_HEADER + Offset.call_text.old_base_id / 4;
const TEXT_LENGTHS = TEXT_HEADER + Offset.call_text.length / 4;
const TEXT_STATUS = TEXT_HEADER + Offset.call_text.status / 4;
const TEXTS = TEXT_HEADER + Size.call_text / 4;

/** The same of what else is known of a call, which stands before its texts. */
const IOWAIT_NS = Size.call_record / 4 + Offset.call_extra.iowait_ns / 4;
const BLOCKED_NS = Size.call_record / 4 + Offset.call_extra.blocked_ns / 4;
const RUNQUEUE_NS = Size.call_record / 4 + Offset.call_extra.runqueue_ns / 4;
const FETCHED_BYTES = Size.call_record / 4 + Offset.call_extra.fetched_bytes / 4;
const STACK_ID = Size.call_record / 4 + Offset.call_extra.stack_id / 4;
const ARGUMENT = Size.call_record / 4 + Offset.call_extra.argument / 4;

/**
 * Names of what is mostly waited for, a part of what runtime/waiting.ts knows: calls on the rest have rows as soon as those on
 * files have, which costs time and no figure.
 */
const WAITING = /^(?:pipe|socket|UNIX|UNIX-STREAM|TCP|TCPv6|UDP|UDPv6):\[.*\]$/s;

const ROOT: DecodedName = { path: "/" };

/** Maximum number of control groups whose names are known: more than the kernel side remembers having sent. */
const MOST_GROUPS = 65_536;

/** More than the length of a text can say. */
const LONGEST_TEXT_BYTES = 1 << 16;

/** In place of a user or group that is not known: no user has it (uid_t of the kernel). */
const UNKNOWN_ID = 0xffff_ffff;
const UNKNOWN_TASK = {
  id: 0,
  name: {
    ...{ pid: 0, tid: 0, uid: UNKNOWN_ID, gid: UNKNOWN_ID, comm: UNKNOWN_NAME },
    processStartNs: UNKNOWN_START_NS,
  },
};

/** In place of files: their numbers are those of no file. */
const UNKNOWN_FILE = { id: 0, name: { path: UNKNOWN_NAME } };
const SOME_PIPE = { id: FILE_SLOTS, name: { path: UNKNOWN_PIPE } };
const SOME_SOCKET = { id: 2 * FILE_SLOTS, name: { path: UNKNOWN_SOCKET } };

/** Flags whose texts are known: programs use few, and any number is possible. */
const MOST_FLAGS = 1024;

/** Receives the names that the judge rejects, to write the verdict back to the kernel. */
export interface VerdictSink {
  rejectTask(id: number): void;
  rejectFile(id: number): void;
}

/** Receives the cells of calls that are added up. */
export interface CellSink {
  announce(facts: CellFacts): void;
  /** Cells that have no record and are not announced yet. */
  ownCells(): Iterable<CellKey>;
}

/** Receives whose sums of mapped I/O are. */
export interface MappedSink {
  announce(key: Uint8Array, task: TaskName, file: FileName): void;
}

/** Options of a decoder. */
export interface DecoderOptions {
  arch: Arch;
  sequencer: StreamSequencer;
  /** Judges names for the first filter. */
  judge: NameJudge;
  verdicts: VerdictSink;
  /** Epoch of the first filter. */
  epoch: number;
  /** Name of a control group by its path; the path by default. */
  groupName?: (path: string) => string;
  /** `null` when no calls are added up. */
  sums?: CellSink | null;
  /** `null` when page faults are not followed. */
  mapped?: MappedSink | null;
  /** What the records say of each call beside its result; default nothing. */
  extras?: readonly CallExtra[];
  /** Needed when stacks are among the extras. */
  stacks?: StackTexts;
}

/** The part of a filter that the decoder applies to records. */
interface DecodedFilter {
  judge: NameJudge;
  epoch: number;
}

/**
 * Turns records into the columns of a batch. Fails closed: a record of an unknown kind or a wrong length is an error,
 * not a guess.
 */
export class Decoder implements RowSink {
  readonly #options: DecoderOptions;
  readonly #byteClasses: Uint8Array;
  readonly #hasWaits: boolean;
  readonly #hasCache: boolean;
  /** `null` when stacks are not asked for. */
  readonly #stacks: StackTexts | null;
  readonly #hasExtra: boolean;
  /** 1 for calls that write and do not read: the pages that they add to the page cache are theirs. */
  readonly #onlyWrite: Uint8Array;
  /** By number: which argument is kept; `null` when arguments are not asked for. */
  readonly #kept: readonly (KeptArgument | null)[] | null;
  /** Texts of flags by their number. */
  readonly #flags = new Map<number, string>();
  /** Bytes between a record and its texts. */
  readonly #extraBytes: number;
  readonly #targets: ReadonlySet<number>;
  /** Calls that wait whatever their descriptor. */
  readonly #waiting: ReadonlySet<number>;
  readonly #texts = new TextPaths();
  readonly #textCache = new TextCache(this.#texts);
  /** The second text of a call, from the beginning of a word on. */
  readonly #oldText = new Int32Array(LONGEST_TEXT_BYTES / 4);
  /** Names of the kernel's files, for the directories that path arguments are relative to. */
  readonly #files = new PathNames();
  readonly #fileIds = new Uint32Array(FILE_SLOTS);
  /** Slots whose path was cut, including texts relative to one. */
  readonly #cut = new Set<number>();
  /** Names of control groups by their ids. */
  readonly #groups = new Map<bigint, string>();
  readonly #tasks = new TaskNames();
  readonly #taskIds = new Uint32Array(TASK_SLOTS);
  /** The last filters, each in its slot: records of an older one may still arrive. */
  readonly #filters: DecodedFilter[];
  #newest: DecodedFilter;
  #filterNumber = 0;
  /** The filter of the batch being filled. */
  #place = 0;
  #filter: DecodedFilter;
  #judges: boolean;
  /** Batches that ended because a record of another filter arrived. */
  readonly #ended: EventBatch[] = [];
  /** When the last shown exit of a thread was of which rows have been dropped here since, NaN for none; by thread number. */
  readonly #shownNs = new Map<number, number>();
  readonly #threads = new Uint32Array(TASK_SLOTS);
  readonly #spare: EventColumns[] = [];
  #columns: EventColumns;
  #retWords: Int32Array;
  #length = 0;
  /** Begin of the trace by the clock of the records, nanoseconds. */
  startNs = 0;
  #taskNames: TaskName[] = [];
  #fileNames: FileName[] = [];
  /** A call of a cell, as its filter sees it. */
  readonly #cellRow = createColumns(1);
  readonly #running: (Omit<RunningCall, "ageNs"> & { enterNs: number })[] = [];

  constructor(options: DecoderOptions) {
    this.#options = options;
    this.#byteClasses = byteClasses(options.arch);
    const { extras = [] } = options;
    this.#hasWaits = extras.includes("waits");
    this.#hasCache = extras.includes("cache");
    this.#stacks = options.stacks ?? null;
    if (this.#stacks !== null) this.#stacks.seenPaths = () => this.#paths();
    this.#onlyWrite = writingCalls(options.arch);
    this.#kept = extras.includes("arguments") ? keptArguments(options.arch) : null;
    this.#hasExtra = extras.length > 0;
    this.#extraBytes = this.#hasExtra ? Size.call_extra : 0;
    this.#targets = targetCalls(options.arch);
    this.#waiting = waitingCalls(options.arch);
    this.#newest = this.#filter = { judge: options.judge, epoch: options.epoch };
    this.#filters = [this.#filter];
    this.#judges = !options.judge.acceptsAll;
    this.#columns = createColumns(LARGEST_BATCH, this.#hasExtra);
    this.#retWords = new Int32Array(
      this.#columns.ret.buffer,
      this.#columns.ret.byteOffset,
      2 * LARGEST_BATCH,
    );
  }

  /** Calls in the batch being filled. */
  get length(): number {
    return this.#length;
  }

  /** Takes back columns from a consumer, for reuse. */
  recycle(columns: EventColumns): void {
    this.#spare.push(columns);
  }

  /**
   * Takes the next filter: records tell which one judged them. Known names are judged by it now, and those
   * it rejects are passed to the verdict sink.
   */
  changeFilter(judge: NameJudge, epoch: number): void {
    const { verdicts } = this.#options;
    const place = ++this.#filterNumber % FILTERS;
    this.#newest = this.#filters[place] = { judge, epoch };
    // No record has come since the filter that had this place before.
    if (place === this.#place) this.#turnTo(place);
    for (const task of this.#tasks.all()) {
      if (!judge.task(task)) verdicts.rejectTask(this.#taskIds[task.slot]);
    }
    for (const { slot, path } of this.#files.all()) {
      if (!judge.file(slot, path)) verdicts.rejectFile(this.#fileIds[slot]);
    }
    for (const [slot, path] of this.#texts.names()) judge.file(slot, path);
  }

  /**
   * The calls decoded since the last one, all of one epoch; `null` when there are none. A batch without calls may
   * carry waiting names.
   */
  takeBatch(): EventBatch | null {
    const ended = this.#ended.shift();
    if (ended) return ended;
    return this.#length === 0 && this.#hasRoom ? null : this.#endBatch();
  }

  #endBatch(): EventBatch {
    const batch: EventBatch = {
      length: this.#length,
      firstSeq: this.#options.sequencer.take(this.#length),
      epoch: this.#filter.epoch,
      columns: this.#columns,
      tasks: this.#taskNames,
      files: this.#fileNames,
    };
    this.#columns = this.#spare.pop() ?? createColumns(LARGEST_BATCH, this.#hasExtra);
    this.#retWords = new Int32Array(
      this.#columns.ret.buffer,
      this.#columns.ret.byteOffset,
      2 * LARGEST_BATCH,
    );
    this.#length = 0;
    this.#taskNames = [];
    this.#fileNames = [];
    return batch;
  }

  /** @inheritdoc */
  record(words: Int32Array, at: number, bytes: number): boolean {
    const head = words[at];
    const flags = head >>> 24;
    if ((flags & RecordFlag.NAME) !== 0) {
      this.#name(words, at, bytes, (head >>> 16) & 0xff);
      return this.#hasRoom;
    }
    const place = (flags & RecordFlag.FILTER) >>> CALL_FILTER_SHIFT;
    if (place !== this.#place) this.#turnTo(place);
    let file = words[at + FILE_ID] & (FILE_SLOTS - 1);
    let oldFile = words[at + FILE2_ID] & (FILE_SLOTS - 1);
    let outFlags = outputFlags(flags);
    const ownBytes = bytes - this.#extraBytes;
    if ((flags & RecordFlag.TEXT) !== 0) {
      if (ownBytes < Size.call_record + Size.call_text) throw unexpected("a call with text", bytes);
      const textAt = at + this.#extraBytes / 4;
      const status = words[textAt + TEXT_STATUS];
      if ((status & TextStatus.FAULT) !== 0) outFlags |= EventFlag.PATH_FAULT;
      if ((status & TextStatus.TRUNCATED) !== 0) outFlags |= EventFlag.PATH_TRUNCATED;
      if (status === TextStatus.PATH) {
        file = this.#singlePath(words, textAt, ownBytes);
        oldFile = NO_FILE;
      } else {
        [file, oldFile] = this.#textPaths(words, textAt, ownBytes, status, head & 0xffff);
      }
    } else if (ownBytes !== Size.call_record) {
      throw unexpected("a call", bytes);
    }
    if (this.#cut.size > 0 && (this.#cut.has(file) || this.#cut.has(oldFile))) {
      outFlags |= EventFlag.PATH_TRUNCATED;
    }
    const task = words[at + TASK_ID] & (TASK_SLOTS - 1);
    const durationNs = (words[at + DURATION_NS] >>> 0) + words[at + DURATION_NS + 1] * 0x1_0000_0000;
    const gapHigh = words[at + GAP_NS + 1];
    let gapNs = gapHigh === -1 ? NaN : (words[at + GAP_NS] >>> 0) + gapHigh * 0x1_0000_0000;
    const thread = this.#threads[task];
    // A request to io_uring is between no calls of its thread.
    const isRequest = isRequestNr(head & 0xffff);
    const shownNs = this.#shownNs.size > 0 && !isRequest ? this.#shownNs.get(thread) : undefined;
    const enterNs = longAt(words, at + ENTER_NS) - this.startNs;
    // An interrupted call has entered before what its handler did.
    if (shownNs !== undefined && !(shownNs > enterNs)) gapNs = enterNs - shownNs;
    const columns = this.#columns;
    const i = this.#length;
    const shortNr = head & 0xffff;
    const nr = shortNr === BIG_NR ? words[at + SIZE] : shortNr;
    const retLow = words[at + RET];
    const retHigh = words[at + RET + 1];
    columns.enterNs[i] = enterNs;
    columns.durationNs[i] = (flags & RecordFlag.NO_RETURN) !== 0 ? NaN : durationNs;
    columns.gapNs[i] = gapNs;
    this.#retWords[2 * i] = retLow;
    this.#retWords[2 * i + 1] = retHigh;
    columns.bytes[i] = this.#byteClasses[nr] !== 1
      ? NaN
      : retHigh < 0 || (flags & RecordFlag.PEEK) !== 0
      ? 0
      : Math.min(
        retHigh * 0x1_0000_0000 + (retLow >>> 0),
        words[at + SIZE] === -1 ? Infinity : words[at + SIZE] >>> 0,
      );
    columns.nr[i] = nr;
    columns.task[i] = task;
    columns.file[i] = file;
    columns.oldFile[i] = oldFile;
    columns.fd[i] = words[at + FD];
    columns.restarts[i] = (head >>> 16) & 0xff;
    columns.flags[i] = outFlags;
    if (this.#hasExtra) this.#readExtra(words, at, i);
    if (this.#judges && !this.#filter.judge.row(columns, i)) {
      if (!isRequest) this.#noteDropped(thread, shownNs ?? enterNs - gapNs);
      return this.#hasRoom;
    }
    if (shownNs !== undefined) this.#shownNs.delete(thread);
    this.#length = i + 1;
    return this.#hasRoom;
  }

  /** @inheritdoc */
  endOf(words: Int32Array, at: number): number {
    return longAt(words, at + ENTER_NS) + longAt(words, at + DURATION_NS);
  }

  /** @inheritdoc */
  lacksName(words: Int32Array, at: number): boolean {
    const task = words[at + TASK_ID] >>> 0;
    if (this.#taskIds[task & (TASK_SLOTS - 1)] !== task) return true;
    if (this.#lacksFile(words[at + FILE_ID]) || this.#lacksFile(words[at + FILE2_ID])) return true;
    const nr = words[at] & 0xffff;
    // What stands behind the record of a request to io_uring is nothing.
    if (this.#stacks !== null && !(nr >= URING_FIRST && nr < CALLS)) {
      const stack = words[at + STACK_ID] >>> 0;
      if (stack !== 0 && this.#stacks.get(stack) === null) return true;
    }
    if (((words[at] >>> 24) & RecordFlag.TEXT) === 0) return false;
    const text = at + this.#extraBytes / 4;
    return this.#lacksFile(words[text + BASE_ID]) || this.#lacksFile(words[text + OLD_BASE_ID]);
  }

  #lacksFile(id: number): boolean {
    return id !== 0 && this.#fileIds[id & (FILE_SLOTS - 1)] !== id >>> 0;
  }

  /** What else is known of call `i`. */
  #readExtra(words: Int32Array, at: number, i: number): void {
    const { extra } = this.#columns;
    if (extra === undefined) return;
    // A request to io_uring has no thread that could wait, and what stands behind its record is nothing.
    const isCall = !(this.#columns.nr[i] >= URING_FIRST && this.#columns.nr[i] < CALLS);
    extra.iowaitNs[i] = isCall && this.#hasWaits ? longAt(words, at + IOWAIT_NS) : NaN;
    extra.blockedNs[i] = isCall && this.#hasWaits ? longAt(words, at + BLOCKED_NS) : NaN;
    extra.runqueueNs[i] = isCall && this.#hasWaits ? longAt(words, at + RUNQUEUE_NS) : NaN;
    extra.fetchedBytes[i] = isCall && this.#hasCache && this.#onlyWrite[this.#columns.nr[i]] !== 1
      ? longAt(words, at + FETCHED_BYTES)
      : NaN;
    const kept = isCall ? this.#kept?.[this.#columns.nr[i]] : undefined;
    extra.offsetBytes[i] = kept?.kind === "offset" ? offsetAt(words, at + ARGUMENT) : NaN;
    extra.flags[i] = kept?.kind === "flags" ? this.#flagsSlot(words, at + ARGUMENT, kept.points) : NO_FILE;
    extra.stack[i] = isCall ? this.#plainSlot(this.#stacks?.get(words[at + STACK_ID] >>> 0)) : NO_FILE;
  }

  /** The file slot that has the text of flags; all ones are what could not be read, where an argument points to them. */
  #flagsSlot(words: Int32Array, at: number, points: boolean): number {
    const flags = words[at] >>> 0;
    if (points && words[at] === -1 && words[at + 1] === -1) return NO_FILE;
    let text = this.#flags.get(flags);
    if (text === undefined) {
      if (this.#flags.size >= MOST_FLAGS) this.#flags.clear();
      this.#flags.set(flags, text = openFlagsText(this.#options.arch, flags));
    }
    return this.#plainSlot(text);
  }

  /** The file slot that has a text which is no path. */
  #plainSlot(text: string | null | undefined): number {
    if (text === null || text === undefined) return NO_FILE;
    const slot = this.#texts.slotOf(text);
    if (this.#texts.added) {
      this.#fileNames.push({ slot, path: text });
      this.#judgeFile(slot, text);
      this.#setCut(slot, false);
    }
    return slot;
  }

  /**
   * False when no more records can be taken: the batch is full, so many names are new that slots could be given away
   * within it, or one of another filter waits to be taken.
   */
  get #hasRoom(): boolean {
    return this.#length < LARGEST_BATCH && this.#taskNames.length + this.#fileNames.length < MOST_NAMES &&
      this.#ended.length === 0;
  }

  /** The end of a thread is not reported, so those not seen for the longest time are forgotten. */
  #noteDropped(thread: number, shownNs: number): void {
    const shown = this.#shownNs;
    if (!shown.delete(thread) && shown.size >= MOST_DROPPED) shown.delete(shown.keys().next().value!);
    shown.set(thread, shownNs);
  }

  /** Records of another filter follow: what was decoded so far becomes a batch of its own. */
  #turnTo(place: number): void {
    const filter = this.#filterAt(place);
    if (this.#length > 0) this.#ended.push(this.#endBatch());
    this.#place = place;
    this.#filter = filter;
    this.#judges = !filter.judge.acceptsAll;
  }

  /** Judges a file by every filter; false when the newest rejects it. */
  #judgeFile(slot: number, path: string): boolean {
    let accepted = true;
    for (const filter of this.#filters) {
      const verdict = filter.judge.file(slot, path);
      if (filter === this.#newest) accepted = verdict;
    }
    return accepted;
  }

  #name(words: Int32Array, at: number, bytes: number, kind: number): void {
    const view = new DataView(words.buffer as ArrayBuffer, words.byteOffset + at * 4, bytes);
    if (kind === NameKind.TASK) {
      if (bytes !== Size.task_record) throw unexpected("a task's name", bytes);
      this.#taskName(view);
    } else if (kind === NameKind.GROUP) {
      checkPathRecord(view, "a control group's name");
      this.#groupName(view);
    } else if (kind === NameKind.FILE) {
      checkPathRecord(view, "a file's name");
      const isCut = (view.getUint16(Offset.file_record.status, true) & FileStatus.TRUNCATED) !== 0;
      this.#addFile(view.getUint32(Offset.file_record.file_id, true), decodeFileRecord(view), isCut);
    } else if (kind === NameKind.RUNNING) {
      if (bytes !== Size.running_record) throw unexpected("a running call", bytes);
      this.#runningCall(view);
    } else if (kind === NameKind.TEXT) {
      this.#text(view);
    } else if (kind === NameKind.STACK) {
      this.#stack(view);
    } else if (kind === NameKind.CELL) {
      if (bytes !== Size.cell_record) throw unexpected("a cell", bytes);
      this.#cell(cellKeyAt(view));
    } else if (kind === NameKind.MAPPED) {
      if (bytes !== Size.mapped_record) throw unexpected("a mapped file", bytes);
      this.#mapped(view);
    } else {
      throw mismatch(`Cannot decode a record: its kind is ${kind}, known are 1 to 8`);
    }
  }

  /** A path text of calls that have no rows: it becomes a name like that of a file. */
  #text(view: DataView<ArrayBuffer>): void {
    const at = Offset.text_record;
    const { buffer, byteOffset, byteLength } = view;
    if (byteLength < Size.text_record || byteLength !== Size.text_record + view.getUint32(at.length, true)) {
      throw unexpected("a path text", byteLength);
    }
    const id = view.getUint32(at.file_id, true);
    const oldOf = view.getUint32(at.old_of, true);
    const asGiven = view.getUint32(at.bare, true) !== 0 || (oldOf !== 0 && this.#targets.has(oldOf - 1));
    const bytes = new Uint8Array(buffer, byteOffset + Size.text_record, byteLength - Size.text_record);
    const { name, isCut } = this.#nameOf(view.getUint32(at.base_id, true), bytes, asGiven);
    this.#addFile(id, name, isCut);
  }

  /** A stack of calls. */
  #stack(view: DataView<ArrayBuffer>): void {
    if (this.#stacks === null) throw mismatch("Cannot decode a stack: this trace does not know them");
    if (view.byteLength < Size.stack_record) throw unexpected("a stack", view.byteLength);
    const exe = this.#files.get(view.getUint32(Offset.stack_record.file_id, true) & (FILE_SLOTS - 1));
    if (!this.#stacks.announce(view, exe?.path ?? null)) throw unexpected("a stack", view.byteLength);
  }

  /** Paths of the kernel's files that have a name. */
  *#paths(): Iterable<string> {
    for (const { path } of this.#files.all()) yield path;
  }

  /** Announces the cells that have no record, as soon as their names have come. */
  takeOwnCells(): void {
    for (const key of this.#options.sums?.ownCells() ?? []) {
      const ages = [
        ageOf(this.#taskIds, key.kind & CellKind.NO_TASK ? 0 : key.taskId),
        ageOf(this.#fileIds, key.fileId),
        ageOf(this.#fileIds, key.oldFileId),
      ];
      if (ages.every((age) => age >= 0)) this.#cell(key, ages.some((age) => age > 0));
    }
  }

  /**
   * A cell of calls that have no rows. What its filter tests is the same of all of them. With `isLate` a name that it needs has
   * made room for another one.
   */
  #cell(key: CellKey, isLate = false): void {
    const { sums } = this.#options;
    if (!sums) throw mismatch("Cannot decode a cell: no calls are added up");
    const { nr, kind, filter, cell, round } = key;
    const { judge, epoch } = this.#filterAt(filter % FILTERS);
    const errno = kind & CellKind.ERROR;
    const [fileId, oldFileId] = isLate ? [0, 0] : [key.fileId, key.oldFileId];
    const [file, oldFile] = [fileId & (FILE_SLOTS - 1), oldFileId & (FILE_SLOTS - 1)];
    const task = key.taskId & (TASK_SLOTS - 1);
    const lacksTask = isLate || (kind & CellKind.NO_TASK) !== 0;
    const lacksFiles = (kind & CellKind.NO_FILES) !== 0 || (isLate && (key.fileId | key.oldFileId) !== 0);
    const row = this.#cellRow;
    row.nr[0] = nr;
    row.task[0] = task;
    row.file[0] = file;
    row.oldFile[0] = oldFile;
    row.ret[0] = BigInt(-errno);
    const path = this.#files.get(file)?.path;
    sums.announce({
      cell,
      round,
      nr,
      task: lacksTask ? UNKNOWN_TASK : { id: key.taskId, name: this.#tasks.get(task)! },
      file: lacksFiles
        ? unknownFile(kind)
        : fileId === 0
        ? null
        : { id: fileId, name: this.#files.get(file)! },
      oldFile: oldFileId === 0 ? null : { id: oldFileId, name: this.#files.get(oldFile)! },
      errno,
      hasFd: (kind & CellKind.HAS_FD) !== 0,
      flags: (this.#cut.has(file) || this.#cut.has(oldFile) ? EventFlag.PATH_TRUNCATED : 0) |
        ((kind & CellKind.NO_RETURN) !== 0 ? EventFlag.NO_RETURN : 0) |
        ((kind & CellKind.KILLED) !== 0 ? EventFlag.KILLED : 0) |
        (lacksFiles ? EventFlag.FILES_UNKNOWN : 0),
      onlyWrites: this.#onlyWrite[nr] === 1,
      waits: this.#waiting.has(nr) || (kind & (CellKind.OF_PIPE | CellKind.OF_SOCKET)) !== 0 ||
        (fileId !== 0 && WAITING.test(path!)),
      epoch,
      isWanted: isLate ? judge.acceptsAll : judge.row(row, 0),
      lacksName: lacksTask || lacksFiles,
    });
  }

  /** A sum of mapped I/O. Those of an older filter count no longer. */
  #mapped(view: DataView<ArrayBuffer>): void {
    const { mapped } = this.#options;
    if (!mapped) throw mismatch("Cannot decode a mapped file: page faults are not followed");
    const at = (field: keyof typeof Offset.mapped_key) =>
      view.getUint32(Offset.mapped_record.key + Offset.mapped_key[field], true);
    if (this.#filterAt(at("filter") % FILTERS) !== this.#newest) return;
    const start = view.byteOffset + Offset.mapped_record.key;
    const key = new Uint8Array(view.buffer, start, Size.mapped_key);
    const task = this.#tasks.get(at("task_id") & (TASK_SLOTS - 1));
    const file = this.#files.get(at("file_id") & (FILE_SLOTS - 1));
    if (!task || !file) throw mismatch("Cannot decode a mapped file: it has no name");
    mapped.announce(key, task, file);
  }

  #filterAt(place: number): DecodedFilter {
    const filter = this.#filters[place];
    if (filter === undefined) throw mismatch(`Cannot decode a call: no filter has the number ${place}`);
    return filter;
  }

  #runningCall(view: DataView<ArrayBuffer>): void {
    const at = Offset.running_record;
    const call = {
      pid: view.getUint32(at.pid, true),
      tid: view.getUint32(at.tid, true),
      comm: commAt(view, at.comm),
      syscall: syscallName(this.#options.arch, view.getInt32(at.call_nr, true)),
      path: this.#pathOf(view.getUint32(at.file_id, true)),
      enterNs: Number(view.getBigUint64(at.enter_ns, true)) - this.startNs,
    };
    if (this.#newest.judge.accepts(call)) this.#running.push(call);
  }

  /** The path of a file; unknown where another one has its place by now, as after a call that has waited for long. */
  #pathOf(id: number): string | null {
    if (id === 0) return null;
    return this.#lacksFile(id) ? UNKNOWN_NAME : this.#files.get(id & (FILE_SLOTS - 1))!.path;
  }

  /** The running calls that were announced, by age, oldest first. */
  takeRunning(nowNs: number): RunningCall[] {
    return this.#running.splice(0)
      .map(({ enterNs, ...call }) => ({ ...call, ageNs: nowNs - enterNs }))
      .sort((a, b) => b.ageNs - a.ageNs);
  }

  #groupName(view: DataView<ArrayBuffer>): void {
    const { path } = decodeFileRecord(view);
    const id = view.getBigUint64(Offset.file_record.inode, true);
    if (this.#groups.size >= MOST_GROUPS) this.#groups.delete(this.#groups.keys().next().value!);
    this.#groups.set(id, this.#options.groupName?.(path) ?? path);
  }

  #taskName(view: DataView<ArrayBuffer>): void {
    const at = Offset.task_record;
    const group = this.#groups.get(view.getBigUint64(at.group, true));
    const id = view.getUint32(at.task_id, true);
    const slot = id & (TASK_SLOTS - 1);
    const name: TaskName = {
      slot,
      pid: view.getUint32(at.pid, true),
      tid: view.getUint32(at.tid, true),
      uid: view.getUint32(at.uid, true),
      gid: view.getUint32(at.gid, true),
      comm: commAt(view, at.comm),
      ...(group === undefined ? {} : { cgroup: group }),
      processStartNs: Number(view.getBigInt64(at.process_start_ns, true)) - this.startNs,
    };
    this.#threads[slot] = name.tid;
    this.#tasks.set(name);
    this.#taskIds[slot] = id;
    this.#taskNames.push(name);
    for (const filter of this.#filters) {
      const accepted = filter.judge.task(name);
      if (filter === this.#newest && !accepted) this.#options.verdicts.rejectTask(id);
    }
  }

  /** Slot of the single path that follows a call record. */
  #singlePath(words: Int32Array, at: number, bytes: number): number {
    const length = words[at + TEXT_LENGTHS] & 0xffff;
    if (bytes !== Size.call_record + Size.call_text + length + 1) throw unexpected("a call with text", bytes);
    return this.#textSlot(words, at + TEXTS, length, words[at + BASE_ID], false);
  }

  /** Slots of the path arguments that follow a call record. */
  #textPaths(
    words: Int32Array,
    at: number,
    bytes: number,
    status: number,
    nr: number,
  ): [number, number] {
    const lengths = words[at + TEXT_LENGTHS];
    const length = lengths & 0xffff;
    const oldLength = lengths >>> 16;
    const [hasPath, hasOld] = [(status & TextStatus.PATH) !== 0, (status & TextStatus.OLD) !== 0];
    const oldAt = Size.call_record + Size.call_text + (hasPath ? length + 1 : 0);
    if (bytes !== oldAt + (hasOld ? oldLength + 1 : 0)) throw unexpected("a call with text", bytes);
    let file = NO_FILE;
    let oldFile = NO_FILE;
    if (hasPath) {
      const asGiven = (status & TextStatus.PATH_BARE) !== 0;
      file = this.#textSlot(words, at + TEXTS, length, words[at + BASE_ID], asGiven);
    }
    if (hasOld) {
      const asGiven = (status & TextStatus.OLD_BARE) !== 0 || this.#targets.has(nr);
      moveToWord(words, at, oldAt, oldLength, this.#oldText);
      oldFile = this.#textSlot(this.#oldText, 0, oldLength, words[at + OLD_BASE_ID], asGiven);
    }
    return [file, oldFile];
  }

  /** A name under a number of the kernel's. */
  #addFile(id: number, decoded: DecodedName, isCut: boolean): void {
    const slot = id & (FILE_SLOTS - 1);
    const name = { slot, ...decoded };
    this.#files.set(name);
    this.#fileIds[slot] = id;
    this.#setCut(slot, isCut);
    this.#fileNames.push(name);
    if (!this.#judgeFile(slot, name.path)) this.#options.verdicts.rejectFile(id);
  }

  #setCut(slot: number, isCut: boolean): void {
    if (isCut) this.#cut.add(slot);
    else if (this.#cut.size > 0) this.#cut.delete(slot);
  }

  /** Slot of a text that is relative to the directory with the number `baseId`, 0 for the root: mostly one seen before. */
  #textSlot(words: Int32Array, at: number, bytes: number, baseId: number, asGiven: boolean): number {
    const known = this.#textCache.slotOf(words, at, bytes, baseId, asGiven);
    if (known !== 0) return known;
    const text = new Uint8Array(words.buffer, words.byteOffset + at * 4, bytes);
    const { name, isCut } = this.#nameOf(baseId, text, asGiven);
    // Two raw names may look the same as text: the key distinguishes them.
    const key = name.raw ? `${name.path}\0${name.raw.join()}` : name.path;
    const slot = this.#texts.slotOf(key);
    if (this.#texts.added) {
      this.#fileNames.push({ slot, ...name });
      this.#judgeFile(slot, name.path);
      this.#setCut(slot, isCut);
    }
    this.#textCache.remember(words, at, slot);
    return slot;
  }

  /** The absolute path of a text, and whether the directory it is relative to was cut. */
  #nameOf(baseId: number, text: Uint8Array, asGiven: boolean): { name: DecodedName; isCut: boolean } {
    const baseSlot = baseId & (FILE_SLOTS - 1);
    const base = baseId === 0 ? ROOT : this.#files.get(baseSlot) ?? ROOT;
    return {
      name: absolutePath(base, text, asGiven),
      isCut: !asGiven && baseId !== 0 && this.#cut.has(baseSlot),
    };
  }
}

function cellKeyAt(view: DataView): CellKey {
  const at = (field: keyof typeof Offset.cell_key) =>
    view.getUint32(Offset.cell_record.key + Offset.cell_key[field], true);
  return {
    cell: view.getUint32(Offset.cell_record.cell, true),
    round: at("round"),
    taskId: at("task_id"),
    nr: at("nr") | 0,
    fileId: at("file_id"),
    oldFileId: at("file2_id"),
    kind: at("kind"),
    filter: at("filter"),
  };
}

function unknownFile(kind: number): NonNullable<CellFacts["file"]> {
  if ((kind & CellKind.OF_PIPE) !== 0) return SOME_PIPE;
  return (kind & CellKind.OF_SOCKET) !== 0 ? SOME_SOCKET : UNKNOWN_FILE;
}

/** How much newer the name is that has the slot of this number: 0 for the number's own, negative while that is to come. */
function ageOf(ids: Uint32Array, id: number): number {
  return id === 0 ? 0 : (ids[id & (ids.length - 1)] - id) | 0;
}

/** A record that ends in a path has the length that it says. */
function checkPathRecord(view: DataView<ArrayBuffer>, what: string): void {
  const { file_record } = Size;
  const { byteLength } = view;
  if (
    byteLength < file_record ||
    byteLength !== file_record + view.getUint32(Offset.file_record.length, true)
  ) {
    throw unexpected(what, byteLength);
  }
}

function commAt(view: DataView<ArrayBuffer>, offset: number): string {
  const comm = new Uint8Array(view.buffer, view.byteOffset + offset, 16);
  const end = comm.indexOf(0);
  return decodeName(comm.subarray(0, end < 0 ? 16 : end)).path;
}

/** True for the number of a request to io_uring, and not of a system call. */
function isRequestNr(nr: number): boolean {
  return nr >= URING_FIRST && nr < URING_FIRST + URING_OPS;
}

/** An unsigned number of 64 bits below 2^53. */
function longAt(words: Int32Array, at: number): number {
  return (words[at] >>> 0) + words[at + 1] * 0x1_0000_0000;
}

/** Copies a text that begins `skip` bytes behind a word, perhaps within one, to the beginning of `target`. */
function moveToWord(words: Int32Array, at: number, skip: number, bytes: number, target: Int32Array): void {
  const from = at + (skip >>> 2);
  const shift = 8 * (skip & 3);
  const count = (bytes + 3) >>> 2;
  if (shift === 0) {
    for (let i = 0; i < count; i++) target[i] = words[from + i];
  } else {
    for (let i = 0; i < count; i++) {
      target[i] = words[from + i] >>> shift | words[from + i + 1] << (32 - shift);
    }
  }
}

/** An offset with its sign; NaN for one that a double does not hold exactly: no file is that long. */
function offsetAt(words: Int32Array, at: number): number {
  const offset = longAt(words, at);
  return Number.isSafeInteger(offset) ? offset : NaN;
}

function outputFlags(flags: number): number {
  return ((flags & RecordFlag.NO_RETURN) !== 0 ? EventFlag.NO_RETURN : 0) |
    ((flags & RecordFlag.KILLED) !== 0 ? EventFlag.KILLED : 0) |
    ((flags & RecordFlag.LEAST_FD) !== 0 ? EventFlag.LEAST_FD : 0);
}

function unexpected(what: string, bytes: number): IorError {
  return mismatch(`Cannot decode ${what}: its record has ${bytes} bytes`);
}
