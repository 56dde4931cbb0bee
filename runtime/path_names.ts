import type { FileName } from "./event_batch.ts";

/** Names of files by their slots: the text alone, as an object for each takes half as much again. */
export class PathNames {
  /** `undefined` for a slot without a name. */
  readonly #paths: (string | undefined)[] = [];
  /** The bytes of the few paths that are not UTF-8. */
  readonly #raws = new Map<number, Uint8Array>();

  /** Gives a slot a name. */
  set({ slot, path, raw }: FileName): void {
    // Arrays with holes are slower.
    while (this.#paths.length < slot) this.#paths.push(undefined);
    this.#paths[slot] = path;
    if (raw !== undefined) this.#raws.set(slot, raw);
    else if (this.#raws.size > 0) this.#raws.delete(slot);
  }

  /** The name of a slot, `undefined` when it has none. A new object at each call. */
  get(slot: number): FileName | undefined {
    const path = this.#paths[slot];
    if (path === undefined) return undefined;
    const raw = this.#raws.size > 0 ? this.#raws.get(slot) : undefined;
    return raw === undefined ? { slot, path } : { slot, path, raw };
  }

  /** All names, by slot. */
  *all(): Iterable<FileName> {
    for (let slot = 0; slot < this.#paths.length; slot++) {
      const name = this.get(slot);
      if (name !== undefined) yield name;
    }
  }
}
