/** The view of processes, each with its threads and its files. */
import { isUnknownName } from "../../../runtime/event_batch.ts";
import type { GroupKey, GroupRow, Measures, ProcessStats, StatsSnapshot } from "../../../runtime/stats.ts";
import { OTHER_NAME } from "../../../runtime/stats.ts";
import type { Expression } from "../../../runtime/expression/mod.ts";
import { escapeName } from "../../text/escape.ts";
import { shortenPath } from "../../text/shorten.ts";
import { type Content, selectedIndex } from "../content.ts";
import { rateSeconds, type Sample } from "../data.ts";
import { CACHE_HELP, measureColumns, type MeasuredRow, MEASURES_HELP, WAITS_HELP } from "../measured.ts";
import { type Model, shown } from "../model.ts";
import { leftOutLines, neededRows, sortRows, type TableColumns, tableContent } from "../table.ts";
import { foldByKey, treeMark, type TreeRow } from "./tree.ts";
import type { View } from "./view.ts";

/** The groupings that the view needs of the statistics. */
export const PROCESS_GROUPS: readonly (readonly GroupKey[])[] = [["process", "thread"], ["process", "file"]];

const USUAL_SORT = "time";

interface ProcessRow extends MeasuredRow, TreeRow {
  /** Escaped name. */
  name: string;
  condition: Expression | null;
}

/** Processes; a process unfolds into its threads and its files. */
export const PROCESSES_VIEW: View = {
  id: "processes",
  title: "Processes",
  about: [
    "Processes by PID. A process unfolds into its threads, then its files.",
    ...MEASURES_HELP,
    WAITS_HELP,
    CACHE_HELP,
  ],
  keys: [["right", "show threads and files"], ["left", "hide them"]],
  needs(model) {
    const groupsOf = unfolded(model).map(({ pid, startedNs }) => ({ pid, startedNs }));
    // An unfolded process stays, however little it does.
    if (groupsOf.length > 0) return { tables: ["processes", "groups"], groupsOf };
    return { tables: ["processes"], maxProcesses: neededRows(model, model.lists.processes, USUAL_SORT) };
  },
  lines: (model, { width }) => leftOutLines(model, "processes", width),
  content: (model) => contentOf(model, rowsOf(model)),
  press(model, key) {
    const rows = rowsOf(model);
    const index = selectedIndex(contentOf(model, rows), model.lists.processes);
    return foldByKey(model, "processes", { rows, index, key });
  },
};

/** The processes whose threads and files are shown. */
function unfolded(model: Model): ProcessStats[] {
  const { flipped } = model.lists.processes;
  if (flipped.size === 0) return [];
  return shown(model).now?.stats.processes.filter((row) => row.pid !== 0 && flipped.has(processId(row))) ??
    [];
}

function contentOf(model: Model, rows: readonly ProcessRow[]): Content {
  return tableContent(rows, columnsOf(model), model.lists.processes, {
    id: (index) => rows[index].id,
    narrow: (index) => rows[index].condition,
    empty: "No calls yet",
  });
}

function rowsOf(model: Model): ProcessRow[] {
  const { now, before } = shown(model);
  if (now === null) return [];
  const list = model.lists.processes;
  const columns = columnsOf(model);
  const earlier = new Map(before?.stats.processes.map((row) => [processId(row), row]));
  const processes = sortRows(
    now.stats.processes.map((row): ProcessRow => {
      const id = processId(row);
      return {
        id,
        level: 0,
        isUnfolded: row.pid === 0 ? null : list.flipped.has(id),
        name: row.pid === 0 ? row.comm : `${String(row.pid).padStart(7)} ${escaped(model, row.comm)}`,
        condition: row.pid === 0 ? null : number("pid", row.pid),
        now: row,
        // One that was left out before has no rate yet.
        before: earlier.get(id) ?? (wasLeftOut(row, before) ? row : null),
      };
    }),
    columns,
    list,
  );
  return processes.flatMap((row) =>
    row.isUnfolded === true
      ? [
        row,
        ...sortRows(threadsOf(model, row.id), columns, list),
        ...sortRows(filesOf(model, row.id), columns, list),
      ]
      : [row]
  );
}

/** Whether a process that a sample does not have may have been left out of it, rather than begun since. */
function wasLeftOut({ startedNs }: ProcessStats, sample: Sample | null): boolean {
  return sample !== null && sample.stats.leftOut.processes !== undefined && startedNs < sample.atNs;
}

function threadsOf(model: Model, process: string): ProcessRow[] {
  return partsOf(model, 0, process, ({ values: [, value] }) => (
    value.key === "thread"
      ? { name: `${value.tid} ${escaped(model, value.comm)}`, condition: number("tid", value.tid) }
      : null
  ));
}

function filesOf(model: Model, process: string): ProcessRow[] {
  return partsOf(model, 1, process, ({ values: [, value] }) => (
    value.key === "file" && value.name !== null
      ? {
        name: escaped(model, value.name),
        condition: value.name === OTHER_NAME || isUnknownName(value.name) || value.pathRaw !== undefined
          ? null
          : { kind: "text", field: "path", operator: "=", values: [value.name] },
      }
      : null
  ));
}

/** Rows of a grouping that belong to a process. */
function partsOf(
  model: Model,
  group: number,
  process: string,
  part: (row: GroupRow) => { name: string; condition: Expression | null } | null,
): ProcessRow[] {
  const { now, before } = shown(model);
  const earlier = new Map<string, Measures>();
  for (const row of rowsOfGroup(before?.stats ?? null, PROCESS_GROUPS[group])) {
    if (ownerOf(row) === process) earlier.set(JSON.stringify(row.values[1]), row);
  }
  // Those of a process that was folded at the frame before have no rates yet.
  const isNew = earlier.size === 0;
  return rowsOfGroup(now!.stats, PROCESS_GROUPS[group]).filter((row) => ownerOf(row) === process).flatMap(
    (row) => {
      const found = part(row);
      if (found === null) return [];
      const key = JSON.stringify(row.values[1]);
      return [{
        ...found,
        id: `${process} ${group} ${key}`,
        level: 1,
        isUnfolded: null,
        now: row,
        before: isNew ? row : earlier.get(key) ?? null,
      }];
    },
  );
}

/** The rows of a grouping. */
export function rowsOfGroup(stats: StatsSnapshot | null, by: readonly GroupKey[]): readonly GroupRow[] {
  return stats?.groups.find((other) => other.by.join() === by.join())?.rows ?? [];
}

function ownerOf({ values: [value] }: GroupRow): string | null {
  return value.key === "process" ? processId(value) : null;
}

function processId({ pid, startedNs, comm }: Pick<ProcessStats, "pid" | "startedNs" | "comm">): string {
  return pid === 0 ? comm : `${pid} ${startedNs}`;
}

/** The condition that a number of a task is this. */
export function number(field: "pid" | "tid", value: number): Expression {
  return { kind: "number", field, operator: "=", values: [value] };
}

function escaped({ ascii }: Model, text: string): string {
  return escapeName(text, { ascii });
}

function columnsOf(model: Model): TableColumns<ProcessRow> {
  const { ascii } = model;
  return {
    name: {
      sort: "name",
      title: "  PROCESS",
      min: 27,
      isLast: false,
      text: ({ name }) => name,
      shorten: (text, width) => shortenPath(text, width, ascii),
      before: (row) => treeMark(row, ascii),
    },
    numbers: measureColumns<ProcessRow>(
      [
        "calls/s",
        "busy%",
        "bytes/s",
        "calls",
        "errors",
        "read",
        "written",
        "cached%",
        "time",
        "spent",
        "wait",
        "iowait",
        "blocked",
        "queue",
        "p99",
        "max",
      ],
      [
        "time",
        "spent",
        "calls/s",
        "bytes/s",
        "busy%",
        "calls",
        "wait",
        "errors",
        "read",
        "written",
        "p99",
        "max",
      ],
      { seconds: rateSeconds(shown(model)), ascii, stats: shown(model).now?.stats },
    ),
    usualSort: USUAL_SORT,
    ascii,
  };
}
