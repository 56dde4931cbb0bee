import { foldingOrder } from "./activity_order.ts";
import { fieldOf, labelOf, nameOf, ROOT, type TrieNodes, VALUES } from "./trie_nodes.ts";
import { OTHER_NAME } from "./frame_names.ts";

/**
 * Folds the least recently active subtrees of a trie, each into the `[other]` frame of the node it was under, until at most
 * `target` nodes are left; nodes are renumbered. Of the less active half the deepest go first: a program that has ended
 * keeps its calls and outer directories. The own values of folded nodes are added to that frame, so the totals of all
 * remaining nodes are exact, in every metric. Takes about 0.1 microseconds per node.
 *
 * A subtree is as active as its most recently active node; the youngest of equally active ones go first, so that a node
 * goes before its parent. A single leaf keeps its name when an `[other]` frame would take the same room.
 */
export function fold(nodes: TrieNodes, target: number): void {
  const folding = new Folding(nodes);
  folding.choose(target);
  folding.merge();
}

class Folding {
  readonly #nodes: TrieNodes;
  /** 1 for each node that goes. */
  readonly #gone: Uint8Array;
  /** The `[other]` frame under each node, 0 for none. */
  readonly #otherOf: Int32Array;
  /** Children of each node, and how many of them are folded. */
  readonly #children: Int32Array;
  readonly #folded: Int32Array;
  readonly #depth: Int32Array;

  constructor(nodes: TrieNodes) {
    const { length } = nodes;
    this.#nodes = nodes;
    this.#gone = new Uint8Array(length);
    this.#otherOf = new Int32Array(length);
    this.#children = new Int32Array(length);
    this.#folded = new Int32Array(length);
    this.#depth = new Int32Array(length);
    for (let node = ROOT + 1; node < length; node++) this.#depth[node] = this.#depth[nodes.parent(node)] + 1;
    for (let node = length - 1; node > ROOT; node--) {
      const parent = nodes.parent(node);
      this.#children[parent]++;
      nodes.activity[parent] = Math.max(nodes.activity[parent], nodes.activity[node]);
      if (this.#isOther(node)) this.#otherOf[parent] = node;
    }
  }

  /** Marks the nodes to fold. The children of a folded node are all marked before it, and count as its `[other]` frame meanwhile. */
  choose(target: number): void {
    let left = this.#nodes.length;
    const hasOther = new Uint8Array(left);
    for (let node = 0; node < left; node++) hasOther[node] = Number(this.#otherOf[node] !== 0);
    for (const node of foldingOrder(this.#nodes.activity.subarray(0, left), this.#depth)) {
      if (left <= target) return;
      if (node === ROOT || this.#isOther(node)) continue;
      const parent = this.#nodes.parent(node);
      left += (1 - hasOther[parent]) - 1 - hasOther[node];
      hasOther[parent] = 1;
      this.#folded[parent]++;
      this.#gone[node] = 1;
      if (this.#otherOf[node] !== 0) this.#gone[this.#otherOf[node]] = 1;
    }
  }

  /** Moves values up, from the leaves on, to the nearest node that stays. */
  merge(): void {
    const nodes = this.#nodes;
    for (let node = nodes.length - 1; node > ROOT; node--) {
      if (this.#gone[node] === 0) continue;
      const parent = nodes.parent(node);
      if (this.#gone[parent] !== 0) this.#add(node, parent);
      else if (this.#otherOf[parent] !== 0) this.#add(node, this.#otherOf[parent]);
      else this.#becomeOther(node, parent);
    }
    nodes.compact(this.#gone);
  }

  /** Adds the values of a node to another one, which becomes as active. */
  #add(from: number, to: number): void {
    const { values, activity } = this.#nodes;
    for (let i = 0; i < VALUES; i++) values[VALUES * to + i] += values[VALUES * from + i];
    activity[to] = Math.max(activity[to], activity[from]);
  }

  /** Turns the first folded child of `parent` into its `[other]` frame: it already follows its parent. */
  #becomeOther(node: number, parent: number): void {
    this.#gone[node] = 0;
    if (this.#folded[parent] === 1 && this.#children[node] === 0) return;
    this.#otherOf[parent] = node;
    this.#nodes.setLabel(node, labelOf(OTHER_NAME, fieldOf(this.#nodes.label(node))));
  }

  #isOther(node: number): boolean {
    return nameOf(this.#nodes.label(node)) === OTHER_NAME;
  }
}
