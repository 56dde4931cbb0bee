/** Rows as lines of text for people: the fields that matter, aligned, the file last. */
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { escapeName } from "../text/escape.ts";
import { shortenPath } from "../text/shorten.ts";
import { padText, textWidth } from "../text/width.ts";
import type { Timestamps } from "./clock.ts";
import { type RowColumn, rowColumn } from "./columns.ts";
import { chosenFields, fittingFields, NO_VALUE } from "./text_fields.ts";

/** How lines look. */
export interface RowTextOptions {
  /** Columns of the terminal; `null` for no limit: every column is shown and no path is cut. */
  width: number | null;
  /** Colour how calls ended. */
  color: boolean;
  /** Only ASCII. */
  ascii?: boolean;
  /**
   * Names of the fields, in the order of the line, except that the file is last. All of them are shown, whatever the
   * width. Default: the important ones that fit.
   */
  columns?: readonly string[] | null;
  /** Needed when `time` is among the columns. */
  clock?: Timestamps;
}

/** A renderer of lines, none of which ends with its line feed. */
export interface RowTextRenderer {
  /** The line of headings. */
  header(): string;
  /** The line of a row or a warning. */
  row(row: StreamRow | WarningRow): string;
}

/** Fewest columns of a shortened path: fewer are useless, so a very narrow terminal wraps. */
const PATH_CUT_MIN = 12;

/** Fields that are the file. */
const FILE_FIELDS = ["old_path", "path"];

/** Printable ASCII without the backslash. */
const PLAIN = /^[ -[\]-~]+$/;

const RED = "\x1b[31m";
const YELLOW = "\x1b[33m";
const BOLD = "\x1b[1m";
const DIM = "\x1b[2m";
const RESET = "\x1b[0m";

/**
 * Makes a renderer for one output. Traced text is always escaped: a row is one line. A failed call is red, one in
 * which its process was killed yellow, one that never returns dim; the text tells the same without colour.
 *
 * Throws a `RangeError` for an unknown field.
 */
export function createTextRenderer(options: RowTextOptions): RowTextRenderer {
  const { width, columns = null, clock = null, ascii = false } = options;
  const shown = columns?.filter((name) => !FILE_FIELDS.includes(name));
  const fields = shown === undefined ? fittingFields(width) : chosenFields(shown, clock);
  const file = FILE_FIELDS.filter((name) => columns === null ? name === "path" : columns.includes(name));
  const showsOld = columns === null || columns.includes("old_path");
  const paint = (style: string, text: string) => options.color && style !== "" ? style + text + RESET : text;
  return {
    header() {
      const line = new Line();
      for (const { column } of fields) line.add(column, column.header);
      const headers = file.map((name) => rowColumn(name).header).join(ascii ? " -> " : " → ");
      return paint(BOLD, (line.text + headers).trimEnd());
    },
    row(row) {
      if ("warning" in row) return `${paint(YELLOW, "warning:")} ${safe(row.warning, ascii)}`;
      const line = new Line();
      const style = outcomeStyle(row);
      for (const { column, text, outcome } of fields) {
        const value = safe(text(row, ascii), ascii);
        line.add(column, value, outcome ? (padded) => paint(style, padded) : undefined);
      }
      if (file.length === 0) return line.text.trimEnd();
      const room = width === null ? Infinity : Math.max(PATH_CUT_MIN, width - line.width);
      return line.text + fileText(row, file.includes("path"), showsOld, room, ascii);
    },
  };
}

function outcomeStyle(row: StreamRow): string {
  if (row.failed) return RED;
  if (row.ret !== null) return "";
  // A killed call has the time until the kill; one that cannot return has none.
  return row.latencyNs === null ? DIM : YELLOW;
}

/** Columns one after the other. A value that is too wide shifts the next one only as far as its padding does not absorb. */
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

/** The file, the other one of a call with two, or both: `old → new`. */
function fileText(
  row: StreamRow,
  showsPath: boolean,
  showsOld: boolean,
  room: number,
  ascii: boolean,
): string {
  const note = row.pathError === null ? "" : ` [${row.pathError}]`;
  const path = row.path === null ? NO_VALUE : safe(row.path, ascii);
  const old = row.oldPath === null ? NO_VALUE : safe(row.oldPath, ascii);
  if (!showsPath) return shortenPath(old, room, ascii);
  if (row.oldPath === null || !showsOld) return shortenPath(path, room - note.length, ascii) + note;
  const arrow = ascii ? " -> " : " → ";
  if (room === Infinity) return old + arrow + path + note;
  const both = room - note.length - arrow.length;
  const half = Math.floor(both / 2);
  // Room that one of the two does not need goes to the other.
  const oldRoom = Math.max(half, both - textWidth(path));
  const pathRoom = Math.max(both - half, both - textWidth(old));
  return shortenPath(old, oldRoom, ascii) + arrow + shortenPath(path, pathRoom, ascii) + note;
}

/** Escaped text; nearly every value is printable ASCII, which needs no escaping. */
function safe(text: string, ascii: boolean): string {
  return PLAIN.test(text) ? text : escapeName(text, { ascii });
}
