/** Shortens text that is too wide for its column. */
import { characterWidth, textWidth } from "./width.ts";

/** Stands for the part left out. */
export function ellipsis(ascii: boolean): string {
  return ascii ? "..." : "…";
}

/** `text` cut at its end to at most `width` columns, with an ellipsis for the missing part. */
export function shortenEnd(text: string, width: number, ascii = false): string {
  if (textWidth(text) <= width) return text;
  const mark = ellipsis(ascii);
  return takeStart(text, width - mark.length) + mark;
}

/** `text` cut at its start to at most `width` columns, with an ellipsis for the missing part. */
export function shortenStart(text: string, width: number, ascii = false): string {
  if (textWidth(text) <= width) return text;
  const mark = ellipsis(ascii);
  return mark + takeEnd(text, width - mark.length);
}

/**
 * A path cut in the middle to at most `width` columns. The name of the file and the nearest folders tell most,
 * so whole parts from the end are kept first, and the start gets the remaining room.
 */
export function shortenPath(path: string, width: number, ascii = false): string {
  if (textWidth(path) <= width) return path;
  const mark = ellipsis(ascii);
  const room = width - mark.length;
  const tail = wholeParts(path, Math.ceil(room * 2 / 3), room) ?? takeEnd(path, Math.ceil(room * 2 / 3));
  return takeStart(path, room - textWidth(tail)) + mark + tail;
}

/** Trailing parts of the path within `wanted` columns; the last part alone may take up to `limit`. */
function wholeParts(path: string, wanted: number, limit: number): string | null {
  let tail: string | null = null;
  for (let slash = path.lastIndexOf("/"); slash >= 0; slash = path.lastIndexOf("/", slash - 1)) {
    const candidate = path.slice(slash);
    if (textWidth(candidate) > (tail === null ? limit : wanted)) break;
    tail = candidate;
    if (slash === 0) break;
  }
  return tail;
}

/** `text` cut at its end to at most `width` columns, with nothing for the missing part. */
export function takeStart(text: string, width: number): string {
  let taken = "";
  for (const character of text) {
    width -= characterWidth(character);
    if (width < 0) break;
    taken += character;
  }
  return taken;
}

function takeEnd(text: string, width: number): string {
  const characters = [...text];
  let first = characters.length;
  while (first > 0 && characterWidth(characters[first - 1]) <= width) {
    width -= characterWidth(characters[--first]);
  }
  while (first < characters.length && characterWidth(characters[first]) === 0) first++;
  return characters.slice(first).join("");
}
