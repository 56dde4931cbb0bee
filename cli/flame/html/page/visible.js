/** The part of a layout that a window shows. The cost depends on the frames drawn, not on those that exist. */

/** @import { Layout } from "./layout.js" */
/** @import { Tree } from "./tree.js" */

/** Frames narrower than this share one box, CSS pixels: they could not be distinguished anyway. */
export const FRAME_MIN_PX = 1;

/**
 * The part of the graph that fills the width: a node, without its `skip` widest children.
 * @typedef {{node: number, skip: number}} Zoom
 */

/**
 * Boxes to draw, as columns. `node` is the last node in its box. `rest` is -1 for a frame; otherwise the box stands for the
 * children of `node` that are too narrow, and `rest` is the number of siblings before them.
 * @typedef {{node: number[], row: number[], x: number[], width: number[], rest: number[]}} Boxes
 */

/**
 * The frames from the root to the zoomed one fill the width; below it each frame has its share. Only rows from `top`
 * (inclusive) to `bottom` (exclusive) are listed.
 *
 * @param {Tree} tree
 * @param {Layout} layout
 * @param {Zoom} zoom
 * @param {{widthPx: number, top: number, bottom: number}} window
 * @returns {Boxes}
 */
export function visibleBoxes(tree, layout, zoom, { widthPx, top, bottom }) {
  const { first, count, children, start, width, row: rows, head, tail } = layout;
  const { parent } = tree;
  const zoomed = tail[zoom.node];
  /** @type {Boxes} */
  const boxes = { node: [], row: [], x: [], width: [], rest: [] };
  /** @param {number} node @param {number} row @param {number} x @param {number} w @param {number} rest */
  const add = (node, row, x, w, rest) => {
    if (row < top || row >= bottom) return;
    boxes.node.push(node);
    boxes.row.push(row);
    boxes.x.push(x);
    boxes.width.push(w);
    boxes.rest.push(rest);
  };
  for (let node = zoomed;; node = parent[head[node]]) {
    add(node, rows[node], 0, widthPx, -1);
    if (node === 0) break;
  }
  const from = zoom.skip > 0 ? start[children[first[zoomed] + zoom.skip]] : start[zoomed];
  const range = start[zoomed] + width[zoomed] - from;
  if (!(range > 0)) return boxes;
  const scale = widthPx / range;
  /** Nodes whose children are still to be listed. */
  const pending = [zoomed];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const row = rows[node] + 1;
    if (row >= bottom) continue;
    const end = first[node] + count[node];
    for (let i = first[node] + (node === zoomed ? zoom.skip : 0); i < end; i++) {
      const child = tail[children[i]];
      const x = (start[child] - from) * scale;
      const w = width[child] * scale;
      if (w >= FRAME_MIN_PX) {
        add(child, row, x, w, -1);
        if (count[child] > 0) pending.push(child);
        continue;
      }
      // The remaining ones are no wider.
      const last = children[end - 1];
      const restPx = (start[last] + width[last] - from) * scale - x;
      if (restPx >= FRAME_MIN_PX / 2) add(node, row, x, restPx, i - first[node]);
      break;
    }
  }
  return boxes;
}

/**
 * Index of the box at a position, -1 for none.
 * @param {Boxes} boxes
 * @param {number} row
 * @param {number} x CSS pixels from the left edge.
 */
export function boxAt(boxes, row, x) {
  for (let i = 0; i < boxes.node.length; i++) {
    if (boxes.row[i] === row && x >= boxes.x[i] && x < boxes.x[i] + boxes.width[i]) return i;
  }
  return -1;
}
