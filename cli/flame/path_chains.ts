/** Joins chains of path parts without branches into one frame. */
import { frameName, isPathPart, joinPath } from "./frame_names.ts";
import type { FlameShape } from "./profile_builder.ts";
import type { FlameTree } from "./profile_tree.ts";

/** A tree whose frames may be several parts of a path; such a frame has the node of its last part. */
export interface CollapsedTree extends FlameTree {
  /** Name of each frame, not escaped: `/usr/local/include`. */
  name: string[];
}

/**
 * The tree with one frame per chain: a part of a path that is the only content of the part above it is merged with it.
 * Pictures then show where the values are, not how paths are composed. All parts of a chain have the same total, so no value is lost.
 */
export function collapsePaths(shape: FlameShape, tree: FlameTree): CollapsedTree {
  const { node, parent, total } = tree;
  /** The new row of each row. */
  const rowOf = new Int32Array(tree.length);
  const rows: number[] = [];
  const name: string[] = [];
  for (let row = 0; row < tree.length; row++) {
    const own = frameName(shape, node[row]);
    const continues = row > 0 && total[row] === total[parent[row]] && isPathPart(shape, node[row]) &&
      isPathPart(shape, node[parent[row]]);
    if (continues) {
      const chain = rowOf[row] = rowOf[parent[row]];
      rows[chain] = row;
      name[chain] = joinPath(name[chain], own);
    } else {
      rowOf[row] = rows.push(row) - 1;
      name.push(own);
    }
  }
  const above = rows.map((row, i) => i === 0 ? 0 : parentOf(i, row));
  const depth = new Int32Array(rows.length);
  for (let i = 1; i < rows.length; i++) depth[i] = depth[above[i]] + 1;
  return {
    length: rows.length,
    node: Int32Array.from(rows, (row) => node[row]),
    parent: Int32Array.from(above),
    depth,
    end: Int32Array.from(rows, (row) => tree.end[row] < tree.length ? rowOf[tree.end[row]] : rows.length),
    total: Float64Array.from(rows, (row) => total[row]),
    start: Float64Array.from(rows, (row) => tree.start[row]),
    name,
  };

  /** The new row of the parent of new row `i`; `row` is the row of its last part. */
  function parentOf(i: number, row: number): number {
    let at = parent[row];
    while (rowOf[at] === i) at = parent[at];
    return rowOf[at];
  }
}
