import { Judge } from "../runtime/pattern.ts";
import type { Selection } from "../runtime/selection.ts";
import { ALL_FILE_SLOTS } from "./text_paths.ts";
import { JudgeMode, TASK_SLOTS } from "./wire.ts";

const INCLUDED = 1;
const EXCLUDED = 2;

/**
 * The verdicts of user space on names. A name is judged once, when it is announced; rows are then judged by their
 * slots. The kernel gets the verdict written back and sends no more such rows.
 */
export class NameJudge {
  readonly #comms: Judge;
  readonly #paths: Judge;
  readonly #tasks = new Uint8Array(TASK_SLOTS);
  readonly #files: Uint8Array;

  constructor(selection: Selection) {
    this.#comms = new Judge(selection.comms, selection.excludedComms);
    this.#paths = new Judge(selection.paths, selection.excludedPaths);
    this.#files = new Uint8Array(this.#paths.acceptsAll ? 0 : ALL_FILE_SLOTS);
  }

  /** True when every row passes. */
  get acceptsAll(): boolean {
    return this.#comms.acceptsAll && this.#paths.acceptsAll;
  }

  /** What the kernel side is told of tasks and of files. */
  get taskMode(): number {
    return this.#comms.acceptsAll ? JudgeMode.NOT : JudgeMode.WANTED;
  }
  get fileMode(): number {
    if (this.#paths.acceptsAll) return JudgeMode.NOT;
    return this.#paths.acceptsNameless ? JudgeMode.UNWANTED : JudgeMode.WANTED;
  }

  /** Judges a task; false when the kernel should drop its calls. */
  task(slot: number, comm: string): boolean {
    const accepted = this.#comms.includes(comm) && !this.#comms.excludes(comm);
    this.#tasks[slot] = accepted ? INCLUDED : EXCLUDED;
    return accepted;
  }

  /** Judges a file; false when the kernel should drop calls on it alone. */
  file(slot: number, path: string): boolean {
    if (this.#paths.acceptsAll) return true;
    const included = this.#paths.includes(path);
    const excluded = this.#paths.excludes(path);
    this.#files[slot] = (included ? INCLUDED : 0) | (excluded ? EXCLUDED : 0);
    return included && !excluded;
  }

  /** Judges a call by its names alone. */
  accepts(comm: string, path: string | null): boolean {
    return this.#comms.accepts(comm) && this.#paths.accepts(path);
  }

  /** Judges a row: one of its two paths must be wanted, none of them unwanted. */
  row(task: number, file: number, oldFile: number): boolean {
    if (!this.#comms.acceptsAll && this.#tasks[task] === EXCLUDED) return false;
    if (this.#paths.acceptsAll) return true;
    if (file === 0 && oldFile === 0) return this.#paths.acceptsNameless;
    const verdict = this.#files[file] | this.#files[oldFile];
    return (verdict & EXCLUDED) === 0 && (verdict & INCLUDED) !== 0;
  }
}
