import type { Filter } from "../../runtime/filter/mod.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import { type Assertion, checkTraced, tableNeeded } from "../assert/mod.ts";
import type { ColumnName, SortKey, TableName } from "../report/choices.ts";
import { DEFAULTS } from "./defaults.ts";
import type { ValuesOf } from "./option.ts";
import type { REPORT_OPTIONS } from "./report_options.ts";

/** What a report shows, and how. */
export interface ReportOptions {
  /** One JSON document in place of text. */
  json: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Order of every table. */
  sort: SortKey;
  /** Tables of groups to count: those of `--by`, then those that an assertion is answered from; each once. */
  by: GroupKey[][];
  /** Columns to show, `null` for those that fit. */
  columns: ColumnName[] | null;
  /** Levels of the tree of directories, `null` for the usual. */
  depth: number | null;
  /** Whether the report says what stands out. */
  advice: boolean;
  /** Sections to show, `null` for those that have something to tell. */
  tables: TableName[] | null;
  /** Only the header and what stands out. */
  brief: boolean;
  /** What must hold of the report. */
  assertions: Assertion[];
}

/** What a report of `selection` is to show. Throws a usage error for an assertion about calls that are not traced. */
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

/** Rows of each table: a text report is cut to what a reader takes in; a document for programs only when asked. */
export function topRows({ top, json }: { top: number | null; json: boolean }): number | null {
  if (top !== null) return top === 0 ? null : top;
  return json ? null : DEFAULTS.topRows;
}

/** The tables of `--by`, and those that the assertions are answered from. */
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
