/** The directories of a report as a tree. */
import type { Report } from "../../runtime/report.ts";
import type { SortKey } from "../options/defaults.ts";
import { formatCount } from "../text/format.ts";
import type { Column } from "../text/table.ts";
import { type ColumnOptions, measureColumns, number, pathColumn, PREFER_BYTES } from "./columns.ts";
import { rowOrder } from "./sort.ts";
import { pickTree, type TreeLine, type TreeNode } from "./tree.ts";

/** A directory of the document. */
export type DirectoryRow = Report["directories"][number];

const INDENT = "  ";

/** What of the directories is shown. */
export interface DirectoryTree {
  lines: TreeLine<DirectoryRow>[];
  /** Directories not shown, and those of them that are in none that is. */
  hidden: number;
  hiddenRoots: DirectoryRow[];
}

/**
 * The directories of a report, at most `top` of them. One that holds nothing but another directory is a line with it: the
 * lines tell where the calls go, not how paths are made.
 */
export function directoryTree(
  rows: readonly DirectoryRow[],
  top: number | null,
  sort: SortKey,
): DirectoryTree {
  const nodes = new Map(
    rows.map((row) => [row.path, { row, label: row.path, children: [] as TreeNode<DirectoryRow>[] }]),
  );
  const roots: TreeNode<DirectoryRow>[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(parentOf(node.row.path));
    (parent === undefined ? roots : parent.children).push(node);
  }
  return pickTree(
    roots.map((node) => collapse(node, "")),
    top,
    rowOrder(sort, (row: DirectoryRow) => row.path),
  );
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

/** A node with its only child while it has nothing else; labels are within `outer`. */
function collapse(node: TreeNode<DirectoryRow>, outer: string): TreeNode<DirectoryRow> {
  const [only] = node.children;
  if (node.children.length === 1 && only.row.calls === node.row.calls && only.row.files === node.row.files) {
    return collapse(only, outer);
  }
  const { path } = node.row;
  const label = outer === "" ? path : path.slice(outer.length).replace(/^\//, "");
  return { row: node.row, label, children: node.children.map((child) => collapse(child, path)) };
}

function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return path === "/" || end < 0 ? "" : end === 0 ? "/" : path.slice(0, end);
}
