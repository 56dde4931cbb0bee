/** Drawing of frames on a canvas. */
import { formatShare } from "../../../text/numbers.js";
import { formatChange, formatValue } from "./format.js";
import { frameFill } from "./colors.js";
import { showName } from "./names.js";

/** @import { FlameModel } from "./model.js" */
/** @import { Boxes } from "./visible.js" */
/** @import { Palette } from "./colors.js" */

/** Height of a row, CSS pixels. */
export const ROW_PX = 21;
const FONT = '12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';
/** Space between a frame's edge and its text. */
const PAD_PX = 5;
/** Narrower frames have no text: there is room for fewer than two letters and an ellipsis. */
const TEXT_MIN_PX = 32;
/** Wider ones are separated from their neighbour by a line in the page's colour. */
const GAP_FROM_PX = 2.5;
const ELLIPSIS = "…";

/** Shown as the name of the root, which has none. */
export const ROOT_NAME = "all";

/** Names as shown, and whether every letter has the font's fixed width. */
/** @type {Map<string, {text: string, even: boolean}>} */
const shownNames = new Map();
/** Maximum number of cached names; then the cache is cleared, so memory stays proportional to the visible frames. */
const SHOWN_NAMES_MAX = 50_000;

/** @param {string} name */
function shown(name) {
  let known = shownNames.get(name);
  if (known === undefined) {
    if (shownNames.size === SHOWN_NAMES_MAX) shownNames.clear();
    const text = showName(name);
    shownNames.set(name, known = { text, even: /^[ -~]*$/.test(text) });
  }
  return known;
}

/**
 * Draws boxes; `yOf` returns the upper edge of a row.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {FlameModel} model
 * @param {Boxes} boxes
 * @param {{palette: Palette, yOf: (row: number) => number, widthPx: number, heightPx: number}} scene
 */
export function paintBoxes(context, model, boxes, { palette, yOf, widthPx, heightPx }) {
  const { tree, layout, view, found } = model;
  context.fillStyle = palette.page;
  context.fillRect(0, 0, widthPx, heightPx);
  context.font = FONT;
  context.textBaseline = "middle";
  context.direction = "ltr";
  const letterPx = context.measureText("m").width;
  const fill = frameFill(model, palette);
  const { kind } = model.metric;
  const after = tree.total[view.metric];
  const before = tree.totalBefore?.[view.metric];
  /** @param {number} node */
  const valuesOf = (node) => {
    if (before) return [formatChange(before[node], after[node])];
    const share = formatShare(after[node], after[0]);
    return [`${formatValue(kind, after[node])} ${share}`, share];
  };
  let filled = "";
  for (let i = 0; i < boxes.node.length; i++) {
    const node = boxes.node[i];
    const y = yOf(boxes.row[i]);
    const x = boxes.x[i];
    const width = boxes.width[i];
    const isRest = boxes.rest[i] >= 0;
    const color = isRest ? palette.rest : fill(node);
    if (color !== filled) context.fillStyle = filled = color;
    // The zoomed frame and those above it are context.
    const isAbove = !isRest && boxes.row[i] < layout.row[view.zoom.node];
    if (isAbove) context.globalAlpha = 0.55;
    context.fillRect(x, y, width > GAP_FROM_PX ? width - 1 : width, ROW_PX - 1);
    if (isAbove) context.globalAlpha = 1;
    if (width < TEXT_MIN_PX) continue;
    const isFound = found.matched !== null && !isRest && found.matched[node] === 1;
    const isQuiet = found.matched !== null && !isFound;
    const { text, even } = isRest ? REST_LABEL : shown(node === 0 ? ROOT_NAME : model.labelOf(node));
    const keepsEnd = !isRest && layout.head[node] !== node;
    const room = width - 2 * PAD_PX;
    const label = even
      ? cutEven(text, room / letterPx, keepsEnd)
      : cutMeasured(context, text, room, keepsEnd);
    context.fillStyle = filled = isFound ? palette.foundText : isQuiet ? palette.quietText : palette.text;
    const middle = y + ROW_PX / 2;
    context.fillText(label, x + PAD_PX, middle);
    if (isRest || label !== text) continue;
    const textPx = even ? text.length * letterPx : context.measureText(text).width;
    const value = valuesOf(node).find(({ length }) => textPx + (length + 3) * letterPx <= room);
    if (value === undefined) continue;
    if (!isFound && !isQuiet) context.fillStyle = filled = palette.value;
    context.fillText(value, x + width - PAD_PX - 1 - value.length * letterPx, middle);
  }
}

const REST_LABEL = { text: "…", even: false };

/**
 * As much of a text as fits: its start, or for several parts of a path the end, which is the most specific.
 * @param {string} text @param {number} letters @param {boolean} keepsEnd
 */
function cutEven(text, letters, keepsEnd) {
  if (text.length <= letters) return text;
  const kept = Math.max(0, Math.floor(letters) - 1);
  return keepsEnd ? ELLIPSIS + text.slice(text.length - kept) : text.slice(0, kept) + ELLIPSIS;
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} room @param {boolean} keepsEnd */
function cutMeasured(context, text, room, keepsEnd) {
  if (context.measureText(text).width <= room) return text;
  // Cuts between code points, never inside one.
  const characters = Array.from(text);
  /** @param {number} kept */
  const cut = (kept) =>
    keepsEnd
      ? ELLIPSIS + characters.slice(characters.length - kept).join("")
      : characters.slice(0, kept).join("") + ELLIPSIS;
  let low = 0;
  let high = characters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(cut(middle)).width <= room) low = middle;
    else high = middle - 1;
  }
  return cut(low);
}
