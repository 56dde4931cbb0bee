import type { FileName, TaskName } from "../../runtime/event_batch.ts";
import { fileKey } from "../stats/facts.ts";

/** Number of names after which all slots are assigned anew: as many as the kernel side has. */
const MOST_NAMES = 65_536;

/**
 * Assigns slots to the tasks and files of a recording. A thread that changes its name, its user, its group, its control
 * group or its process gets a new slot, as in a live trace: the name of a process depends on the order in which its
 * threads were announced.
 */
export class SlotNames {
  readonly #threads = new Map<number, TaskName>();
  readonly #files = new Map<string, number>();
  #taskSlots = 0;
  #fileSlots = 0;
  #newTasks: TaskName[] = [];
  #newFiles: FileName[] = [];

  /** True when it is time for {@linkcode SlotNames.restart}. */
  get isFull(): boolean {
    return this.#taskSlots >= MOST_NAMES || this.#fileSlots >= MOST_NAMES;
  }

  /** The slot of a thread with these names. */
  task(name: Omit<TaskName, "slot">): number {
    const known = this.#threads.get(name.tid);
    if (
      known !== undefined && known.pid === name.pid && known.comm === name.comm && known.uid === name.uid &&
      known.gid === name.gid && known.cgroup === name.cgroup &&
      known.processStartNs === name.processStartNs
    ) return known.slot;
    const task = { slot: ++this.#taskSlots, ...name };
    this.#threads.set(name.tid, task);
    this.#newTasks.push(task);
    return task.slot;
  }

  /** The slot of a file; `raw` are the exact bytes of a path that is not UTF-8. */
  file(path: string, raw: Uint8Array | null): number {
    const name = { slot: this.#fileSlots + 1, path, ...(raw === null ? {} : { raw }) };
    const key = fileKey(name);
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    this.#files.set(key, ++this.#fileSlots);
    this.#newFiles.push(name);
    return name.slot;
  }

  /** The names that are new since the last call. */
  takeNew(): { tasks: TaskName[]; files: FileName[] } {
    const taken = { tasks: this.#newTasks, files: this.#newFiles };
    this.#newTasks = [];
    this.#newFiles = [];
    return taken;
  }

  /** Forgets all names: slots start at 1 again. To be called only between batches. */
  restart(): void {
    this.#threads.clear();
    this.#files.clear();
    this.#taskSlots = 0;
    this.#fileSlots = 0;
  }
}
