import { type EventBatch, type FileName, NO_FILE, type TaskName } from "../../runtime/event_batch.ts";
import { UsedNames } from "./used_names.ts";

/**
 * Characters of names in a row group: the group ends early when long paths would need more memory than its rows. The
 * limit is exceeded by at most one path.
 */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** The task and the files of each row of a row group. */
export class RowNames {
  /** Numbers of the rows' tasks and files, positions in {@linkcode RowNames.taskNames} and {@linkcode RowNames.fileNames}. */
  readonly task: Uint32Array;
  readonly file: Uint32Array;
  readonly oldFile: Uint32Array;
  /** The texts of their stacks and flags; `null` until a batch may have some. */
  extra: { stack: Uint32Array; flags: Uint32Array } | null = null;
  readonly #capacity: number;
  readonly #tasks = new UsedNames<TaskName>("task");
  readonly #files = new UsedNames<FileName>("file");
  #characters = 0;

  /** Room for `capacity` rows. */
  constructor(capacity: number) {
    this.task = new Uint32Array(capacity);
    this.file = new Uint32Array(capacity);
    this.oldFile = new Uint32Array(capacity);
    this.#capacity = capacity;
  }

  /** The tasks used; the first is none. */
  get taskNames(): readonly (TaskName | null)[] {
    return this.#tasks.used;
  }

  /** The files used; the first is none. */
  get fileNames(): readonly (FileName | null)[] {
    return this.#files.used;
  }

  /** True when no more names fit. */
  get full(): boolean {
    return this.#characters >= MOST_CHARACTERS;
  }

  /** Takes the new names of a batch; they apply to the rows added from here on. */
  apply({ tasks, files }: EventBatch): void {
    for (const task of tasks) this.#tasks.set(task);
    for (const file of files) this.#files.set(file);
  }

  /**
   * Adds the names of calls `from` up to `to` as those of the rows from `row` on; returns where it stopped because no more
   * names fit.
   */
  add({ columns }: EventBatch, from: number, to: number, row: number): number {
    const { task, file, oldFile, extra } = columns;
    if (extra !== undefined) {
      this.extra ??= { stack: new Uint32Array(this.#capacity), flags: new Uint32Array(this.#capacity) };
    }
    let tasks = this.#tasks.numbers;
    let files = this.#files.numbers;
    for (let i = from; i < to; i++, row++) {
      const taskSlot = task[i];
      const fileSlot = file[i];
      const oldSlot = oldFile[i];
      this.task[row] = tasks[taskSlot] || this.#useTask(taskSlot);
      this.file[row] = fileSlot === NO_FILE ? 0 : files[fileSlot] || this.#useFile(fileSlot);
      if (extra !== undefined) {
        this.extra!.stack[row] = this.#numberOf(extra.stack[i]);
        this.extra!.flags[row] = this.#numberOf(extra.flags[i]);
      }
      this.oldFile[row] = this.#numberOf(oldSlot);
      // A new name may have moved them.
      tasks = this.#tasks.numbers;
      files = this.#files.numbers;
      if (this.full) return i + 1;
    }
    return to;
  }

  /** Restarts the numbering; slots keep their names. */
  clear(): void {
    this.#tasks.clear();
    this.#files.clear();
    this.#characters = 0;
    this.extra?.stack.fill(0);
    this.extra?.flags.fill(0);
  }

  #numberOf(slot: number): number {
    return slot === NO_FILE ? 0 : this.#files.numbers[slot] || this.#useFile(slot);
  }

  #useTask(slot: number): number {
    this.#characters += this.#tasks.use(slot).comm.length;
    return this.#tasks.numbers[slot];
  }

  #useFile(slot: number): number {
    const { path, raw } = this.#files.use(slot);
    this.#characters += path.length + (raw?.length ?? 0);
    return this.#files.numbers[slot];
  }
}
