/** The view of single calls, as they end. */
import type { StreamRow, WarningRow } from "../../../runtime/row.ts";
import { escapeName, escapeText } from "../../text/escape.ts";
import { formatBytes, formatDuration } from "../../text/format.ts";
import { shortenEnd, shortenPath } from "../../text/shorten.ts";
import { padText, textWidth } from "../../text/width.ts";
import { type Content, selectedIndex } from "../content.ts";
import { descriptorLife } from "../descriptor_life.ts";
import { cutLine, type Line, span, type Style } from "../line.ts";
import { LIST_START, type Model, shown, standing, type Step, step, withNotice } from "../model.ts";
import { promptOf } from "../prompt.ts";
import type { View } from "./view.ts";

/** A row of the stream. */
type Row = StreamRow | WarningRow;

/** A column before the path, with the least width of the line that has it. */
interface StreamColumn {
  title: string;
  width: number;
  align: "left" | "right";
  /** Narrower lines do without the column. */
  from: number;
  text(row: StreamRow, ascii: boolean): string;
}

const COLUMNS: readonly StreamColumn[] = [
  { title: "TIME", width: 11, align: "right", from: 100, text: (row) => secondsText(row.timeNs) },
  { title: "PID", width: 7, align: "right", from: 0, text: (row) => String(row.pid) },
  { title: "TID", width: 7, align: "right", from: 130, text: (row) => String(row.tid) },
  { title: "COMMAND", width: 15, align: "left", from: 60, text: (row) => row.comm },
  { title: "SYSCALL", width: 14, align: "left", from: 0, text: (row) => row.syscall },
  {
    title: "LATENCY",
    width: 7,
    align: "right",
    from: 0,
    text: (row, ascii) => durationText(row.latencyNs, ascii),
  },
  { title: "GAP", width: 7, align: "right", from: 140, text: (row, ascii) => durationText(row.gapNs, ascii) },
  {
    title: "BYTES",
    width: 8,
    align: "right",
    from: 90,
    text: (row) => row.bytes === null ? "-" : formatBytes(row.bytes),
  },
  {
    title: "RET",
    width: 8,
    align: "right",
    from: 70,
    text: (row) => row.errno ?? (row.ret === null ? "-" : String(row.ret)),
  },
  { title: "FD", width: 4, align: "right", from: 110, text: (row) => row.fd === null ? "-" : String(row.fd) },
];

/** Rows as they come. */
export const STREAM_VIEW: View = {
  id: "stream",
  title: "Stream",
  about: [
    "The last 10,000 calls since the view was opened, newest at the bottom. Moving up pauses; space goes on.",
    "A failed call is red, and has the name of its error in RET.",
    "x saves the rows that are held, as .csv, and pauses. E opens the file.",
  ],
  keys: [
    ["enter", "all fields of the row"],
    ["T", "the life of its descriptor"],
    ["x", "save rows"],
    ["X", "save rows as"],
  ],
  lines: () => [],
  content: (model) => streamContent(shown(model).rows, model.ascii, "No calls yet"),
  press(model, key) {
    if (!["enter", "T", "x", "X"].includes(key)) return null;
    const { rows } = shown(model);
    if (key === "x" || key === "X") return savedStep(standing(model), rows, key === "X");
    const row = rows[selectedIndex(this.content(model)!, model.lists.stream)];
    if (row === undefined) return step(model);
    // What is looked at must not go away meanwhile.
    const paused = standing(model);
    if ("warning" in row) return step(withNotice(paused, escapeText(row.warning, model)));
    if (key === "enter") return step({ ...paused, overlay: { kind: "row", row, list: LIST_START } });
    return lifeStep(paused, rows, row);
  },
};

/** Saves the rows that stand still. Their last number makes the name theirs: no other file has it. */
function savedStep(model: Model, rows: readonly Row[], asks: boolean): Step {
  const path = `${model.fileStem}-rows-${rows.at(-1)?.seq ?? 0}.csv`;
  return asks
    ? step({ ...model, overlay: { kind: "prompt", asks: "save", prompt: promptOf(path) } })
    : step(model, { kind: "save", path });
}

/** A list of rows. */
export function streamContent(rows: readonly Row[], ascii: boolean, empty: string): Content {
  return {
    length: rows.length,
    id: (index) => rowId(rows[index]),
    text: (index) => rowText(rows[index]),
    line: (index, width) => rowLine(rows[index], width, ascii),
    heading: (width) => headingLine(width),
    follows: true,
    empty,
  };
}

/** Shows what was done with the descriptor of a row. */
function lifeStep(model: Model, rows: readonly Row[], row: StreamRow): Step {
  if (row.fd === null) return step(withNotice(model, "This call has no descriptor", "quiet"));
  const life = descriptorLife(rows, row);
  const title = `Descriptor ${row.fd} of process ${row.pid}: ${escapeName(row.path ?? "-", model)}`;
  const list = { ...LIST_START, selected: rowId(row), index: life.indexOf(row) };
  return step({ ...model, overlay: { kind: "life", rows: life, title, list } });
}

/** Name of a row; a warning has the number of the call before it. */
export function rowId(row: Row): string {
  return "warning" in row ? `w${row.seq} ${row.timeNs}` : String(row.seq);
}

function rowText(row: Row): string {
  if ("warning" in row) return row.warning;
  return `${row.comm} ${row.pid} ${row.syscall} ${row.errno ?? ""} ${row.oldPath ?? ""} ${row.path ?? ""}`;
}

function headingLine(width: number): Line {
  const cells = shownColumns(width).map((column) => padText(column.title, column.width, column.align));
  return cutLine([span([...cells, "FILE"].join(" "), "heading")], width);
}

function rowLine(row: Row, width: number, ascii: boolean): Line {
  if ("warning" in row) {
    return cutLine([span(`warning: ${escapeText(row.warning, { ascii })}`, "bad")], width);
  }
  const cells = shownColumns(width).map(({ text, width, align }) =>
    padText(shortenEnd(escapeName(text(row, ascii), { ascii }), width, ascii), width, align)
  );
  const before = `${cells.join(" ")} `;
  const room = Math.max(1, width - textWidth(before));
  return cutLine([span(before + fileText(row, room, ascii), styleOf(row))], width);
}

function shownColumns(width: number): readonly StreamColumn[] {
  return COLUMNS.filter(({ from }) => width >= from);
}

function fileText(row: StreamRow, room: number, ascii: boolean): string {
  const path = row.path === null ? "-" : escapeName(row.path, { ascii });
  const note = row.pathError === null ? "" : ` [${row.pathError}]`;
  if (row.oldPath === null) return shortenPath(path, Math.max(1, room - note.length), ascii) + note;
  const arrow = ascii ? " -> " : " → ";
  const half = Math.max(1, Math.floor((room - arrow.length - note.length) / 2));
  return shortenPath(escapeName(row.oldPath, { ascii }), half, ascii) + arrow +
    shortenPath(path, half, ascii) + note;
}

function styleOf(row: StreamRow): Style {
  return row.failed ? "bad" : row.ret === null ? "quiet" : "plain";
}

function secondsText(ns: number): string {
  return `${(Math.floor(ns / 1000) / 1e6).toFixed(6)}s`;
}

function durationText(ns: number | null, ascii: boolean): string {
  return ns === null ? "-" : formatDuration(ns, { ascii });
}
