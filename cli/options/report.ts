import type { Filter } from "../../runtime/filter/mod.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import { type Assertion, checkTraced, tableNeeded } from "../assert/mod.ts";
import { type ColumnName, DEFAULTS, type SortKey, type TableName } from "./defaults.ts";
import type { ValuesOf } from "./option.ts";
import type { REPORT_OPTIONS } from "./report_options.ts";

/** What a report shows and how. */
export interface ReportOptions {
  /** Print one JSON document instead of text. */
  json: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Order of every table. */
  sort: SortKey;
  /** Tables of groups to count: those of `--by`, then those that assertions need; each once. */
  by: GroupKey[][];
  /** Columns to show, `null` for those that fit. */
  columns: ColumnName[] | null;
  /** Levels of the tree of directories, `null` for the default. */
  depth: number | null;
  /** Whether the report has "What stands out". */
  advice: boolean;
  /** Sections to show, `null` for those with content. */
  tables: TableName[] | null;
  /** Only the header and what stands out. */
  brief: boolean;
  /** Conditions that the report must fulfil. */
  assertions: Assertion[];
}

/** Builds the options of a report of `selection`. Throws a usage error for an assertion about calls that are not traced. */
export function reportOptions(
  values: ValuesOf<typeof REPORT_OPTIONS>,
  selection: Filter,
): ReportOptions {
  if (!selection.unknownSyscalls) {
    for (const assertion of values.assertions) checkTraced(assertion, selection.syscalls);
  }
  const { json, sort, columns, depth, advice, tables, brief, assertions } = values;
  const by = tablesOf(values.by, assertions);
  return { json, top: topRows(values), sort, by, columns, depth, advice, tables, brief, assertions };
}

/** Rows of each table: a text report is cut to a readable length; a document for programs only on request. */
export function topRows({ top, json }: { top: number | null; json: boolean }): number | null {
  if (top !== null) return top === 0 ? null : top;
  return json ? null : DEFAULTS.topRows;
}

/** The tables of `--by`, and those that the assertions need. */
function tablesOf(by: readonly GroupKey[][], assertions: readonly Assertion[]): GroupKey[][] {
  const tables = [...by];
  for (const assertion of assertions) {
    const needed = tableNeeded(assertion);
    // A table has the same groups in any order of its keys.
    const isNeeded = (keys: GroupKey[]) => keys.toSorted().join() === needed?.toSorted().join();
    if (needed !== null && !tables.some(isNeeded)) tables.push(needed);
  }
  return tables;
}
