import { longer } from "../../runtime/longer.ts";

/**
 * Keys from this one on are not cached. Slots of tasks and files are far below; only a fuzzer uses call numbers this large,
 * and there are 2^32 of them.
 */
const KEPT_KEYS = 2 ** 20;

/** Stands for an unknown label. A frame without a name at the root has it too, and is merely looked up again. */
export const NO_LABEL = 0;

/** Labels of frames by a small number: a slot, a call's number, how it ended. */
export class LabelCache {
  #labels = new Int32Array(64);

  /** The label of a key, {@linkcode NO_LABEL} when it is not known. */
  get(key: number): number {
    return key >= 0 && key < this.#labels.length ? this.#labels[key] : NO_LABEL;
  }

  /** Keeps the label of a key. */
  set(key: number, label: number): void {
    if (key < 0 || key >= KEPT_KEYS) return;
    if (key >= this.#labels.length) {
      this.#labels = longer(this.#labels, key + 1);
    }
    this.#labels[key] = label;
  }

  /** Forgets one key. */
  forget(key: number): void {
    if (key >= 0 && key < this.#labels.length) this.#labels[key] = NO_LABEL;
  }

  /** Forgets all keys. */
  clear(): void {
    this.#labels.fill(NO_LABEL);
  }
}
