import type { TaskName } from "./event_batch.ts";
import { longer } from "./longer.ts";

const FIRST_SLOTS = 64;

/** In place of a group: none is known. No group has this number (`INVALID_GID` in include/linux/uidgid.h). */
const NO_GID = 0xffff_ffff;

/** Different texts that are recognised: more names of programs and control groups than are in use at a time. */
const SHARED_TEXTS = 4096;

/**
 * Names of tasks by their slots. Kept in columns: tens of thousands of short processes leave a name each, which takes
 * 32 bytes here and 135 as an object, and several parts of a trace hold them all.
 */
export class TaskNames {
  #pids = new Uint32Array(FIRST_SLOTS);
  #tids = new Uint32Array(FIRST_SLOTS);
  #uids = new Uint32Array(FIRST_SLOTS);
  #gids = new Uint32Array(FIRST_SLOTS);
  #startsNs = new Float64Array(FIRST_SLOTS);
  /** `undefined` for a slot without a name. */
  readonly #comms: (string | undefined)[] = [];
  /** Shorter: most traces do not follow control groups. */
  readonly #groups: (string | undefined)[] = [];
  /** Each text once: every name that comes has a copy of its own. */
  readonly #texts = new Map<string, string>();

  /** Gives a slot a name. */
  set({ slot, pid, tid, uid, gid, comm, cgroup, processStartNs }: TaskName): void {
    if (slot >= this.#pids.length) this.#moreSlots(slot);
    // Arrays with holes are slower.
    while (this.#comms.length <= slot) this.#comms.push(undefined);
    this.#pids[slot] = pid;
    this.#tids[slot] = tid;
    this.#uids[slot] = uid;
    this.#gids[slot] = gid ?? NO_GID;
    this.#startsNs[slot] = processStartNs;
    this.#comms[slot] = this.#shared(comm);
    if (cgroup !== undefined) {
      while (this.#groups.length <= slot) this.#groups.push(undefined);
      this.#groups[slot] = this.#shared(cgroup);
    } else if (slot < this.#groups.length) this.#groups[slot] = undefined;
  }

  /** The name of a slot, `undefined` when it has none. A new object at each call. */
  get(slot: number): TaskName | undefined {
    const comm = this.#comms[slot];
    if (comm === undefined) return undefined;
    const gid = this.#gids[slot];
    const cgroup = this.#groups[slot];
    return {
      slot,
      pid: this.#pids[slot],
      tid: this.#tids[slot],
      uid: this.#uids[slot],
      ...(gid === NO_GID ? {} : { gid }),
      comm,
      ...(cgroup === undefined ? {} : { cgroup }),
      processStartNs: this.#startsNs[slot],
    };
  }

  /** All names, by slot. */
  *all(): Iterable<TaskName> {
    for (let slot = 0; slot < this.#comms.length; slot++) {
      const name = this.get(slot);
      if (name !== undefined) yield name;
    }
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= SHARED_TEXTS) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }

  #moreSlots(slot: number): void {
    this.#pids = longer(this.#pids, slot + 1);
    this.#tids = longer(this.#tids, slot + 1);
    this.#uids = longer(this.#uids, slot + 1);
    this.#gids = longer(this.#gids, slot + 1);
    this.#startsNs = longer(this.#startsNs, slot + 1);
  }
}
