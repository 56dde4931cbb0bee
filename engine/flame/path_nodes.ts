import { NO_FILE } from "../../runtime/event_batch.ts";
import type { CallNumbers, FieldNodes, TrieParts } from "./field_nodes.ts";
import { pathFrames } from "./path_frames.ts";
import { rawText } from "../../runtime/raw_text.ts";
import { labelOf } from "./trie_nodes.ts";

/** Slots of the cache that finds nodes by parent and file without walking the path; a power of two. */
const SHORTCUTS = 2 ** 15;

/** Numbers of a shortcut: parent, file, node; the file is never 0. */
const PARTS = 3;

/** Files whose labels are kept, a power of two: an array for each of all slots would take 15 MB. */
const KEPT_FILES = 2 ** 13;

/** The texts of calls that have several frames each: paths, and stacks, which are named like files. */
const TEXTS = {
  path: {
    slot: ({ file }: CallNumbers) => file,
    id: ({ fileId }: CallNumbers) => fileId,
    frames: pathFrames,
  },
  stack: {
    slot: ({ stack }: CallNumbers) => stack,
    id: ({ stackId }: CallNumbers) => stackId,
    frames: (text: string) => text.split(";"),
  },
};

/** The frames of paths, or of stacks. */
export class PathNodes implements FieldNodes {
  readonly #parts: TrieParts;
  readonly #index: number;
  readonly #text: typeof TEXTS[keyof typeof TEXTS];
  /** Labels of paths, in the place that the file's number gives, and that number. */
  readonly #labelsAt: number[][] = Array.from({ length: KEPT_FILES }, () => []);
  readonly #keptIds = new Int32Array(KEPT_FILES);
  readonly #shortcuts = new Int32Array(SHORTCUTS * PARTS);

  /** `index` is that of the field among those in use. */
  constructor(field: keyof typeof TEXTS, index: number, parts: TrieParts) {
    this.#text = TEXTS[field];
    this.#index = index;
    this.#parts = parts;
  }

  find(parent: number, call: CallNumbers): number {
    const [file, fileId] = [this.#text.slot(call), this.#text.id(call)];
    if (file === NO_FILE) return parent;
    const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(fileId, 0x85ebca6b);
    const at = ((hash ^ (hash >>> 15)) & (SHORTCUTS - 1)) * PARTS;
    const shortcuts = this.#shortcuts;
    if (shortcuts[at] === parent && shortcuts[at + 1] === fileId) return shortcuts[at + 2];
    let node = parent;
    for (const label of this.#labels(file, fileId)) node = this.#parts.nodes.child(node, label);
    shortcuts[at] = parent;
    shortcuts[at + 1] = fileId;
    shortcuts[at + 2] = node;
    return node;
  }

  /** A slot's new name has another number. */
  renamed(): void {}

  forgetNodes(): void {
    this.#shortcuts.fill(0);
  }

  forgetLabels(): void {
    this.#keptIds.fill(0);
  }

  #labels(slot: number, fileId: number): number[] {
    const place = fileId & (KEPT_FILES - 1);
    if (this.#keptIds[place] === fileId) return this.#labelsAt[place];
    const { names, source } = this.#parts;
    const { path, raw } = source.file(slot);
    const labels = this.#text.frames(raw === undefined ? path : rawText(raw))
      .map((frame) => labelOf(names.number(frame), this.#index));
    this.#keptIds[place] = fileId;
    return this.#labelsAt[place] = labels;
  }
}
