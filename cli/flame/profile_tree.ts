/** The tree of a flamegraph for one metric, ready to be drawn: totals, order and positions. */
import { type FlameShape, ROOT } from "./profile_builder.ts";

/**
 * The frames that have a value, as columns, each after its ancestors and before its descendants; siblings by total, the
 * largest first, then by name. Row 0 is the root, which is present even without a value.
 */
export interface FlameTree {
  /** Number of frames, the length of the columns. */
  length: number;
  /** Index of each frame in the flamegraph. */
  node: Int32Array;
  /** Row of each frame's parent; 0 for the root. */
  parent: Int32Array;
  /** Number of each frame's ancestors; 0 for the root. */
  depth: Int32Array;
  /** Row after the last descendant of each. */
  end: Int32Array;
  /** Own value plus those of all descendants. */
  total: Float64Array;
  /** Where each begins from the left, in the unit of the metric: a frame's own value is at its right. */
  start: Float64Array;
}

/** Totals of all nodes: the own value of each plus those of its descendants. The depth of paths is not limited. */
export function flameTotals({ length, parent }: FlameShape, own: Float64Array): Float64Array {
  const total = own.slice(0, length);
  for (let i = length - 1; i > ROOT; i--) total[parent[i]] += total[i];
  return total;
}

/** The tree of `shape` with these own values. Frames with a total of 0 are omitted. */
export function flameTree(shape: FlameShape, own: Float64Array): FlameTree {
  const totals = flameTotals(shape, own);
  const children = sortedChildren(shape, totals);
  const length = totals.reduce((count, total, i) => count + (total > 0 || i === ROOT ? 1 : 0), 0);
  const tree: FlameTree = {
    length,
    node: new Int32Array(length),
    parent: new Int32Array(length),
    depth: new Int32Array(length),
    end: new Int32Array(length),
    total: new Float64Array(length),
    start: new Float64Array(length),
  };
  const rowOf = new Int32Array(shape.length);
  /** Where the next frame on each row begins. */
  const next = new Float64Array(length);
  const waiting = [ROOT];
  for (let row = 0; waiting.length > 0; row++) {
    const node = waiting.pop()!;
    const parent = rowOf[shape.parent[node]];
    rowOf[node] = row;
    tree.node[row] = node;
    tree.parent[row] = parent;
    tree.total[row] = totals[node];
    tree.depth[row] = row === 0 ? 0 : tree.depth[parent] + 1;
    tree.start[row] = next[row] = row === 0 ? 0 : next[parent];
    if (row > 0) next[parent] += totals[node];
    // The stack is last in, first out, so the first child is pushed last.
    for (let i = children.first[node + 1] - 1; i >= children.first[node]; i--) {
      waiting.push(children.nodes[i]);
    }
  }
  closeRows(tree);
  return tree;
}

/** Children of all nodes in one list, those of node `n` from `first[n]` to `first[n + 1]` (exclusive). */
function sortedChildren(shape: FlameShape, totals: Float64Array): { first: Int32Array; nodes: Int32Array } {
  const { length, parent, field, name, names } = shape;
  const first = new Int32Array(length + 2);
  for (let i = 1; i < length; i++) if (totals[i] > 0) first[parent[i] + 2]++;
  for (let i = 2; i < first.length; i++) first[i] += first[i - 1];
  const nodes = new Int32Array(first[length + 1]);
  // Filling moves each start to the start of the next node, so the counts are stored one place further on.
  for (let i = 1; i < length; i++) if (totals[i] > 0) nodes[first[parent[i] + 1]++] = i;
  const compare = (a: number, b: number) =>
    totals[b] - totals[a] || compareText(names[name[a]], names[name[b]]) || field[a] - field[b] || a - b;
  for (let i = 0; i < length; i++) {
    if (first[i + 1] - first[i] > 1) nodes.subarray(first[i], first[i + 1]).sort(compare);
  }
  return { first, nodes };
}

function closeRows({ length, parent, end }: FlameTree): void {
  for (let row = length - 1; row >= 0; row--) {
    end[row] = Math.max(end[row], row + 1);
    if (row > 0) end[parent[row]] = Math.max(end[parent[row]], end[row]);
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
