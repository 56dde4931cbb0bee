/** The tables of `--by` as trees: the first key outermost, each level with its own sums. */
import { escapeText } from "../text/escape.ts";
import { formatDuration } from "../text/format.ts";
import { MAX_GROUP_KEYS } from "../../runtime/stats.ts";
import type { Report, ReportGroupRow, ReportGroups } from "../../runtime/report.ts";
import { OTHER_NAME } from "../../runtime/stats.ts";
import type { SortKey } from "./choices.ts";
import type { Column } from "../text/table.ts";
import {
  type ColumnOptions,
  measureColumns,
  type MeasuredRow,
  number,
  pathColumn,
  PREFER_LATENCY,
} from "./columns.ts";
import { groupLabels } from "./group_labels.ts";
import type { BusyRow } from "./on_files.ts";
import { sumOfRows } from "./measures.ts";
import { rowOrder } from "./sort.ts";
import { pickTree, type TreeLine, type TreeNode } from "./tree.ts";

/** A row of the tree, with its name. */
export type GroupLine = MeasuredRow & { name: string };

/** The same as it is shown: its time may exclude waiting, its latencies are those of all calls. */
export type ShownGroup = GroupLine & BusyRow & { line: TreeLine<GroupLine> };

const INDENT = "  ";

/** The tree of a table of groups, with at most `top` rows per level. */
export function groupTree(
  { by, rows, other }: ReportGroups,
  top: number | null,
  sort: SortKey,
): { lines: TreeLine<GroupLine>[]; hidden: number; hiddenRoots: GroupLine[] } {
  const labelled = rows.map((row) => ({ row, labels: groupLabels(by, row) }));
  const roots = nest(labelled, 0, by);
  if (other !== null) roots.push({ row: { ...other, name: OTHER_NAME }, label: OTHER_NAME, children: [] });
  const limit = top === null ? null : top * Math.min(by.length, MAX_GROUP_KEYS);
  return pickTree(roots, limit, rowOrder(sort, (row: GroupLine) => row.name));
}

/** The columns of the tree, the names last. `report` has the time that shares are of. */
export function groupColumns(
  report: Report,
  { by }: ReportGroups,
  rows: readonly ShownGroup[],
  options: ColumnOptions,
): Column<ShownGroup>[] {
  const { columns, ascii } = options;
  // Of columns that were asked for it belongs to the time, and is the first to go where there is no room.
  const rank = columns === null ? 0 : 1 + columns.length;
  const waits = (columns?.includes("time") ?? true) && rows.some(({ waited_ns = 0 }) => waited_ns != 0);
  const waiting = ({ waited_ns = 0 }: ShownGroup) => formatDuration(waited_ns, { ascii });
  return [
    ...measureColumns(report, options, PREFER_LATENCY, rows),
    ...(waits ? [number("WAITING", rank, waiting)] : []),
    pathColumn(
      escapeText(by.join(" / ").toUpperCase()),
      options,
      ({ line }) => INDENT.repeat(line.level) + line.label,
    ),
  ];
}

interface Labelled {
  row: ReportGroupRow;
  labels: string[];
}

/** What tells values of a key apart that have the same text. */
const APART: Readonly<Record<string, (row: ReportGroupRow) => string | number | null | undefined>> = {
  // A number is used by one process after another.
  process: ({ started }) => started,
  thread: ({ pid }) => pid,
  // Bytes that are not UTF-8 all look alike.
  file: ({ path_raw }) => path_raw,
  old_file: ({ old_path_raw }) => old_path_raw,
};

function nest(rows: readonly Labelled[], level: number, by: readonly string[]): TreeNode<GroupLine>[] {
  const apart = APART[by[level]];
  const groups = Map.groupBy(rows, ({ row, labels }) => `${labels[level]}\0${apart?.(row) ?? ""}`);
  return Array.from(groups.values(), (members) => {
    const name = members[0].labels[level];
    const sum = members.length === 1 ? members[0].row : sumOfRows(members.map(({ row }) => row));
    const children = level + 1 < by.length ? nest(members, level + 1, by) : [];
    return { row: { ...sum, name }, label: name, children };
  });
}
