/** Where things are on the screen. */
import type { Content } from "./content.ts";
import type { Line } from "./line.ts";
import { missingOption, type Model, viewKey } from "./model.ts";
import { overlayContent, overlayLines } from "./overlays/overlays.ts";
import type { Room } from "./views/view.ts";
import { VIEW_LIST, VIEWS } from "./views/views.ts";

/** The smallest terminal that has room for a view. */
export const MIN_COLUMNS = 40;
export const MIN_ROWS = 10;

/** Lines above and below the body: the views and the sums, the filters and the keys. */
export const HEAD_ROWS = 2;
export const FOOT_ROWS = 2;

/** Columns beside the views: that it is paused, and how long the trace runs; of a recording its length and speed as well. */
const STATE_COLUMNS = 14;
const PLAYING_COLUMNS = 28;

/** True for a terminal with room for a view. */
export function hasRoom({ columns, rows }: Model): boolean {
  return columns >= MIN_COLUMNS && rows >= MIN_ROWS;
}

/** What the body shows: lines, and a list below them. */
export interface Body {
  lines: Line[];
  content: Content | null;
  /** Rows of the list that fit, its headings not counted. */
  listHeight: number;
}

/** The body of the view, or of the dialog over it. */
export function bodyOf(model: Model): Body {
  const room: Room = { width: model.columns, height: Math.max(0, model.rows - HEAD_ROWS - FOOT_ROWS) };
  const content = overlayContent(model) ?? (isCovered(model) ? null : VIEWS[model.view].content(model));
  const lines = (overlayLines(model, room) ?? VIEWS[model.view].lines(model, room)).slice(0, room.height);
  const heading = content?.heading(room.width) ?? null;
  return { lines, content, listHeight: Math.max(1, room.height - lines.length - (heading === null ? 0 : 1)) };
}

/** True when a dialog takes the place of the view. */
export function isCovered({ overlay }: Model): boolean {
  return overlay !== null && overlay.kind !== "prompt";
}

/** The words of the views in the first line, and where they are. */
export function tabs(model: Model): { text: string; start: number; view: Model["view"] }[] {
  const room = model.columns - (model.playing === null ? STATE_COLUMNS : PLAYING_COLUMNS);
  const views = VIEW_LIST.filter(({ id }) => id === model.view || missingOption(id, model) === null);
  const words = views.reduce((sum, { title }) => sum + title.length, 0);
  const gap = words + " 1 ".length * views.length <= room ? " " : "";
  const isShort = words + " 1".length * views.length > room;
  let start = 0;
  return views.map(({ id, title }) => {
    const key = viewKey(id);
    const text = isShort ? id === model.view ? ` ${key} ${title}` : ` ${key}` : ` ${key}${gap}${title}`;
    const tab = { text, start, view: id };
    start += text.length;
    return tab;
  });
}
