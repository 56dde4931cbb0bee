/** Selects the frames that a text shows, and their names. */
import { collapsePaths } from "./path_chains.ts";
import type { FlameShape } from "./profile_builder.ts";
import type { FlameTree } from "./profile_tree.ts";

/** A line of the text: a frame, or a chain of parts of a path without branches. */
export interface TextRow {
  /** The frame's node; the last one of a chain. */
  node: number;
  /** Depth; its parent's line is one level less. */
  level: number;
  name: string;
  /** Total of the frame, and its share of the whole from 0 to 1. */
  total: number;
  share: number;
}

/** The lines shown, and what is omitted. */
export interface TextRows {
  rows: TextRow[];
  /** Number of frames omitted, and the total of the outermost of them. */
  hidden: number;
  hiddenTotal: number;
}

/** The frames with at least `minShare` (0 to 1) of the whole, in the order of the tree, with paths joined as in pictures. */
export function textRows(shape: FlameShape, tree: FlameTree, minShare: number): TextRows {
  const shown: TextRows = { rows: [], hidden: 0, hiddenTotal: 0 };
  const { length, node, depth, total, end, name } = collapsePaths(shape, tree);
  const whole = total[0];
  for (let row = 0; row < length;) {
    if (row > 0 && total[row] < minShare * whole) {
      shown.hidden += end[row] - row;
      shown.hiddenTotal += total[row];
      row = end[row];
      continue;
    }
    const share = whole > 0 ? total[row] / whole : 0;
    shown.rows.push({ node: node[row], level: depth[row], name: name[row], total: total[row], share });
    row++;
  }
  return shown;
}
