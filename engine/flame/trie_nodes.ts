import { longer } from "../../runtime/longer.ts";
import { TRIE_METRICS } from "../../runtime/flame.ts";

/** The node above all others. */
export const ROOT = 0;

/** Values of a node: one for each metric, in the order of {@linkcode TRIE_METRICS}, side by side in memory. */
export const VALUES = TRIE_METRICS.length;

/** Numbers that say where a node is: its parent and its label. */
const LINKS = 2;

const FIRST_CAPACITY = 512;

/** Bits of a label for the frame's field; the number of the name is above them. */
const FIELD_BITS = 3;

/** Identifies a frame: the number of its name, and the index of its field among those in use. */
export function labelOf(name: number, field: number): number {
  return name << FIELD_BITS | field;
}

/** The number of a label's name. */
export function nameOf(label: number): number {
  return label >>> FIELD_BITS;
}

/** The index of a label's field. */
export function fieldOf(label: number): number {
  return label & ((1 << FIELD_BITS) - 1);
}

/** The nodes of a trie as columns, each node after its parent, and a hash table that finds the child with a label. */
export class TrieNodes {
  #length = 1;
  #links = new Int32Array(LINKS * FIRST_CAPACITY);
  #values = new Float64Array(VALUES * FIRST_CAPACITY);
  #activity = new Int32Array(FIRST_CAPACITY);
  /** Nodes by the hash of parent and label, 0 for none, twice as long as the columns: the root is no one's child. */
  #table = new Int32Array(2 * FIRST_CAPACITY);

  /** Number of nodes, including the root. */
  get length(): number {
    return this.#length;
  }

  /** Number of nodes that there is room for. */
  get capacity(): number {
    return this.#activity.length;
  }

  /** Own values, {@linkcode VALUES} for each node. Valid until a node is added, as is {@linkcode activity}. */
  get values(): Float64Array {
    return this.#values;
  }

  /** Number of the last batch with calls of each node itself. */
  get activity(): Int32Array {
    return this.#activity;
  }

  /** The parent of a node; the root for the root. */
  parent(node: number): number {
    return this.#links[LINKS * node];
  }

  /** The label of a node; 0 for the root. */
  label(node: number): number {
    return this.#links[LINKS * node + 1];
  }

  /** Gives a node another label. {@linkcode rebuild} must follow. */
  setLabel(node: number, label: number): void {
    this.#links[LINKS * node + 1] = label;
  }

  /** The child of a node with a label, added when there is none. */
  child(parent: number, label: number): number {
    const links = this.#links;
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hash(parent, label) & mask;
    for (let node = table[slot]; node !== 0; node = table[slot]) {
      if (links[LINKS * node] === parent && links[LINKS * node + 1] === label) return node;
      slot = (slot + 1) & mask;
    }
    return this.#add(parent, label, slot);
  }

  /** Keeps the nodes whose `gone` is 0. The parent of a node that stays must stay too. {@linkcode rebuild} must follow. */
  compact(gone: Uint8Array): void {
    const places = new Int32Array(this.#length);
    let to = 1;
    for (let from = 1; from < this.#length; from++) {
      if (gone[from] !== 0) continue;
      this.#links[LINKS * to] = places[this.parent(from)];
      this.#links[LINKS * to + 1] = this.label(from);
      for (let i = 0; i < VALUES; i++) this.#values[VALUES * to + i] = this.#values[VALUES * from + i];
      this.#activity[to] = this.#activity[from];
      places[from] = to++;
    }
    this.#links.fill(0, LINKS * to, LINKS * this.#length);
    this.#values.fill(0, VALUES * to, VALUES * this.#length);
    this.#activity.fill(0, to, this.#length);
    this.#length = to;
  }

  /** Fills the hash table anew, after nodes have moved or changed their labels. */
  rebuild(): void {
    const mask = this.#table.length - 1;
    this.#table.fill(0);
    for (let node = 1; node < this.#length; node++) {
      let slot = hash(this.parent(node), this.label(node)) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = node;
    }
  }

  #add(parent: number, label: number, slot: number): number {
    const node = this.#length++;
    const grows = node === this.capacity;
    if (grows) this.#grow();
    this.#links[LINKS * node] = parent;
    this.#links[LINKS * node + 1] = label;
    if (grows) this.rebuild();
    else this.#table[slot] = node;
    return node;
  }

  #grow(): void {
    const capacity = 2 * this.capacity;
    this.#links = longer(this.#links, LINKS * capacity);
    this.#values = longer(this.#values, VALUES * capacity);
    this.#activity = longer(this.#activity, capacity);
    this.#table = new Int32Array(2 * capacity);
  }
}

/** Spreads children over the table: labels of one parent are often consecutive, and so are the children of one batch. */
function hash(parent: number, label: number): number {
  const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(label, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
