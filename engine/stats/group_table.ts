import { errnoName } from "../../runtime/errno.ts";
import { type FileName, NO_FILE, type TaskName } from "../../runtime/event_batch.ts";
import { longer } from "../../runtime/longer.ts";
import type { GroupKey, GroupStats, GroupValue, ProcessStats, SnapshotRequest } from "../../runtime/stats.ts";
import { type Arch, familyOf, syscallName } from "../../runtime/syscalls/mod.ts";
import { NOT_CACHED, NumberCache } from "../number_cache.ts";
import type { CellMeasures } from "./cell_measures.ts";
import { type CallColumns, CHUNK_CALLS } from "./call_columns.ts";
import { directoryOf } from "./directories.ts";
import { fileKey, ProcessFacts, processKey } from "./facts.ts";
import type { TakeRoom } from "./histograms.ts";
import { KeyedTable, type ReadRow } from "./keyed_table.ts";
import type { MeasureTable } from "./measure_table.ts";

/** What no name is, not even an empty one, which a path can be. */
const NO_NAME = "\0-";

/** Source of the names that groups need. */
export interface GroupSource {
  arch: Arch;
  /** The names in slots. */
  task(slot: number): TaskName;
  file(slot: number): FileName;
}

/** The calls of a batch as numbers; a task or file gets a new number whenever its slot gets another name. */
export interface GroupColumns {
  nr: Int32Array;
  task: Uint32Array;
  file: Uint32Array;
  oldFile: Uint32Array;
  /** File slots of the texts of stacks; left out where they are not known. */
  stack?: Uint32Array;
  taskId: Int32Array;
  fileId: Int32Array;
}

/** A row's values; those of processes and threads follow their names. */
interface GroupFacts {
  values: (() => GroupValue)[];
}

/**
 * Counts calls by a combination of up to three keys, for instance process and system call: exact sums of all calls, in at
 * most `limit` rows and one for the others.
 */
export class GroupTable {
  readonly #by: readonly GroupKey[];
  readonly #source: GroupSource;
  readonly #table: KeyedTable<GroupFacts>;
  readonly #processes = new Map<string, ProcessFacts>();
  readonly #threads = new Map<string, { comm: string }>();
  /** Names that their process or thread has taken. */
  readonly #takenByProcess = new TakenNames();
  readonly #takenByThread = new TakenNames();
  /** Rows by the numbers of their calls: no key has to be built for them. */
  readonly #cache = new NumberCache();
  readonly #usesCall: boolean;
  readonly #usesTask: boolean;
  readonly #usesFile: boolean;
  readonly #usesOldFile: boolean;
  readonly #usesErrno: boolean;
  readonly #usesStack: boolean;
  readonly #rows = new Int32Array(CHUNK_CALLS);
  readonly #readRows = new Int32Array(CHUNK_CALLS);
  readonly #writeRows = new Int32Array(CHUNK_CALLS);

  /** With `isLasting` the first groups stay, and later ones count as the others: no figure of a group ever falls. */
  constructor(by: readonly GroupKey[], limit: number, source: GroupSource, isLasting = false) {
    this.#by = by;
    this.#source = source;
    this.#table = new KeyedTable({ limit, what: "groups", optional: false, isLasting });
    const uses = (...keys: GroupKey[]) => by.some((key) => keys.includes(key));
    this.#usesCall = uses("syscall", "family");
    this.#usesTask = uses("comm", "process", "thread", "cgroup");
    this.#usesFile = uses("file", "dir");
    this.#usesOldFile = uses("old_file");
    this.#usesErrno = uses("errno");
    this.#usesStack = uses("stack");
  }

  /** Counts the first `length` calls, which are those from `from` on of the columns. */
  add(columns: GroupColumns, calls: CallColumns, from: number, length: number): void {
    this.#find(columns, calls, from, length);
    this.#table.add(this.#rows, calls, length, this.#readRows, this.#writeRows);
  }

  /** Adds the measures of one cell, call `at` of the columns and 0 of `calls`. */
  addMeasures(
    columns: GroupColumns,
    at: number,
    calls: CallColumns,
    { own, read, written }: CellMeasures,
  ): void {
    this.#find(columns, calls, at, 1);
    this.#table.addMeasures(this.#rows[0], own);
    if (read !== null) this.#table.addMeasures(this.#readRows[0], read);
    if (written !== null) this.#table.addMeasures(this.#writeRows[0], written);
  }

  /** Memory that the rows take. */
  get bytes(): number {
    return this.#table.bytes;
  }

  /** Rows that may be folded. */
  get foldable(): number {
    return this.#table.foldable;
  }

  /** Folds the rows beyond the limit. */
  bound(): void {
    const before = this.#table.folded;
    this.#table.bound();
    if (this.#table.folded !== before) this.#forget();
  }

  /** Folds all but `keep` rows, see {@linkcode KeyedTable.foldTo}. */
  foldTo(keep: number): void {
    this.#table.foldTo(keep);
    this.#forget();
  }

  /** The keys, outermost first. */
  get by(): readonly GroupKey[] {
    return this.#by;
  }

  /** Calls `visit` for each group that is not folded, with its measures as row `row` of `measures`. */
  forEach(visit: (values: GroupValue[], measures: MeasureTable, row: number) => void): void {
    this.#table.forEach(({ values }, measures, row) => visit(values.map((value) => value()), measures, row));
  }

  /** See {@linkcode KeyedTable.readOther}. */
  readOther<Read>(read: ReadRow<Read>): Read | null {
    return this.#table.readOther(read);
  }

  /** The groups as plain data, in no particular order; of a grouping that begins with the process those of `of` only. */
  toData(take: TakeRoom, of?: SnapshotRequest["groupsOf"]): GroupStats {
    const stats: GroupStats = {
      by: [...this.#by],
      rows: [],
      other: this.#table.readOther((measures, row) => measures.toDataWithLatency(row, take)),
      folded: this.#table.folded,
    };
    this.#table.forEach(({ values }, measures, row) => {
      const first = values[0]();
      if (of !== undefined && first.key === "process" && !of.some((process) => isSame(process, first))) {
        return;
      }
      stats.rows.push({ values: values.map((value) => value()), ...measures.toDataWithLatency(row, take) });
    });
    return stats;
  }

  /** To be called when rows were folded: their numbers are no longer valid. */
  #forget(): void {
    this.#cache.clear();
    // Groups that stay keep their own hold on the facts of their tasks.
    this.#processes.clear();
    this.#threads.clear();
    this.#takenByProcess.clear();
    this.#takenByThread.clear();
  }

  #find(columns: GroupColumns, calls: CallColumns, from: number, length: number): void {
    const { nr, task, file, oldFile, stack, taskId, fileId } = columns;
    const { errno, source, target } = calls;
    for (let i = 0; i < length; i++) {
      const at = from + i;
      const a = this.#usesCall ? nr[at] : 0;
      const b = this.#usesTask ? taskId[task[at]] : 0;
      // A table by both files has every copy under its destination.
      const takesSource = target[i] !== NO_FILE && !this.#usesOldFile;
      const own = takesSource ? source[i] : file[at];
      const c = this.#usesFile ? fileId[own] : 0;
      const d = this.#usesErrno ? errno[i] : 0;
      const stackSlot = this.#usesStack ? stack?.[at] ?? NO_FILE : NO_FILE;
      const e = fileId[stackSlot];
      const oldSlot = this.#usesOldFile ? oldFile[at] : NO_FILE;
      const f = fileId[oldSlot];
      const row = this.#row(a, b, c, d, e, f, nr[at], task[at], own, errno[i], stackSlot, oldSlot);
      this.#rows[i] = row;
      this.#readRows[i] = row;
      this.#writeRows[i] = row;
      if (!this.#usesFile || source[i] === NO_FILE) continue;
      const [other, rows] = takesSource ? [target[i], this.#writeRows] : [source[i], this.#readRows];
      const otherId = fileId[other];
      rows[i] = this.#row(a, b, otherId, d, e, f, nr[at], task[at], other, errno[i], stackSlot, oldSlot);
    }
  }

  /** The group's row. */
  #row(
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    nr: number,
    task: number,
    file: number,
    errno: number,
    stack: number,
    oldFile: number,
  ): number {
    const cached = this.#cache.get(a, b, c, d, e, f);
    if (cached !== NOT_CACHED) return cached;
    const row = this.#findKey(nr, task, b, file, errno, stack, oldFile);
    this.#cache.set(a, b, c, d, e, f, row);
    return row;
  }

  #findKey(
    nr: number,
    task: number,
    taskId: number,
    file: number,
    errno: number,
    stack: number,
    oldFile: number,
  ): number {
    const parts = this.#by.map((key) => this.#part(key, nr, task, taskId, file, errno, stack, oldFile));
    // Neither a path nor a name can have a NUL in it.
    const key = parts.map(({ key }) => key).join("\0\0");
    return this.#table.rowOfKey(key, () => ({ values: parts.map(({ value }) => value) }));
  }

  #part(
    key: GroupKey,
    nr: number,
    task: number,
    taskId: number,
    file: number,
    errno: number,
    stack: number,
    oldFile: number,
  ): { key: string; value: () => GroupValue } {
    const { arch } = this.#source;
    const named = (name: string | null) => ({
      key: name ?? NO_NAME,
      value: () => ({ key, name }) as GroupValue,
    });
    switch (key) {
      case "syscall":
        return named(syscallName(arch, nr));
      case "family":
        return named(familyOf(arch, nr));
      case "errno":
        return named(errno === 0 ? null : errnoName(errno));
      case "comm":
        return named(this.#source.task(task).comm);
      case "cgroup":
        return named(this.#source.task(task).cgroup ?? null);
      case "stack":
        return named(stack === NO_FILE ? null : this.#source.file(stack).path);
      case "dir":
        return named(file === NO_FILE ? null : directoryOf(this.#source.file(file).path));
      case "file":
      case "old_file": {
        const slot = key === "file" ? file : oldFile;
        if (slot === NO_FILE) return named(null);
        const name = this.#source.file(slot);
        const pathRaw = name.raw?.toBase64();
        const value: GroupValue = { key, name: name.path, ...(pathRaw === undefined ? {} : { pathRaw }) };
        return { key: fileKey(name), value: () => value };
      }
      case "process":
        return this.#process(this.#source.task(task), taskId);
      case "thread":
        return this.#thread(this.#source.task(task), taskId);
    }
  }

  #process(task: TaskName, id: number): { key: string; value: () => GroupValue } {
    const key = processKey(task);
    let facts = this.#processes.get(key);
    if (facts === undefined) this.#processes.set(key, facts = new ProcessFacts(task));
    if (this.#takenByProcess.take(task.slot, id)) facts.seen(task);
    const { pid, startedNs } = facts;
    return { key, value: () => ({ key: "process", pid, comm: facts.comm, startedNs }) };
  }

  #thread(task: TaskName, id: number): { key: string; value: () => GroupValue } {
    const key = `${processKey(task)}:${task.tid}`;
    let facts = this.#threads.get(key);
    if (facts === undefined) this.#threads.set(key, facts = { comm: task.comm });
    if (this.#takenByThread.take(task.slot, id)) facts.comm = task.comm;
    const { pid, tid } = task;
    return { key, value: () => ({ key: "thread", pid, tid, comm: facts.comm }) };
  }
}

type ProcessId = Pick<ProcessStats, "pid" | "startedNs">;

function isSame(a: ProcessId, b: ProcessId): boolean {
  return a.pid === b.pid && a.startedNs === b.startedNs;
}

/** The names in slots that were taken: each counts once, however often it is looked up. */
class TakenNames {
  #ids = new Int32Array(64);

  /** Takes the name of a slot by the name's number; false when it was taken before. */
  take(slot: number, id: number): boolean {
    if (slot >= this.#ids.length) this.#ids = longer(this.#ids, slot + 1);
    const isNew = this.#ids[slot] !== id;
    this.#ids[slot] = id;
    return isNew;
  }

  clear(): void {
    this.#ids.fill(0);
  }
}
