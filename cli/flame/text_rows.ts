/** Which frames a text shows, and under what names. */
import { frameName, isPathPart, joinPath } from "./frame_names.ts";
import type { FlameShape } from "./profile_builder.ts";
import type { FlameTree } from "./profile_tree.ts";

/** A line of the text: a frame, or parts of a path that lead to nothing but each other. */
export interface TextRow {
  /** The frame's node; of several the first. */
  node: number;
  /** The line it is under is one level less. */
  level: number;
  name: string;
  /** Total of the frame, and its part of the whole from 0 to 1. */
  total: number;
  share: number;
}

/** What is shown, and what is not. */
export interface TextRows {
  rows: TextRow[];
  /** Frames left out, and the total of the outermost of them. */
  hidden: number;
  hiddenTotal: number;
}

/**
 * The frames with at least `minShare` (0 to 1) of the whole, in the order of the tree. A folder with nothing but one other
 * in it is a line with it: the lines tell where the values are, not how paths are made.
 */
export function textRows(shape: FlameShape, tree: FlameTree, minShare: number): TextRows {
  const shown: TextRows = { rows: [], hidden: 0, hiddenTotal: 0 };
  const whole = tree.total[0];
  /** The line of each row of the tree. */
  const lines: TextRow[] = new Array(tree.length);
  for (let row = 0; row < tree.length;) {
    const node = tree.node[row];
    const total = tree.total[row];
    if (row > 0 && total < minShare * whole) {
      shown.hidden += tree.end[row] - row;
      shown.hiddenTotal += total;
      row = tree.end[row];
      continue;
    }
    const parent = tree.parent[row];
    const name = frameName(shape, node);
    if (continuesPath(shape, tree, row)) {
      lines[row] = lines[parent];
      lines[row].name = joinPath(lines[row].name, name);
    } else {
      const level = row === 0 ? 0 : lines[parent].level + 1;
      lines[row] = { node, level, name, total, share: whole > 0 ? total / whole : 0 };
      shown.rows.push(lines[row]);
    }
    row++;
  }
  return shown;
}

/** Whether a row is all that is on the row before it, and both are parts of one path. */
function continuesPath(shape: FlameShape, { node, parent, total }: FlameTree, row: number): boolean {
  return row > 0 && total[row] === total[parent[row]] && isPathPart(shape, node[row]) &&
    isPathPart(shape, node[parent[row]]);
}
