import { NO_FILE } from "../../runtime/event_batch.ts";
import type { TrieField } from "../../runtime/flame.ts";
import { NOT_CACHED, NumberCache } from "../number_cache.ts";
import type { CallNumbers, FieldNodes, TrieParts } from "./field_nodes.ts";
import { NAME_SOURCES, NameNodes } from "./name_nodes.ts";
import { PathNodes } from "./path_nodes.ts";
import { ROOT } from "./trie_nodes.ts";

/** Calls, and the numbers of the names in their slots, 0 for none. */
export interface StackCalls {
  nr: Int32Array;
  task: Uint32Array;
  file: Uint32Array;
  /** File slots of the texts of stacks; `undefined` where they are not known. */
  stack: Uint32Array | undefined;
  /** How they ended; `null` where that does not matter. */
  ending: Uint8Array | null;
  taskIds: Int32Array;
  fileIds: Int32Array;
}

/** Finds the node that a call counts for: that of its last frame, created with its parents when new. */
export class StackFinder {
  /** True when it matters how a call ended. */
  readonly usesEnding: boolean;
  readonly #parts: TrieParts;
  readonly #fields: readonly FieldNodes[];
  /** Nodes by the numbers of their calls. */
  readonly #cache = new NumberCache();
  /** All bits set where calls, tasks, files and their own stacks distinguish stacks, otherwise none. */
  readonly #masks: readonly [nr: number, task: number, file: number, stack: number];
  readonly #call: CallNumbers = { nr: 0, task: 0, file: 0, fileId: 0, stack: 0, stackId: 0, ending: 0 };

  constructor(fields: readonly TrieField[], parts: TrieParts) {
    this.#parts = parts;
    this.#fields = fields.map((field, i) =>
      field === "path" || field === "stack" ? new PathNodes(field, i, parts) : new NameNodes(field, i, parts)
    );
    const uses = (key: string) =>
      fields.some((field) => field !== "path" && field !== "stack" && NAME_SOURCES[field].by === key);
    this.usesEnding = uses("ending");
    const mask = (isUsed: boolean) => isUsed ? -1 : 0;
    this.#masks = [
      mask(uses("nr")),
      mask(uses("task")),
      mask(fields.includes("path")),
      mask(fields.includes("stack")),
    ];
  }

  /**
   * Sets `found[i]` to the node of call `from + i`, up to call `end`; stops earlier after the call that makes more than
   * `maxNodes` nodes. Throws a `RangeError` for a slot without a name, except {@linkcode NO_FILE}.
   *
   * @returns Where it stopped.
   */
  find(calls: StackCalls, from: number, end: number, found: Int32Array, maxNodes: number): number {
    const { nr, task, file, stack, ending, taskIds, fileIds } = calls;
    const cache = this.#cache;
    const [nrMask, taskMask, fileMask, stackMask] = this.#masks;
    for (let i = from; i < end; i++) {
      const taskId = task[i] < taskIds.length ? taskIds[task[i]] : 0;
      const fileId = file[i] < fileIds.length ? fileIds[file[i]] : 0;
      const stackSlot = stack === undefined ? NO_FILE : stack[i];
      const a = nr[i] & nrMask;
      const b = taskId & taskMask;
      const c = fileId & fileMask;
      const d = stackSlot < fileIds.length ? fileIds[stackSlot] & stackMask : 0;
      const e = ending === null ? 0 : ending[i];
      if (taskId === 0) this.#parts.source.task(task[i]);
      if (fileId === 0 && file[i] !== NO_FILE) this.#parts.source.file(file[i]);
      let node = cache.get(a, b, c, d, e, 0);
      if (node === NOT_CACHED) {
        node = this.#walk(nr[i], task[i], file[i], fileId, e, stackSlot, d);
        cache.set(a, b, c, d, e, 0, node);
        if (this.#parts.nodes.length > maxNodes) end = i + 1;
      }
      found[i - from] = node;
    }
    return end;
  }

  /** To be called when a slot has a new name. */
  renamed(what: "task" | "file", slot: number): void {
    for (const field of this.#fields) field.renamed(what, slot);
  }

  /** Forgets all nodes: their numbers have changed. */
  forgetNodes(): void {
    this.#cache.clear();
    for (const field of this.#fields) field.forgetNodes();
  }

  /** Forgets all labels: the numbers of names have changed. */
  forgetLabels(): void {
    for (const field of this.#fields) field.forgetLabels();
  }

  #walk(
    nr: number,
    task: number,
    file: number,
    fileId: number,
    ending: number,
    stack: number,
    stackId: number,
  ): number {
    const call = this.#call;
    call.nr = nr;
    call.task = task;
    call.file = file;
    call.fileId = fileId;
    call.ending = ending;
    call.stack = stack;
    call.stackId = stackId;
    let node = ROOT;
    for (const field of this.#fields) node = field.find(node, call);
    return node;
  }
}
