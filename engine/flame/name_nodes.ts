import type { TrieField } from "../../runtime/flame.ts";
import { syscallName } from "../../runtime/syscalls/mod.ts";
import { endingText } from "./call_ending.ts";
import type { CallNumbers, FieldNodes, NameSource, TrieParts } from "./field_nodes.ts";
import { LabelCache, NO_LABEL } from "./label_cache.ts";
import { labelOf } from "./trie_nodes.ts";

/** The number of a call that identifies the frame of a field, and its name. A path and a stack have several frames. */
export const NAME_SOURCES: Record<
  Exclude<TrieField, "path" | "stack">,
  { by: "nr" | "task" | "ending"; text(source: NameSource, key: number): string }
> = {
  comm: { by: "task", text: (source, slot) => source.task(slot).comm },
  syscall: { by: "nr", text: ({ arch }, nr) => syscallName(arch, nr) },
  pid: { by: "task", text: (source, slot) => String(source.task(slot).pid) },
  tid: { by: "task", text: (source, slot) => String(source.task(slot).tid) },
  flags: { by: "ending", text: (_, ending) => endingText(ending) },
};

/** The frames of a field with one frame per call. */
export class NameNodes implements FieldNodes {
  readonly #parts: TrieParts;
  readonly #index: number;
  readonly #by: "nr" | "task" | "ending";
  readonly #text: (source: NameSource, key: number) => string;
  readonly #labels = new LabelCache();

  /** `index` is that of the field among those in use. */
  constructor(field: Exclude<TrieField, "path" | "stack">, index: number, parts: TrieParts) {
    this.#parts = parts;
    this.#index = index;
    this.#by = NAME_SOURCES[field].by;
    this.#text = NAME_SOURCES[field].text;
  }

  find(parent: number, call: CallNumbers): number {
    const { nodes, names, source } = this.#parts;
    const key = call[this.#by];
    let label = this.#labels.get(key);
    if (label === NO_LABEL) {
      label = labelOf(names.number(this.#text(source, key)), this.#index);
      this.#labels.set(key, label);
    }
    return nodes.child(parent, label);
  }

  renamed(what: "task" | "file", slot: number): void {
    if (what === this.#by) this.#labels.forget(slot);
  }

  forgetNodes(): void {}

  forgetLabels(): void {
    this.#labels.clear();
  }
}
