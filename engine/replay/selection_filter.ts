import { type EventBatch, type EventColumns, EventFlag, NO_FILE } from "../../runtime/event_batch.ts";
import { isFailed } from "../../runtime/outcome.ts";
import { Judge } from "../../runtime/pattern.ts";
import type { Selection } from "../../runtime/selection.ts";
import { type Arch, syscallName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { NUMBER_COLUMNS } from "../batch_copies.ts";

const INCLUDED = 1;
const EXCLUDED = 2;

/** Columns of numbers, as one type: what is done to them is the same for each. */
type NumberColumn = { [index: number]: number };

/** The filter of a selection, `null` for one that leaves nothing out. As the constructor's, the numbers of `selection`. */
export function selectionFilter(
  selection: Selection,
  selectionArch: Arch,
  arch: Arch,
): SelectionFilter | null {
  const { pids, tids, uids, comms, paths, excludedComms, excludedPaths, ...rest } = selection;
  const lists = [pids, tids, uids, comms, paths, excludedComms, excludedPaths];
  const known = SYSCALLS.filter((call) => syscallNumber(selectionArch, call) !== null);
  const isAll = lists.every(({ length }) => length === 0) && !rest.failedOnly && rest.slowerNs === 0 &&
    rest.unknownSyscalls && rest.syscalls.length === known.length;
  return isAll ? null : new SelectionFilter(selection, selectionArch, arch);
}

/**
 * Takes from batches what a selection asks for, by the rules that the kernel side follows live. Children are no part of it:
 * who started whom is not recorded.
 */
export class SelectionFilter {
  readonly #selection: Selection;
  readonly #arch: Arch;
  readonly #comms: Judge;
  readonly #paths: Judge;
  /** Names of the calls that the selection has, and of all that its table has. */
  readonly #selected: Set<string>;
  readonly #known: Set<string>;
  /** Verdict of each number seen so far. */
  readonly #calls = new Map<number, boolean>();
  readonly #tasks: boolean[] = [];
  readonly #files: number[] = [NO_FILE];

  /** `selection` has the numbers of `selectionArch`, the batches those of `arch`. */
  constructor(selection: Selection, selectionArch: Arch, arch: Arch) {
    this.#selection = selection;
    this.#arch = arch;
    this.#comms = new Judge(selection.comms, selection.excludedComms);
    this.#paths = new Judge(selection.paths, selection.excludedPaths);
    this.#selected = new Set(selection.syscalls.map((nr) => syscallName(selectionArch, nr)));
    this.#known = new Set(
      SYSCALLS.filter((call) => syscallNumber(selectionArch, call) !== null).map(({ name }) => name),
    );
  }

  /** Moves the calls that are wanted to the front of the columns, in their order; gives how many they are. */
  apply({ columns, length, tasks, files }: EventBatch): number {
    for (const task of tasks) this.#tasks[task.slot] = this.#wantsTask(task);
    if (!this.#paths.acceptsAll) {
      for (const { slot, path } of files) {
        this.#files[slot] = (this.#paths.includes(path) ? INCLUDED : 0) |
          (this.#paths.excludes(path) ? EXCLUDED : 0);
      }
    }
    let kept = 0;
    for (let i = 0; i < length; i++) {
      if (!this.#wants(columns, i)) continue;
      if (kept < i) {
        columns.ret[kept] = columns.ret[i];
        for (const name of NUMBER_COLUMNS) {
          const column: NumberColumn = columns[name];
          column[kept] = column[i];
        }
      }
      kept++;
    }
    return kept;
  }

  #wants(columns: EventColumns, i: number): boolean {
    const { failedOnly, slowerNs } = this.#selection;
    if (!this.#tasks[columns.task[i]] || !this.#wantsCall(columns.nr[i])) return false;
    const flags = columns.flags[i];
    if (failedOnly && !isFailed(columns, i)) return false;
    // A call without a time never matches.
    if (slowerNs > 0 && !(columns.durationNs[i] >= slowerNs && (flags & EventFlag.NO_RETURN) === 0)) {
      return false;
    }
    return this.#wantsFiles(columns.file[i], columns.oldFile[i]);
  }

  #wantsCall(nr: number): boolean {
    let wanted = this.#calls.get(nr);
    if (wanted === undefined) {
      const name = syscallName(this.#arch, nr);
      wanted = this.#selected.has(name) || (this.#selection.unknownSyscalls && !this.#known.has(name));
      this.#calls.set(nr, wanted);
    }
    return wanted;
  }

  #wantsTask({ pid, tid, uid, comm }: { pid: number; tid: number; uid: number; comm: string }): boolean {
    const { pids, tids, uids } = this.#selection;
    const named = pids.length + tids.length === 0 || pids.includes(pid) || tids.includes(tid);
    return named && (uids.length === 0 || uids.includes(uid)) && this.#comms.accepts(comm);
  }

  #wantsFiles(file: number, oldFile: number): boolean {
    if (this.#paths.acceptsAll) return true;
    if (file === NO_FILE && oldFile === NO_FILE) return this.#paths.acceptsNameless;
    const verdict = this.#files[file] | this.#files[oldFile];
    return (verdict & EXCLUDED) === 0 && (verdict & INCLUDED) !== 0;
  }
}
