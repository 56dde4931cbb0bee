import type { EventColumns, TaskName } from "../runtime/event_batch.ts";
import {
  compileCondition,
  compileRunning,
  type FilterRow,
  type FilterSplit,
  isAboutOnly,
  SlotPredicate,
  TASK_FIELDS,
} from "../runtime/filter/mod.ts";
import type { RunningCall } from "../runtime/row.ts";
import type { Arch } from "../runtime/syscalls/mod.ts";
import { JudgeMode } from "./wire.ts";

/** Fields that are known of the calls of a cell whose files are not. */
const FIELDS_WITHOUT_FILES = [...TASK_FIELDS, "syscall", "family", "errno", "failed"] as const;

/**
 * The verdicts of user space. A name is judged once, when it is announced; the kernel gets the verdict written back and
 * sends no more such rows. Those that came meanwhile, and what the kernel cannot decide, are judged row by row.
 */
export class NameJudge {
  readonly #acceptsTask: ((row: FilterRow) => boolean) | null;
  readonly #acceptsFile: ((row: FilterRow) => boolean) | null;
  readonly #acceptsRunning: (call: Omit<RunningCall, "ageNs">) => boolean;
  readonly #rows: SlotPredicate | null;
  /** Whether what decides a row may be its files. */
  readonly needsFiles: boolean;

  /** `arch` says whose call numbers rows carry. */
  constructor({ tasks, files, rest }: Pick<FilterSplit, "tasks" | "files" | "rest">, arch: Arch) {
    this.#acceptsTask = tasks && compileCondition(tasks);
    this.#acceptsFile = files && compileCondition(files);
    this.#acceptsRunning = compileRunning(rest);
    this.needsFiles = rest !== null && !isAboutOnly(rest, FIELDS_WITHOUT_FILES);
    this.#rows = rest && new SlotPredicate(rest, arch);
  }

  /** True when every row passes. */
  get acceptsAll(): boolean {
    return this.#rows === null;
  }

  /** What the kernel side is told of tasks and of files. */
  get taskMode(): number {
    return this.#acceptsTask === null ? JudgeMode.NOT : JudgeMode.WANTED;
  }
  get fileMode(): number {
    if (this.#acceptsFile === null) return JudgeMode.NOT;
    return this.#acceptsFile({}) ? JudgeMode.UNWANTED : JudgeMode.WANTED;
  }

  /** Judges a task; false when the kernel should drop its calls. */
  task(task: TaskName): boolean {
    this.#rows?.task(task);
    return this.#acceptsTask?.(task) ?? true;
  }

  /** Judges a file; false when the kernel should drop calls on it alone. */
  file(slot: number, path: string): boolean {
    this.#rows?.file(slot, path);
    return this.#acceptsFile?.({ path }) ?? true;
  }

  /** Judges a call that has not returned by what is known of it. */
  accepts(call: Omit<RunningCall, "ageNs">): boolean {
    return this.#acceptsRunning(call);
  }

  /** Judges call `index` of the columns. */
  row(columns: EventColumns, index: number): boolean {
    return this.#rows?.holds(columns, index) ?? true;
  }
}
