import type { TrieNode } from "../../runtime/flame.ts";
import type { TrieCopy } from "./trie_copy.ts";
import { ROOT } from "./trie_nodes.ts";

/** Nodes worked on between two pauses: a fraction of a millisecond. */
const SLICE_NODES = 8192;

/** A subtree is left out when the root's total is more than this many times its own: it is at most a pixel or two wide. */
const LARGEST_RATIO = 1000;

/** Levels below the root that are never left empty, however small their nodes are. */
const FULL_LEVELS = 2;

/**
 * The nodes of a trie that are large enough to be seen, with exact totals: subtrees of less than 0.1 % of the root's total
 * are left out, and so are empty ones, except that the root and each of its children keep their largest child.
 * Children are ordered by total, largest first, then by name. Yields every few thousand nodes.
 */
export function* treeOf(copy: TrieCopy): Generator<void, TrieNode> {
  const { length, parent } = copy;
  const totals = copy.own.slice();
  for (let node = length - 1; node > ROOT; node--) {
    totals[parent[node]] += totals[node];
    if (node % SLICE_NODES === 0) yield;
  }
  const kept = yield* keptNodes(copy, totals);
  for (const { c } of kept) c?.sort(inOrder);
  return kept[ROOT];
}

/** The JSON text of {@linkcode treeOf}. */
export function* treeJson(copy: TrieCopy): Generator<void, string> {
  const root = yield* treeOf(copy);
  const parts: string[] = [];
  let written = 0;
  /** What is still to be written, the next item last; texts are written as they are. */
  const stack: (TrieNode | string)[] = [root];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === "string") {
      parts.push(next);
      continue;
    }
    const { n, v, t, c } = next;
    parts.push(JSON.stringify({ n, v, t }));
    if (c !== undefined) {
      parts[parts.length - 1] = `${parts[parts.length - 1].slice(0, -1)},"c":[`;
      stack.push("]}");
      for (let i = c.length - 1; i >= 0; i--) {
        stack.push(c[i]);
        if (i > 0) stack.push(",");
      }
    }
    if (++written % SLICE_NODES === 0) yield;
  }
  return parts.join("");
}

/** The nodes that stay, in the order of the trie, with their children. */
function* keptNodes(copy: TrieCopy, totals: Float64Array): Generator<void, TrieNode[]> {
  const { length, parent, name, texts, own } = copy;
  const largest = yield* largestChildren(copy, totals);
  const root: TrieNode = { n: texts[name[ROOT]], v: own[ROOT], t: totals[ROOT] };
  const kept = [root];
  const nodeOf = new Map([[ROOT, root]]);
  for (let node = ROOT + 1; node < length; node++) {
    if (node % SLICE_NODES === 0) yield;
    const above = nodeOf.get(parent[node]);
    const t = totals[node];
    if (above === undefined) continue;
    const isLarge = t > 0 && LARGEST_RATIO * t >= root.t;
    if (!isLarge && largest[parent[node]] !== node) continue;
    const data = { n: texts[name[node]], v: own[node], t };
    (above.c ??= []).push(data);
    nodeOf.set(node, data);
    kept.push(data);
  }
  return kept;
}

/** The largest child of each node on the levels that are never left empty; 0 for all other nodes. */
function* largestChildren(copy: TrieCopy, totals: Float64Array): Generator<void, Int32Array> {
  const { length, parent, name, texts } = copy;
  const largest = new Int32Array(length);
  const depth = new Uint8Array(length);
  for (let node = ROOT + 1; node < length; node++) {
    if (node % SLICE_NODES === 0) yield;
    const above = parent[node];
    depth[node] = Math.min(depth[above] + 1, FULL_LEVELS + 1);
    if (depth[node] > FULL_LEVELS) continue;
    const best = largest[above];
    const more = totals[node] - totals[best];
    if (best === ROOT || more > 0 || (more === 0 && texts[name[node]] < texts[name[best]])) {
      largest[above] = node;
    }
  }
  return largest;
}

function inOrder(a: TrieNode, b: TrieNode): number {
  return b.t - a.t || (a.n < b.n ? -1 : a.n > b.n ? 1 : 0);
}
