/** What of the statistics a report shows: the rest need not be made. */
import { OPTIONAL_TABLES, type SnapshotRequest } from "../../runtime/stats.ts";
import type { SortKey } from "./choices.ts";

/** The choices that decide it. */
export interface Needs {
  /** Rows of each table, `null` for all. */
  top: number | null;
  sort: SortKey;
  /** Levels of the directories, `null` for all. */
  depth: number | null;
}

/** The tables that the text of a report shows or tells of. */
const TEXT_TABLES = OPTIONAL_TABLES.filter((table) => table !== "processes");

/**
 * What the text of a report needs, which is the same with it as with everything. The files with most I/O wait are not among
 * it, which advice asks for when a trace has measured that, nor what assertions may ask for.
 */
export function needsOfText({ top, sort, depth }: Needs): SnapshotRequest {
  if (top === null || sort !== "time" || depth !== null) return { tables: TEXT_TABLES };
  return { tables: TEXT_TABLES, maxFiles: top, treeLines: top };
}
