/** What is saved of a view: text as it is on the screen, with all rows. */
import { escapeMessage } from "../text/escape.ts";
import { filterTexts } from "./filters.ts";
import { bodyLines, sumTexts } from "./frame.ts";
import { FOOT_ROWS, HEAD_ROWS } from "./layout.ts";
import { type Line, paintedText, plainText } from "./line.ts";
import type { Model } from "./model.ts";
import { VIEWS } from "./views/views.ts";

/** Columns of text that is not for a terminal. */
const COLUMNS = 160;

/** Lines beside those of a list, and of a view without one. */
const OTHER_ROWS = 60;

/** The view as text, with all rows of its list. */
export function savedText(model: Model): string {
  const rows = VIEWS[model.view].content(model)?.length ?? 0;
  return batchText({ ...model, overlay: null, columns: COLUMNS, rows: rows + OTHER_ROWS }, false);
}

/** A frame for a pipe: the sums, the conditions, and the view as high as the state says. */
export function batchText(model: Model, color: boolean): string {
  const filters = filterTexts(model.filters).map((text) => escapeMessage(text, model));
  const head = [
    sumTexts(model).join("  "),
    ...(filters.length === 0 ? [] : [`only ${filters.join(" and ")}`]),
  ];
  const height = model.rows - HEAD_ROWS - FOOT_ROWS;
  const toText = (line: Line) => color ? paintedText(line) : plainText(line);
  return [...head, ...bodyLines(model, false).slice(0, height).map(toText)].join("\n").trimEnd() + "\n";
}
