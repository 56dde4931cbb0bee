import type { TrieField } from "../../runtime/flame.ts";
import type { NameSource } from "./field_nodes.ts";
import { fold } from "./fold.ts";
import { FrameNames } from "./frame_names.ts";
import { type StackCalls, StackFinder } from "./stack_finder.ts";
import { fieldOf, labelOf, nameOf, TrieNodes } from "./trie_nodes.ts";

/** Part of the nodes that folding leaves: its cost is spread over the nodes that then fit. */
const KEPT_PART = 3 / 4;

/** The nodes since the last baseline with their names, and the code that finds and bounds them. */
export class Trie {
  readonly nodes = new TrieNodes();
  readonly names = new FrameNames();
  readonly finder: StackFinder;
  readonly #maxNodes: number;
  /** Number of the batch at work. */
  #batch = 0;

  constructor(fields: readonly TrieField[], maxNodes: number, source: NameSource) {
    this.#maxNodes = maxNodes;
    this.finder = new StackFinder(fields, { nodes: this.nodes, names: this.names, source });
  }

  /** Nodes touched from now on count as more recently active than all others. */
  startBatch(): void {
    this.#batch++;
  }

  /** Finds the nodes of calls, see {@linkcode StackFinder.find}. */
  find(calls: StackCalls, from: number, end: number, found: Int32Array): number {
    return this.finder.find(calls, from, end, found, this.#maxNodes);
  }

  /** Marks the first `length` nodes as active. All nodes may be renumbered afterwards. */
  touch(found: Int32Array, length: number): void {
    const { activity } = this.nodes;
    for (let i = 0; i < length; i++) activity[found[i]] = this.#batch;
    if (this.nodes.length > this.#maxNodes) this.#fold();
  }

  #fold(): void {
    fold(this.nodes, Math.floor(this.#maxNodes * KEPT_PART));
    if (this.names.texts.length > this.#maxNodes) this.#forgetNames();
    this.nodes.rebuild();
    this.finder.forgetNodes();
  }

  /** Forgets names that no node has. */
  #forgetNames(): void {
    const { nodes, names } = this;
    const used = Array.from({ length: nodes.length }, (_, node) => nameOf(nodes.label(node)));
    const renumbered = names.keep(used);
    for (let node = 0; node < nodes.length; node++) {
      const label = nodes.label(node);
      nodes.setLabel(node, labelOf(renumbered[nameOf(label)], fieldOf(label)));
    }
    this.finder.forgetLabels();
  }
}
