/** The directories of a report as a tree. */
import { CHAIN_SHARE } from "../../runtime/stats.ts";
import type { Report } from "../../runtime/report.ts";
import type { SortKey } from "./choices.ts";
import { formatCount } from "../text/format.ts";
import type { Column } from "../text/table.ts";
import { type ColumnOptions, measureColumns, number, pathColumn, PREFER_BYTES } from "./columns.ts";
import { rowOrder } from "./sort.ts";
import { pickTree, type TreeLine, type TreeNode } from "./tree.ts";

/** A directory of the document. */
export type DirectoryRow = Report["directories"][number];

const INDENT = "  ";

/** How much a directory counts. */
type Weight = (row: DirectoryRow) => number;

/** Weight of a directory when the tree is sorted by a sum; all other keys use time. */
const WEIGHTS: Partial<Record<SortKey, Weight>> = {
  calls: (row) => row.calls,
  errors: (row) => row.errors,
  bytes: (row) => Number(row.read_bytes) + Number(row.write_bytes),
  read: (row) => Number(row.read_bytes),
  written: (row) => Number(row.write_bytes),
};

/** The directories shown. */
export interface DirectoryTree {
  lines: TreeLine<DirectoryRow>[];
  /** Number of directories not shown. */
  hidden: number;
  /** Calls and time of all rows shown. */
  calls: number;
  totalNs: number;
}

/**
 * The directories of a report, at most `top` of them; kinds that are not directories (`memfd:`) are left out.
 */
export function directoryTree(
  rows: readonly DirectoryRow[],
  top: number | null,
  sort: SortKey,
): DirectoryTree {
  const nodes = new Map(
    rows.filter(({ path }) => path.startsWith("/")).map((
      row,
    ) => [row.path, { row, label: row.path, children: [] as TreeNode<DirectoryRow>[] }]),
  );
  const roots: TreeNode<DirectoryRow>[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(parentOf(node.row.path));
    (parent === undefined ? roots : parent.children).push(node);
  }
  const weight: Weight = WEIGHTS[sort] ?? ((row) => Number(row.total_ns));
  const order = rowOrder(sort, (row: DirectoryRow) => row.path);
  const { lines } = pickTree(roots.map((node) => collapse(node, "", weight)), top, order);
  const outermost = lines.filter(({ level }) => level === 0);
  return {
    lines,
    hidden: nodes.size - lines.length,
    calls: outermost.reduce((sum, { row }) => sum + row.calls, 0),
    totalNs: outermost.reduce((sum, { row }) => sum + Number(row.total_ns), 0),
  };
}

/** The columns of the tree, the names last. */
export function directoryColumns(
  report: Report,
  options: ColumnOptions,
): Column<DirectoryRow & { line: TreeLine<DirectoryRow> }>[] {
  return [
    ...measureColumns<DirectoryRow & { line: TreeLine<DirectoryRow> }>(report, options, PREFER_BYTES, []),
    number("FILES", 1, (row) => formatCount(row.files)),
    pathColumn("DIRECTORY", options, ({ line }) => INDENT.repeat(line.level) + line.label),
  ];
}

/**
 * Merges a node with a child that holds nearly all of it: the lines tell where the time goes, not how paths are built. The
 * other children are too small for a line. Labels are relative to `outer`.
 */
function collapse(node: TreeNode<DirectoryRow>, outer: string, weight: Weight): TreeNode<DirectoryRow> {
  const whole = weight(node.row);
  const main = node.children.find((child) => whole > 0 && weight(child.row) > CHAIN_SHARE * whole);
  if (main !== undefined) return collapse(main, outer, weight);
  const { path } = node.row;
  const label = outer === "" ? path : path.slice(outer.length).replace(/^\//, "");
  return { row: node.row, label, children: node.children.map((child) => collapse(child, path, weight)) };
}

function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return path === "/" || end < 0 ? "" : end === 0 ? "/" : path.slice(0, end);
}
