/** Rows as lines of text for people: the fields that matter, aligned, the file last. */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { escapeText } from "../text/escape.ts";
import { formatDuration } from "../text/format.ts";
import { shortenPath } from "../text/shorten.ts";
import { padText, textWidth } from "../text/width.ts";
import { type RowColumn, rowColumn } from "./columns.ts";

/** How lines look. */
export interface RowTextOptions {
  /** Columns of the terminal; `null` for no limit: every column is shown and no path is cut. */
  width: number | null;
  /** Colour what failed. */
  color: boolean;
  /** Only ASCII. */
  ascii?: boolean;
}

/** A renderer of lines, none of which ends with its line feed. */
export interface RowTextRenderer {
  /** The line of headings. */
  header(): string;
  /** The line of a row or a warning. */
  row(row: StreamRow | WarningRow): string;
}

/** What text shows for "no value". */
const NO_VALUE = "-";

/** Fewest columns of a line that the path keeps; before it gets less, other columns go. */
const PATH_COLUMNS_MIN = 24;

/** Fewest columns of a path that is cut: less tells nothing, so a very narrow terminal wraps. */
const PATH_CUT_MIN = 12;

/** The columns before the path, from left to right; `drop` says which go first on a narrow terminal: the highest. */
const LINE: readonly { name: string; drop: number; text(row: StreamRow, ascii: boolean): string }[] = [
  { name: "time_ns", drop: 4, text: (row) => `${(Math.floor(row.timeNs / 1000) / 1e6).toFixed(6)}s` },
  { name: "pid", drop: 0, text: (row) => String(row.pid) },
  { name: "tid", drop: 5, text: (row) => String(row.tid) },
  { name: "comm", drop: 1, text: (row) => row.comm },
  { name: "syscall", drop: 0, text: (row) => row.syscall },
  { name: "latency_ns", drop: 0, text: (row, ascii) => latencyText(row, ascii) },
  { name: "bytes", drop: 3, text: (row) => orNone(row.bytes) },
  { name: "ret", drop: 0, text: (row) => row.errno ?? orNone(row.ret) },
  { name: "fd", drop: 2, text: (row) => orNone(row.fd) },
];

/** Printable ASCII without the backslash. */
const PLAIN = /^[ -[\]-~]*$/;

const RED = "\x1b[31m";
const YELLOW = "\x1b[33m";
const BOLD = "\x1b[1m";
const RESET = "\x1b[0m";

/** Makes a renderer for one output. Text that comes from outside is escaped everywhere: a row is one line. */
export function createTextRenderer(options: RowTextOptions): RowTextRenderer {
  const ascii = options.ascii ?? false;
  const width = options.width;
  const fields = fittingFields(width).map(({ name, text }) => ({ column: rowColumn(name), text }));
  const paint = (style: string, text: string) => options.color ? style + text + RESET : text;
  return {
    header() {
      const line = new Line();
      for (const { column } of fields) line.add(column, column.header);
      return paint(BOLD, line.text + rowColumn("path").header);
    },
    row(row) {
      if ("warning" in row) return `${paint(YELLOW, "warning:")} ${safe(row.warning, ascii)}`;
      const line = new Line();
      for (const { column, text } of fields) {
        const value = safe(text(row, ascii), ascii);
        line.add(
          column,
          value,
          row.failed && column.name === "ret" ? (padded) => paint(RED, padded) : undefined,
        );
      }
      const room = width === null ? Infinity : Math.max(PATH_CUT_MIN, width - line.width);
      return line.text + pathText(row, room, ascii);
    },
  };
}

/** Columns one after the other. A value that is too wide pushes only as far as the space after it allows. */
class Line {
  text = "";
  width = 0;
  #end = 0;

  add(column: RowColumn, value: string, paint?: (text: string) => string): void {
    this.#end += column.width + 1;
    const padded = padText(value, Math.max(0, this.#end - 1 - this.width), column.align);
    this.text += `${paint ? paint(padded) : padded} `;
    this.width += textWidth(padded) + 1;
  }
}

/** The fields for which there is room beside a path. */
function fittingFields(width: number | null): typeof LINE {
  let fields = LINE;
  const taken = () => fields.reduce((sum, { name }) => sum + rowColumn(name).width + 1, 0);
  for (let drop = Math.max(...LINE.map((field) => field.drop)); drop > 0; drop--) {
    if (width === null || taken() + PATH_COLUMNS_MIN <= width) break;
    fields = fields.filter((field) => field.drop !== drop);
  }
  return fields;
}

/** The file, or both of a call with two: `old → new`. */
function pathText(row: StreamRow, room: number, ascii: boolean): string {
  const note = row.pathError === null ? "" : ` [${row.pathError}]`;
  const path = row.path === null ? NO_VALUE : safe(row.path, ascii);
  if (row.oldPath === null) return shortenPath(path, room - note.length, ascii) + note;
  const arrow = ascii ? " -> " : " → ";
  const old = safe(row.oldPath, ascii);
  if (room === Infinity) return old + arrow + path + note;
  const both = room - note.length - arrow.length;
  const half = Math.floor(both / 2);
  // What one of the two does not need, the other has.
  const oldRoom = Math.max(half, both - textWidth(path));
  const pathRoom = Math.max(both - half, both - textWidth(old));
  return shortenPath(old, oldRoom, ascii) + arrow + shortenPath(path, pathRoom, ascii) + note;
}

/** Escaped text; nearly every value is printable ASCII, which needs no closer look. */
function safe(text: string, ascii: boolean): string {
  return PLAIN.test(text) ? text : escapeText(text, { ascii });
}

function latencyText(row: StreamRow, ascii: boolean): string {
  return row.latencyNs === null ? NO_VALUE : formatDuration(row.latencyNs, { ascii });
}

function orNone(value: number | bigint | null): string {
  return value === null ? NO_VALUE : String(value);
}
