/** Selects the rows of a tree to show when there is no room for all. */

/** A row of a tree and its children. */
export interface TreeNode<Row> {
  row: Row;
  /** Name within its parent. */
  label: string;
  children: TreeNode<Row>[];
}

/** A visible row of a tree. */
export interface TreeLine<Row> {
  row: Row;
  label: string;
  /** Number of its ancestors. */
  level: number;
}

/**
 * At most `limit` rows (`null` for all) in the order of the tree, each with its ancestors: repeatedly the first by
 * `compare` among those whose parent is shown. Also returns the outermost rows that are not shown.
 */
export function pickTree<Row>(
  roots: readonly TreeNode<Row>[],
  limit: number | null,
  compare: (a: Row, b: Row) => number,
): { lines: TreeLine<Row>[]; hiddenRoots: Row[]; hidden: number } {
  const byRow = (a: TreeNode<Row>, b: TreeNode<Row>) => compare(a.row, b.row);
  const candidates = [...roots].sort(byRow);
  const shown = new Set<TreeNode<Row>>();
  while (candidates.length > 0 && shown.size < (limit ?? Infinity)) {
    const [best] = candidates.splice(0, 1);
    shown.add(best);
    for (const child of best.children) insert(candidates, child, byRow);
  }
  const lines: TreeLine<Row>[] = [];
  const visit = (nodes: readonly TreeNode<Row>[], level: number) => {
    for (const node of [...nodes].sort(byRow)) {
      if (!shown.has(node)) continue;
      lines.push({ row: node.row, label: node.label, level });
      visit(node.children, level + 1);
    }
  };
  visit(roots, 0);
  const hiddenRoots = roots.filter((node) => !shown.has(node)).map(({ row }) => row);
  return { lines, hiddenRoots, hidden: countNodes(roots) - shown.size };
}

/** Keeps the candidates in order; equal ones in the order of arrival. */
function insert<Row>(
  candidates: TreeNode<Row>[],
  node: TreeNode<Row>,
  compare: (a: TreeNode<Row>, b: TreeNode<Row>) => number,
): void {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(candidates[middle], node) <= 0) low = middle + 1;
    else high = middle;
  }
  candidates.splice(low, 0, node);
}

function countNodes<Row>(nodes: readonly TreeNode<Row>[]): number {
  return nodes.reduce((count, { children }) => count + 1 + countNodes(children), 0);
}
