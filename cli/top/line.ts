/** Lines of a frame: pieces of text with a style, measured and cut in columns of the terminal. */
import { takeStart } from "../text/shorten.ts";
import { textWidth } from "../text/width.ts";

/** How a piece of text looks. The words tell the same without colour. */
export type Style = "plain" | "heading" | "selected" | "bad" | "good" | "quiet" | "tab";

/** A piece of text of one style. Its text is escaped: it has no control characters. */
export interface Span {
  text: string;
  style: Style;
}

/** A line of a frame. */
export type Line = readonly Span[];

/** Select Graphic Rendition of each style; empty for none. */
const CODES: Readonly<Record<Style, string>> = {
  plain: "",
  heading: "1",
  selected: "7",
  bad: "31",
  good: "32",
  quiet: "2",
  tab: "1;7",
};

/** A piece of text. */
export function span(text: string, style: Style = "plain"): Span {
  return { text, style };
}

/** A line of one style. */
export function textLine(text: string, style: Style = "plain"): Line {
  return text === "" ? [] : [{ text, style }];
}

/** Columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** The line cut at its end to at most `width` columns. */
export function cutLine(line: Line, width: number): Line {
  const cut: Span[] = [];
  let room = width;
  for (const { text, style } of line) {
    const all = textWidth(text);
    if (all <= room) {
      cut.push({ text, style });
      room -= all;
      continue;
    }
    const part = takeStart(text, room);
    if (part !== "") cut.push({ text: part, style });
    break;
  }
  return cut;
}

/** The line over the whole width in one style, as a selected row. */
export function filledLine(line: Line, width: number, style: Style): Line {
  const text = cutLine(line, width).map((piece) => piece.text).join("");
  return [{ text: text + " ".repeat(Math.max(0, width - textWidth(text))), style }];
}

/** Two lines on one: `right` at the right edge, as far as both fit. */
export function sidesLine(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right);
  if (room <= 1) return cutLine(left, width);
  const cut = cutLine(left, room - 1);
  return [...cut, span(" ".repeat(room - lineWidth(cut))), ...right];
}

/** The text of a line, without spaces at its end. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join("").trimEnd();
}

/** The codes that switch to a style. */
export function styleCode(style: Style): string {
  return CODES[style] === "" ? "\x1b[0m" : `\x1b[0;${CODES[style]}m`;
}

/** The line with its colours, without spaces at its end. */
export function paintedText(line: Line): string {
  const text = plainText(line);
  let left = text.length;
  return line.map(({ text, style }) => {
    const part = text.slice(0, left);
    left -= part.length;
    return CODES[style] === "" || part === "" ? part : `${styleCode(style)}${part}\x1b[0m`;
  }).join("");
}
