/** The view of stacks: which code makes the calls. */
import type { Expression } from "../../../runtime/expression/mod.ts";
import {
  type GroupKey,
  type GroupRow,
  type GroupStats,
  OTHER_NAME,
  type StatsSnapshot,
} from "../../../runtime/stats.ts";
import { escapeText } from "../../text/escape.ts";
import { shortenStart } from "../../text/shorten.ts";
import { wrapWords } from "../../text/wrap.ts";
import { type Content, selectedIndex } from "../content.ts";
import { rateSeconds } from "../data.ts";
import { cutLine, type Line, span } from "../line.ts";
import { CACHE_HELP, measureColumns, type MeasuredRow, MEASURES_HELP, WAITS_HELP } from "../measured.ts";
import { missingOption, type Model, shown } from "../model.ts";
import { sortRows, type TableColumns, tableContent } from "../table.ts";
import type { Room, View } from "./view.ts";

/** The grouping that the view needs of the statistics. */
export const STACK_GROUPS: readonly (readonly GroupKey[])[] = [["stack"]];

/** Fewest columns of a stack, and the part of the width that it gets at least. */
const MIN_NAME = 18;
const NAME_SHARE = 0.45;

/** Lines of the selected stack, and the fewest lines of a body that has room for them. */
const STACK_LINES = 3;
const ROOM_FOR_STACK = 14;

const UNKNOWN = "(unknown)";

interface StackRow extends MeasuredRow {
  /** Escaped, outermost first. */
  name: string;
  condition: Expression | null;
}

/** Who asks. */
export const STACKS_VIEW: View = {
  id: "stacks",
  title: "Stacks",
  about: [
    "Which code makes the calls: the functions from the program down to the call, outermost first. Above the table is the whole " +
    "stack of the row that is moved to. A trace knows them with --stacks.",
    ...MEASURES_HELP,
    WAITS_HELP,
    CACHE_HELP,
  ],
  keys: [],
  needs: () => ({ tables: ["groups"], groupsOf: [] }),
  lines: (model, room) => selectedLines(model, room),
  content: (model) => contentOf(model, rowsOf(model)),
};

function contentOf(model: Model, rows: readonly StackRow[]): Content {
  const option = missingOption("stacks", model);
  return tableContent(rows, columnsOf(model), model.lists.stacks, {
    id: (index) => rows[index].id,
    narrow: (index) => rows[index].condition,
    empty: option === null ? "No calls yet" : `Stacks are known with ${option}`,
  });
}

function rowsOf(model: Model): StackRow[] {
  const { now, before } = shown(model);
  const group = groupOf(now?.stats);
  if (group === null || missingOption("stacks", model) !== null) return [];
  const earlier = new Map(groupOf(before?.stats)?.rows.map((row) => [stackOf(row), row]));
  const rows = group.rows.map((row): StackRow => {
    const stack = stackOf(row);
    return {
      id: stack ?? UNKNOWN,
      name: stack === null ? UNKNOWN : escapeText(stack, model),
      condition: stack === null ? null : { kind: "text", field: "stack", operator: "=", values: [stack] },
      now: row,
      before: earlier.get(stack) ?? null,
    };
  });
  const { other } = group;
  if (other !== null) {
    rows.push({ id: OTHER_NAME, name: OTHER_NAME, condition: null, now: other, before: other });
  }
  return sortRows(rows, columnsOf(model), model.lists.stacks);
}

/** The grouping, `null` when the statistics have none. */
function groupOf(stats: StatsSnapshot | undefined): GroupStats | null {
  return stats?.groups.find(({ by }) => by.join() === STACK_GROUPS[0].join()) ?? null;
}

function stackOf({ values: [value] }: GroupRow): string | null {
  return value.key === "stack" ? value.name : null;
}

/** The whole stack of the row that somebody has selected, as far as its lines go: the innermost functions tell most. */
function selectedLines(model: Model, { width, height }: Room): Line[] {
  const list = model.lists.stacks;
  if (height < ROOM_FOR_STACK || list.selected === null) return [];
  const rows = rowsOf(model);
  const index = selectedIndex(contentOf(model, rows), list);
  if (index < 0) return [];
  const words = rows[index].name.replaceAll(";", " > ");
  const room = Math.max(1, width - 2);
  const lines = wrapWords(shortenStart(words, STACK_LINES * (room - 1) - 1, model.ascii), room, model.ascii)
    .slice(-STACK_LINES);
  return Array.from(
    { length: STACK_LINES },
    (_, i) => cutLine([span(` ${lines[i] ?? ""}`, "quiet")], width),
  );
}

function columnsOf(model: Model): TableColumns<StackRow> {
  const { ascii, columns } = model;
  return {
    name: {
      sort: "name",
      title: "STACK",
      min: Math.max(MIN_NAME, Math.floor(columns * NAME_SHARE)),
      isLast: true,
      text: ({ name }) => name,
      shorten: (text, width) => shortenStart(text, width, ascii),
    },
    numbers: measureColumns<StackRow>(
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
        "mean",
        "p99",
        "max",
      ],
      ["time", "calls/s", "spent", "calls", "bytes/s", "read", "written", "busy%", "errors", "p99", "wait"],
      { seconds: rateSeconds(shown(model)), ascii, stats: shown(model).now?.stats },
    ),
    usualSort: "time",
    ascii,
  };
}
