/** Where each frame lies, in the unit of the metric. */
import { totalsOf } from "./tree.js";

/** @import { Profile } from "./profile.js" */
/** @import { Tree } from "./tree.js" */

/**
 * @typedef {object} Layout
 * @property {Float64Array} width Width of each node; 0 for nodes that are not shown.
 * @property {Float64Array} start Where each node begins; the root at 0.
 * @property {Int32Array} first Index in `children` of its first child.
 * @property {Int32Array} count Number of its children that have a width.
 * @property {Int32Array} children Children of all nodes, the widest of each node first.
 * @property {Int32Array} row Row of each node, counted from the root. A part of a path that is the only content of the part above it shares
 *   its box: both have the same row, start and width.
 * @property {Int32Array} head The first node in the box of each node.
 * @property {Int32Array} tail The last one, which stands for the box.
 * @property {Int32Array} deepest Largest row with a width in the subtree of each node.
 */

/** What the widths of a comparison count. */
export const WIDTHS = /** @type {const} */ (["larger", "after", "before"]);

/** @typedef {typeof WIDTHS[number]} Widths */

/**
 * Widths of all nodes. `larger` gives each stack the larger of its two values, so that stacks of only one side are visible.
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
 * Children lie side by side from their parent's start, the widest first, then by name; a node's own value
 * is the space left at its end.
 * @param {Tree} tree
 * @param {Float64Array} width
 * @param {Pick<Profile, "names" | "fields">} profile
 * @returns {Layout}
 */
export function layoutTree(tree, width, { names, fields }) {
  const { length, parent, name } = tree;
  const boxes = boxesOf(tree, width, fields.indexOf("path"));
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  let shown = 0;
  const deepest = boxes.row.slice();
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
  return { width, start, first, count, children, deepest, ...boxes };
}

/**
 * @param {Tree} tree
 * @param {Float64Array} width
 * @param {number} pathField Index of the field, -1 for none.
 * @returns {Pick<Layout, "row" | "head" | "tail">}
 */
function boxesOf({ length, parent, field }, width, pathField) {
  const row = new Int32Array(length);
  const head = Int32Array.from(row, (_, node) => node);
  const tail = head.slice();
  /** @param {number} node */
  const continues = (node) =>
    parent[node] > 0 && width[node] > 0 && width[node] === width[parent[node]] &&
    field[node] === pathField && field[parent[node]] === pathField;
  for (let node = 1; node < length; node++) {
    const above = parent[node];
    if (continues(node)) head[node] = head[above];
    row[node] = head[node] === node ? row[above] + 1 : row[above];
  }
  for (let node = length - 1; node > 0; node--) if (continues(node)) tail[parent[node]] = tail[node];
  return { row, head, tail };
}
