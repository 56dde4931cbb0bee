import {
  columnsBuffer,
  createColumns,
  endOfCall,
  type EventBatch,
  type EventColumns,
  type FileName,
  type TaskName,
} from "../../runtime/event_batch.ts";
import { PathNames } from "../../runtime/path_names.ts";
import { TaskNames } from "../../runtime/task_names.ts";
import { appendCalls, partOfBatch } from "../batch_copies.ts";

/** Calls of a block, which is kept and dropped as a whole: 250 kB, a small part of the smallest ring. */
const BLOCK_CALLS = 4096;

/** Bytes that a name takes beside its text, as an object in a list. */
const NAME_BYTES = 120;

/** Names that came before call `at`, counted from the first call ever added. */
interface NamesAt {
  at: number;
  tasks: readonly TaskName[];
  files: readonly FileName[];
  bytes: number;
}

/** Calls that follow one another, as a batch without names. */
interface Block extends EventBatch {
  /** Number of the first call, counted from the first call ever added. */
  at: number;
  /** When the last of its calls ended, nanoseconds since the trace began. */
  endNs: number;
}

/**
 * The newest calls of a trace, and the names that they need, in a bounded memory. It grows as it is needed, and keeps the
 * memory of what it drops for what comes.
 *
 * Names travel in front of the calls that they apply to. Those of dropped calls move to tables, so that every slot still has
 * the name that the oldest call left knows it by.
 */
export class CallRing {
  readonly #maxBytes: number;
  readonly #blocks: Block[] = [];
  readonly #spare: EventColumns[] = [];
  readonly #names: NamesAt[] = [];
  /** Names as of the oldest call. */
  readonly #tasks = new TaskNames();
  readonly #files = new PathNames();
  #blockBytes = 0;
  #nameBytes = 0;
  /** Calls added so far. */
  #added = 0;
  #droppedEndNs = -Infinity;

  /** `maxBytes` bounds calls and names together; the newest block is kept whatever it takes, unless names alone take more. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the calls and names held. */
  get bytes(): number {
    return this.#blockBytes + this.#nameBytes;
  }

  /** When the last call ended that was dropped for lack of room; `-Infinity` when none was. */
  get droppedEndNs(): number {
    return this.#droppedEndNs;
  }

  /** Takes the names of a batch, before its calls. */
  name({ tasks, files }: Pick<EventBatch, "tasks" | "files">): void {
    if (tasks.length + files.length === 0) return;
    const bytes = NAME_BYTES * (tasks.length + files.length) +
      files.reduce((sum, { path, raw }) => sum + path.length + (raw?.length ?? 0), 0);
    this.#names.push({ at: this.#added, tasks, files, bytes });
    this.#nameBytes += bytes;
    this.#applyNames();
    this.#makeRoom();
  }

  /**
   * Copies the calls from `from` up to but excluding `to`. What ended before `oldestNs` is not wanted any more, and goes
   * first.
   */
  push(batch: EventBatch, from: number, to: number, oldestNs: number): void {
    while (from < to) {
      const block = this.#blockFor(batch, from);
      const end = Math.min(to, from + BLOCK_CALLS - block.length);
      appendCalls(batch, from, end, block.columns, block.length);
      for (let i = from; i < end; i++) block.endNs = Math.max(block.endNs, endOfCall(batch.columns, i));
      block.length += end - from;
      this.#added += end - from;
      from = end;
    }
    while (this.#blocks.length > 1 && this.#blocks[0].endNs < oldestNs) this.#dropOldest();
    this.#makeRoom();
  }

  /** Many names may come with few calls: those on other files are not kept, and their names are. */
  #makeRoom(): void {
    while (this.#blocks.length > 0) {
      const bytes = this.#blocks.length > 1 ? this.bytes : this.#nameBytes;
      if (bytes <= this.#maxBytes) return;
      this.#droppedEndNs = Math.max(this.#droppedEndNs, this.#blocks[0].endNs);
      this.#dropOldest();
    }
  }

  /**
   * Takes everything out: the calls that ended at `sinceNs` or later, in copies with the names that they need. The first
   * has a name for every slot, and no calls.
   */
  *take(sinceNs: number): Generator<EventBatch> {
    const [first] = this.#blocks;
    if (first === undefined) return;
    yield {
      ...first,
      length: 0,
      columns: createColumns(1),
      tasks: [...this.#tasks.all()],
      files: [...this.#files.all()],
    };
    while (this.#blocks.length > 0) {
      const [block] = this.#blocks;
      let from = 0;
      while (from < block.length) {
        const { tasks, files } = this.#namesUpTo(block.at + from);
        const to = Math.min(block.length, (this.#names[0]?.at ?? Infinity) - block.at);
        if (tasks.length + files.length > 0) {
          yield { ...block, length: 0, columns: createColumns(1), tasks, files };
        }
        for (const [start, end] of runsSince(block.columns, from, to, sinceNs)) {
          yield partOfBatch(block, start, end);
        }
        from = to;
      }
      this.#removeOldest(); // names that apply from the next block on go with that one
    }
    this.#applyNames();
  }

  /** The names of the queue that apply to call `at`; they move to the tables. */
  #namesUpTo(at: number): { tasks: TaskName[]; files: FileName[] } {
    const tasks: TaskName[] = [];
    const files: FileName[] = [];
    while (this.#names.length > 0 && this.#names[0].at <= at) {
      const { bytes, ...names } = this.#names.shift()!;
      this.#nameBytes -= bytes;
      for (const task of names.tasks) this.#tasks.set(task);
      for (const file of names.files) this.#files.set(file);
      tasks.push(...names.tasks);
      files.push(...names.files);
    }
    return { tasks, files };
  }

  /** Moves the names to the tables that apply to the oldest call. */
  #applyNames(): void {
    this.#namesUpTo(this.#blocks[0]?.at ?? this.#added);
  }

  /** The block that call `from` of a batch goes to: one whose calls it follows, or a new one. */
  #blockFor({ firstSeq, seqs, epoch, columns: { extra } }: EventBatch, from: number): Block {
    const seq = seqs?.[from] ?? firstSeq + from;
    const last = this.#blocks.at(-1);
    const follows = last !== undefined && seqs === undefined && last.length < BLOCK_CALLS &&
      last.firstSeq + last.length === seq && last.epoch === epoch;
    if (follows) return last;
    const columns = this.#spare.pop() ?? createColumns(BLOCK_CALLS, extra !== undefined);
    const block = {
      length: 0,
      firstSeq: seq,
      epoch,
      columns,
      tasks: [],
      files: [],
      at: this.#added,
      endNs: -Infinity,
    };
    this.#blocks.push(block);
    this.#blockBytes += columnsBuffer(columns).byteLength;
    return block;
  }

  #dropOldest(): void {
    this.#removeOldest();
    this.#applyNames();
  }

  #removeOldest(): void {
    const { columns } = this.#blocks.shift()!;
    this.#blockBytes -= columnsBuffer(columns).byteLength;
    this.#spare.push(columns);
  }
}

/** The runs of calls within a range that ended at `sinceNs` or later. */
function* runsSince(
  columns: EventColumns,
  from: number,
  to: number,
  sinceNs: number,
): Generator<[start: number, end: number]> {
  for (let start = from; start < to;) {
    while (start < to && endOfCall(columns, start) < sinceNs) start++;
    let end = start;
    while (end < to && endOfCall(columns, end) >= sinceNs) end++;
    if (end > start) yield [start, end];
    start = end;
  }
}
