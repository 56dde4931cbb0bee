/** Where each frame lies, in the unit of the metric. */
import { totalsOf } from "./tree.js";

/** @import { Tree } from "./tree.js" */

/**
 * @typedef {object} Layout
 * @property {Float64Array} width Width of each node; 0 for what is not shown.
 * @property {Float64Array} start Where it begins; the root at 0.
 * @property {Int32Array} first Index in `children` of its first child.
 * @property {Int32Array} count Its children that have a width.
 * @property {Int32Array} children Children of all nodes, the widest of each node first.
 * @property {Int32Array} deepest Largest depth of a node with a width among each node and those below it.
 */

/** What the widths of a comparison count. */
export const WIDTHS = /** @type {const} */ (["larger", "after", "before"]);

/** @typedef {typeof WIDTHS[number]} Widths */

/**
 * Widths of all nodes. `larger` gives each stack the larger of its two values, so that what only one side has is seen.
 * @param {Tree} tree
 * @param {number} metric
 * @param {Widths} widths
 */
export function widthsOf(tree, metric, widths) {
  const { ownBefore, totalBefore } = tree;
  if (ownBefore === null || totalBefore === null || widths === "after") return tree.total[metric];
  if (widths === "before") return totalBefore[metric];
  return totalsOf(tree.parent, tree.own[metric].map((own, node) => Math.max(own, ownBefore[metric][node])));
}

/**
 * Children stand beside each other from their parent's start, the widest first, then by name; a node's own value
 * is the room that is left at its end.
 * @param {Tree} tree
 * @param {Float64Array} width
 * @param {string[]} names
 * @returns {Layout}
 */
export function layoutTree(tree, width, names) {
  const { length, parent, name, depth } = tree;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  let shown = 0;
  const deepest = depth.slice();
  for (let node = 1; node < length; node++) {
    if (width[node] <= 0) continue;
    count[parent[node]]++;
    shown++;
  }
  for (let node = 1; node < length; node++) first[node] = first[node - 1] + count[node - 1];
  for (let node = length - 1; node > 0; node--) {
    if (width[node] > 0) deepest[parent[node]] = Math.max(deepest[parent[node]], deepest[node]);
  }
  const children = new Int32Array(shown);
  const filled = first.slice();
  for (let node = 1; node < length; node++) if (width[node] > 0) children[filled[parent[node]]++] = node;

  const start = new Float64Array(length);
  /** @param {number} a @param {number} b */
  const compare = (a, b) => width[b] - width[a] || (names[name[a]] < names[name[b]] ? -1 : 1);
  for (let node = 0; node < length; node++) {
    if (count[node] === 0) continue;
    const own = children.subarray(first[node], first[node] + count[node]);
    if (own.length > 1) own.sort(compare);
    let x = start[node];
    for (const child of own) {
      start[child] = x;
      x += width[child];
    }
  }
  return { width, start, first, count, children, deepest };
}
