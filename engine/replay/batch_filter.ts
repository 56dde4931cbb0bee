import { ALL_EXTRA_COLUMNS, type EventBatch, type TaskName } from "../../runtime/event_batch.ts";
import { compileCalls, compileScope, type Filter, SlotPredicate } from "../../runtime/filter/mod.ts";
import { type Arch, syscallName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { NUMBER_COLUMNS } from "../batch_copies.ts";

/** Columns of numbers as one type: all are treated alike. */
type NumberColumn = { [index: number]: number };

/** The filter for batches with the call numbers of `arch`, `null` for a filter that selects everything. */
export function batchFilter(filter: Filter, arch: Arch): BatchFilter | null {
  const isSelected = compileCalls(filter);
  const isAll = filter.where === null && filter.pids.length + filter.tids.length === 0 &&
    filter.unknownSyscalls &&
    SYSCALLS.every((call) => syscallNumber(arch, call) === null || isSelected(call.name));
  return isAll ? null : new BatchFilter(filter, arch);
}

/**
 * Selects calls of batches by the rules of a live trace. Children of `pids` are not selected: a recording does not tell
 * which process started which.
 */
export class BatchFilter {
  readonly #arch: Arch;
  readonly #isOfScope: (pid: number, tid: number) => boolean;
  readonly #isSelected: (name: string) => boolean;
  readonly #where: SlotPredicate | null;
  /** Verdict of each number seen so far. */
  readonly #calls = new Map<number, boolean>();
  readonly #tasks: boolean[] = [];

  /** The batches have the call numbers of `arch`. */
  constructor(filter: Filter, arch: Arch) {
    this.#arch = arch;
    this.#isOfScope = compileScope(filter);
    this.#isSelected = compileCalls(filter);
    this.#where = filter.where && new SlotPredicate(filter.where, arch);
  }

  /** Moves the selected calls to the front of the columns, in their order; returns their number. */
  apply({ columns, length, tasks, files }: EventBatch): number {
    for (const task of tasks) this.#task(task);
    for (const { slot, path } of files) this.#where?.file(slot, path);
    let kept = 0;
    for (let i = 0; i < length; i++) {
      if (!this.#tasks[columns.task[i]] || !this.#wantsCall(columns.nr[i])) continue;
      if (!(this.#where?.holds(columns, i) ?? true)) continue;
      if (kept < i) {
        columns.ret[kept] = columns.ret[i];
        for (const name of NUMBER_COLUMNS) {
          const column: NumberColumn = columns[name];
          column[kept] = column[i];
        }
        const { extra } = columns;
        if (extra !== undefined) {
          for (const name of ALL_EXTRA_COLUMNS) extra[name][kept] = extra[name][i];
        }
      }
      kept++;
    }
    return kept;
  }

  #task(task: TaskName): void {
    this.#tasks[task.slot] = this.#isOfScope(task.pid, task.tid);
    this.#where?.task(task);
  }

  #wantsCall(nr: number): boolean {
    let wanted = this.#calls.get(nr);
    if (wanted === undefined) this.#calls.set(nr, wanted = this.#isSelected(syscallName(this.#arch, nr)));
    return wanted;
  }
}
