import { NO_FILE } from "../../runtime/event_batch.ts";
import type { CallNumbers, FieldNodes, TrieParts } from "./field_nodes.ts";
import { pathFrames } from "./path_frames.ts";
import { rawText } from "../../runtime/raw_text.ts";
import { labelOf } from "./trie_nodes.ts";

/** Slots of the cache that finds nodes by parent and file without walking the path; a power of two. */
const SHORTCUTS = 2 ** 15;

/** Numbers of a shortcut: parent, file, node; the file is never 0. */
const PARTS = 3;

/** The frames of paths. */
export class PathNodes implements FieldNodes {
  readonly #parts: TrieParts;
  readonly #index: number;
  /** Labels of each file slot's path. */
  readonly #labelsOf: (number[] | undefined)[] = [];
  readonly #shortcuts = new Int32Array(SHORTCUTS * PARTS);

  /** `index` is that of the field among those in use. */
  constructor(index: number, parts: TrieParts) {
    this.#index = index;
    this.#parts = parts;
  }

  find(parent: number, { file, fileId }: CallNumbers): number {
    if (file === NO_FILE) return parent;
    const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(fileId, 0x85ebca6b);
    const at = ((hash ^ (hash >>> 15)) & (SHORTCUTS - 1)) * PARTS;
    const shortcuts = this.#shortcuts;
    if (shortcuts[at] === parent && shortcuts[at + 1] === fileId) return shortcuts[at + 2];
    let node = parent;
    for (const label of this.#labels(file)) node = this.#parts.nodes.child(node, label);
    shortcuts[at] = parent;
    shortcuts[at + 1] = fileId;
    shortcuts[at + 2] = node;
    return node;
  }

  renamed(what: "task" | "file", slot: number): void {
    if (what === "file" && slot < this.#labelsOf.length) this.#labelsOf[slot] = undefined;
  }

  forgetNodes(): void {
    this.#shortcuts.fill(0);
  }

  forgetLabels(): void {
    this.#labelsOf.length = 0;
  }

  #labels(slot: number): number[] {
    const known = this.#labelsOf[slot];
    if (known !== undefined) return known;
    const { names, source } = this.#parts;
    const labels = [];
    const { path, raw } = source.file(slot);
    for (const frame of pathFrames(raw === undefined ? path : rawText(raw))) {
      labels.push(labelOf(names.number(frame), this.#index));
    }
    while (this.#labelsOf.length < slot) this.#labelsOf.push(undefined);
    return this.#labelsOf[slot] = labels;
  }
}
