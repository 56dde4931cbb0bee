/** Builds the frames of a flamegraph, each once under its parent. */
import type { FlameProfile, TrieField, TrieMetric } from "../../runtime/flame.ts";
import { TRIE_METRICS } from "../../runtime/flame.ts";
import { IorError } from "../../runtime/errors.ts";

/** The frames of a flamegraph without their values. */
export type FlameShape = Omit<FlameProfile, "own">;

/** The root's index among the nodes. */
export const ROOT = 0;

/** Maximum nodes of a flamegraph read from a file: a `Map` cannot hold more entries. */
const MAX_NODES = 2 ** 24;

/** Maximum different names, and maximum fields: with {@linkcode MAX_NODES} they give keys below 2^53, exact as numbers. */
const MAX_NAMES = 2 ** 26;
const MAX_FIELDS = 2 ** 3;

/** Collects frames in the order added, root first. */
export class ProfileBuilder {
  readonly #fields: TrieField[];
  readonly #parent = [ROOT];
  readonly #field = [0];
  readonly #name = [0];
  readonly #names = [""];
  readonly #nameIds = new Map([["", 0]]);
  readonly #nodes = new Map<number, number>();

  /** `fields` is empty when the fields of the frames are unknown. */
  constructor(fields: readonly TrieField[]) {
    this.#fields = [...fields];
  }

  /**
   * The node of the frame `name` under `parent`, created when missing. Throws an {@linkcode IorError} of code
   * `usage` when the limit is exceeded.
   */
  node(parent: number, field: number, name: string): number {
    const nameId = this.#nameId(name);
    const key = (parent * MAX_FIELDS + field) * MAX_NAMES + nameId;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const node = this.#parent.length;
    if (node >= MAX_NODES || nameId >= MAX_NAMES) {
      throw new IorError("usage", `Cannot hold the flamegraph: it has more than ${MAX_NODES} frames`, {
        hint: "Take fewer fields, or a shorter trace",
      });
    }
    this.#nodes.set(key, node);
    this.#parent.push(parent);
    this.#field.push(field);
    this.#name.push(nameId);
    return node;
  }

  /** The frames so far. */
  shape(): FlameShape {
    return {
      fields: this.#fields,
      length: this.#parent.length,
      parent: Int32Array.from(this.#parent),
      field: Uint8Array.from(this.#field),
      name: Int32Array.from(this.#name),
      names: this.#names,
    };
  }

  #nameId(name: string): number {
    const known = this.#nameIds.get(name);
    if (known !== undefined) return known;
    const id = this.#names.length;
    this.#nameIds.set(name, id);
    this.#names.push(name);
    return id;
  }
}

/** Zero values: a column of `length` zeros per metric. */
export function emptyValues(length: number): Record<TrieMetric, Float64Array> {
  return Object.fromEntries(
    TRIE_METRICS.map((metric) => [metric, new Float64Array(length)]),
  ) as Record<TrieMetric, Float64Array>;
}
