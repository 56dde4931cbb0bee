import { IorError } from "../../runtime/errors.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import type { GroupKey } from "../../runtime/stats.ts";
import { type Assertion, checkTraced, tableNeeded } from "../assert/mod.ts";
import { REPORT_FORMATS, type ReportFormatName, type Shown } from "../report/formats.ts";
import type { ValuesOf } from "./option.ts";
import type { REPORT_OPTIONS } from "./report_options.ts";

/** What a report shows and how. */
export interface ReportOptions extends Shown {
  /** Its format. */
  format: ReportFormatName;
  /** Tables of groups to count: those of `--by`, then those that assertions need; each once. */
  by: GroupKey[][];
  /** Levels of the tree of directories, `null` for the default. */
  depth: number | null;
  /** Conditions that the report must fulfil. */
  assertions: Assertion[];
}

/**
 * Builds the options of a report of `selection`. Throws a usage error for an assertion about calls that are not traced, and for
 * tables of a report without any.
 */
export function reportOptions(
  values: ValuesOf<typeof REPORT_OPTIONS>,
  selection: Filter,
): ReportOptions {
  if (!selection.unknownSyscalls) {
    for (const assertion of values.assertions) checkTraced(assertion, selection.syscalls);
  }
  const { format, sort, columns, depth, advice, tables, brief, assertions } = values;
  if (brief && tables !== null) {
    throw new IorError("usage", "Cannot use --brief with --tables: it shows no tables", {
      hint: "Leave one of the two out",
    });
  }
  const by = tablesOf(values.by, assertions);
  return {
    format,
    top: topRows(values.top, format),
    sort,
    by,
    groups: values.by.length,
    columns,
    depth,
    advice,
    tables,
    brief,
    assertions,
  };
}

/** Rows of each table: as many as `--top` says, 0 for all, or what the format shows by default. */
export function topRows(top: number | null, format: ReportFormatName): number | null {
  return top === null ? REPORT_FORMATS[format].topRows : top === 0 ? null : top;
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
