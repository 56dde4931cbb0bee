/** Lists of rows, as views and dialogs show them: the window on the screen, and how the selection moves. */
import type { Expression } from "../../runtime/expression/mod.ts";
import { compilePattern, compileRegex, RegexError } from "../../runtime/expression/mod.ts";
import { IorError } from "../../runtime/errors.ts";
import { filledLine, type Line, span } from "./line.ts";
import type { ListState } from "./model.ts";

/** A heading that can be clicked, columns from `start` up to but excluding `end`. */
export interface HeadingSpan {
  sort: string;
  start: number;
  end: number;
}

/** The rows of a list, made when they are asked for: only those on the screen are. */
export interface Content {
  /** Number of rows. */
  length: number;
  /** Name of a row, which it keeps while its place changes. */
  id(index: number): string;
  /** The row within `width` columns. */
  line(index: number, width: number): Line;
  /** What a search looks at: the row's name, not shortened. */
  text(index: number): string;
  /** Line of headings, `null` for none. */
  heading(width: number): Line | null;
  /** What the rows can be sorted by, in the order of the columns shown. */
  sorts?(width: number): readonly HeadingSpan[];
  /** The column that they are sorted by. */
  sort?: string;
  /** The condition for calls of a row. */
  narrow?(index: number): Expression | null;
  /** True when a list without a selection stays at its end. */
  follows?: boolean;
  /** What is said of a list without rows. */
  empty: string;
}

/** Mark of the selected row, for terminals without colour. */
const MARK = { unicode: "▸", ascii: ">" };

/** Columns of the mark. */
export const MARK_COLUMNS = 1;

/** Place of the selected row; -1 without rows. */
export function selectedIndex(content: Content, { selected, index }: ListState): number {
  if (content.length === 0) return -1;
  if (selected === null) return content.follows ? content.length - 1 : 0;
  const last = content.length - 1;
  const near = Math.min(index, last);
  if (content.id(near) === selected) return near;
  for (let i = 0; i <= last; i++) if (content.id(i) === selected) return i;
  return near;
}

/** The first row on a screen of `height` rows. */
export function windowTop(content: Content, list: ListState, height: number): number {
  const index = selectedIndex(content, list);
  const least = Math.max(0, index - height + 1);
  const top = Math.min(Math.max(list.top, least), Math.max(index, 0));
  return Math.max(0, Math.min(top, content.length - height));
}

/** The list with the row at `index` selected; a place outside is moved inside. */
export function selectIndex(content: Content, list: ListState, index: number, height: number): ListState {
  if (content.length === 0) return list;
  const at = Math.min(Math.max(index, 0), content.length - 1);
  const moved = { ...list, selected: content.id(at), index: at };
  return { ...moved, top: windowTop(content, { ...moved, top: windowTop(content, list, height) }, height) };
}

/** The list after a key that moves the selection; `null` for any other key. */
export function moveByKey(content: Content, list: ListState, key: string, height: number): ListState | null {
  const index = selectedIndex(content, list);
  const to = (at: number) => selectIndex(content, list, at, height);
  switch (key) {
    case "up":
    case "k":
      return to(index - 1);
    case "down":
    case "j":
      return to(index + 1);
    case "page-up":
      return to(index - Math.max(1, height - 1));
    case "page-down":
      return to(index + Math.max(1, height - 1));
    case "home":
    case "g":
      return to(0);
    case "end":
    case "G":
      return to(content.length - 1);
  }
  return null;
}

/**
 * The test of what is searched for: a part of a name or a pattern, as those of `--comm`, or a regular expression between
 * slashes, which ignores case as well. Throws an `IorError` for one that is wrong.
 */
function compileSearch(text: string): (name: string) => boolean {
  const [, regex] = /^\/(.+)\/$/s.exec(text) ?? [];
  if (regex === undefined) return compilePattern(text);
  try {
    return compileRegex(regex, { ignoreCase: true });
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new IorError("usage", `Cannot search for ${text}: ${error.message}`, { hint: error.hint });
  }
}

/** The list at the next row that matches what is searched for, `null` when none does. */
export function searchList(
  content: Content,
  list: ListState,
  { pattern, back, height }: { pattern: string; back: boolean; height: number },
): ListState | null {
  const matches = compileSearch(pattern);
  const start = selectedIndex(content, list);
  for (let i = 1; i <= content.length; i++) {
    const at = (start + (back ? content.length - i : i)) % content.length;
    if (matches(content.text(at))) return selectIndex(content, list, at, height);
  }
  return null;
}

/** The lines of a list: its headings, then as many rows as fit. */
export function listLines(
  content: Content,
  list: ListState,
  { width, height, ascii, marksSelected }: {
    width: number;
    height: number;
    ascii: boolean;
    marksSelected: boolean;
  },
): Line[] {
  const heading = content.heading(width - MARK_COLUMNS);
  const lines: Line[] = heading === null ? [] : [[span(" ".repeat(MARK_COLUMNS)), ...heading]];
  const room = height - lines.length;
  if (content.length === 0) return [...lines, [span(` ${content.empty}`, "quiet")]];
  const index = selectedIndex(content, list);
  const top = windowTop(content, list, room);
  for (let i = top; i < Math.min(content.length, top + room); i++) {
    const line = content.line(i, width - MARK_COLUMNS);
    lines.push(
      i === index && marksSelected
        ? filledLine([span(ascii ? MARK.ascii : MARK.unicode), ...line], width, "selected")
        : [span(" ".repeat(MARK_COLUMNS)), ...line],
    );
  }
  return lines;
}
