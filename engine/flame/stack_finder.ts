import { NO_FILE } from "../../runtime/event_batch.ts";
import type { TrieField } from "../../runtime/flame.ts";
import type { CallNumbers, FieldNodes, TrieParts } from "./field_nodes.ts";
import { NAME_SOURCES, NameNodes } from "./name_nodes.ts";
import { PathNodes } from "./path_nodes.ts";
import { ROOT } from "./trie_nodes.ts";

/** Slots of the cache that finds stacks by the numbers of a call without walking the trie; a power of two. */
const CACHED_STACKS = 2 ** 14;

/** Numbers of a cached stack: the five that identify it and its node plus one; a power of two, to share cache lines. */
const PARTS = 8;

/** Finds the node that a call counts for: that of its last frame, created with its parents when new. */
export class StackFinder {
  /** True when it matters how a call ended. */
  readonly usesEnding: boolean;
  readonly #parts: TrieParts;
  readonly #fields: readonly FieldNodes[];
  readonly #cache = new Int32Array(CACHED_STACKS * PARTS);
  /** All bits set when calls, tasks or files distinguish stacks, otherwise none. */
  readonly #nrMask: number;
  readonly #taskMask: number;
  readonly #fileMask: number;
  readonly #stackMask: number;
  readonly #call: CallNumbers = { nr: 0, task: 0, file: 0, fileId: 0, stack: 0, stackId: 0, ending: 0 };

  constructor(fields: readonly TrieField[], parts: TrieParts) {
    this.#parts = parts;
    this.#fields = fields.map((field, i) =>
      field === "path" || field === "stack" ? new PathNodes(field, i, parts) : new NameNodes(field, i, parts)
    );
    const uses = (key: string) =>
      fields.some((field) => field !== "path" && field !== "stack" && NAME_SOURCES[field].by === key);
    this.usesEnding = uses("ending");
    this.#nrMask = uses("nr") ? -1 : 0;
    this.#taskMask = uses("task") ? -1 : 0;
    this.#fileMask = fields.includes("path") ? -1 : 0;
    this.#stackMask = fields.includes("stack") ? -1 : 0;
  }

  /**
   * The node of a call. `taskId`, `fileId` and `stackId` are the numbers of the names in the slots, 0 for none. Throws a
   * `RangeError` for a slot without a name, except {@linkcode NO_FILE}.
   */
  find(
    nr: number,
    task: number,
    taskId: number,
    file: number,
    fileId: number,
    ending: number,
    stack = NO_FILE,
    stackId = 0,
  ): number {
    if (taskId === 0) this.#parts.source.task(task);
    if (fileId === 0 && file !== NO_FILE) this.#parts.source.file(file);
    const a = nr & this.#nrMask;
    const b = taskId & this.#taskMask;
    const c = fileId & this.#fileMask;
    const d = stackId & this.#stackMask;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^
      Math.imul(ending, 0x27d4eb2f) ^ Math.imul(d, 0x165667b1);
    hash ^= hash >>> 15;
    const at = (hash & (CACHED_STACKS - 1)) * PARTS;
    const cache = this.#cache;
    if (
      cache[at] === a && cache[at + 1] === b && cache[at + 2] === c && cache[at + 3] === ending &&
      cache[at + 5] === d && cache[at + 4] !== 0
    ) return cache[at + 4] - 1;
    cache[at] = a;
    cache[at + 1] = b;
    cache[at + 2] = c;
    cache[at + 3] = ending;
    cache[at + 5] = d;
    const node = this.#walk(nr, task, file, fileId, ending, stack, stackId);
    cache[at + 4] = node + 1;
    return node;
  }

  /** To be called when a slot has a new name. */
  renamed(what: "task" | "file", slot: number): void {
    for (const field of this.#fields) field.renamed(what, slot);
  }

  /** Forgets all nodes: their numbers have changed. */
  forgetNodes(): void {
    this.#cache.fill(0);
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
