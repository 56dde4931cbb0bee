/** A screen of a terminal as SVG: plain text on a dark window, which every viewer of documents shows. */
import { xmlText } from "../../cli/flame/xml.ts";
import { textWidth } from "../../cli/text/width.ts";

/** Pixels of a column and of a line, and around the text. */
const COLUMN = 7.3;
const LINE = 17;
const MARGIN = 14;
const TITLE = 30;

/** Colours of the window. */
const BACKGROUND = "#16181d";
const FOREGROUND = "#d4d7de";

/** Colours 30 to 37 of a terminal; those from 90 on are the same here. */
const COLORS = ["#565c66", "#ff7b72", "#7ee787", "#e3b341", "#79b8ff", "#d2a8ff", "#76e3ea", "#d4d7de"];

/** How a piece of text looks. */
interface Look {
  bold: boolean;
  dim: boolean;
  reverse: boolean;
  color: string | null;
}

const PLAIN: Look = { bold: false, dim: false, reverse: false, color: null };

/** A piece of a line with one look, and the column where it begins. */
interface Piece {
  column: number;
  text: string;
  look: Look;
}

/** The picture of a screen, as `tmux capture-pane -e` gives it, in a window with a title. */
export function terminalSvg(screen: string, title: string): string {
  const lines = screen.trimEnd().split("\n");
  const pieces = piecesOf(lines);
  const columns = Math.max(
    ...pieces.flat().map(({ column, text }) => column + textWidth(text)),
    textWidth(title),
  );
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const height = TITLE + lines.length * LINE + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${xmlText(title)}</title>`,
    "<style>",
    `text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: ${FOREGROUND}; white-space: pre; }`,
    ".b { font-weight: bold; } .d { fill-opacity: 0.6; } .r { fill: " + BACKGROUND + "; }",
    ...COLORS.map((color, i) => `.c${i} { fill: ${color}; }`),
    "</style>",
    `<rect width="${width}" height="${height}" rx="6" fill="${BACKGROUND}"/>`,
    `<text x="${MARGIN}" y="20" class="b">${xmlText(title)}</text>`,
    ...pieces.flatMap((line, i) => line.map((piece) => pieceSvg(piece, TITLE + i * LINE))),
    "</svg>",
    "",
  ].join("\n");
}

/** The text, as wide as its columns whatever the font, on a ground of its own when it is reversed. */
function pieceSvg({ column, text, look }: Piece, top: number): string {
  const x = pixels(MARGIN + column * COLUMN);
  const width = pixels(textWidth(text) * COLUMN);
  const color = look.color === null ? null : COLORS.indexOf(look.color);
  const names = [
    look.bold ? "b" : "",
    look.dim ? "d" : "",
    look.reverse ? "r" : color === null ? "" : `c${color}`,
  ].filter((name) => name !== "");
  const className = names.length > 0 ? ` class="${names.join(" ")}"` : "";
  const ground = look.reverse
    ? `<rect x="${x}" y="${top}" width="${width}" height="${LINE}" fill="${look.color ?? FOREGROUND}"/>`
    : "";
  return `${ground}<text x="${x}" y="${top + 13}" textLength="${width}"${className}>${xmlText(text)}</text>`;
}

/** Lines with Select Graphic Rendition, as pieces. A look lasts over the end of a line. */
function piecesOf(lines: readonly string[]): Piece[][] {
  let look = PLAIN;
  return lines.map((line) => {
    const pieces: Piece[] = [];
    let column = 0;
    // deno-lint-ignore no-control-regex -- what is looked for begins with Escape
    for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
      if (text === undefined) {
        look = codes.split(";").reduce(lookAfter, look);
        continue;
      }
      // Apart from reversed ground, gaps between columns are not drawn.
      for (const part of look.reverse ? [text] : text.split(/(\s{2,})/)) {
        if (look.reverse || part.trim() !== "") pieces.push({ column, text: part, look });
        column += textWidth(part);
      }
    }
    return pieces;
  });
}

/** The look after one code. */
function lookAfter(look: Look, code: string): Look {
  const number = Number(code);
  const color = number % 10;
  if (number === 0) return PLAIN;
  if (number === 1) return { ...look, bold: true };
  if (number === 2) return { ...look, dim: true };
  if (number === 7) return { ...look, reverse: true };
  if (number === 22) return { ...look, bold: false, dim: false };
  if (number === 27) return { ...look, reverse: false };
  if (number === 39) return { ...look, color: null };
  if (number === 49) return look; // the ground is that of the window
  if (color < COLORS.length && [3, 9].includes(Math.floor(number / 10))) {
    return { ...look, color: COLORS[color] };
  }
  throw new Error(`The code ${code} of a terminal is not drawn`);
}

function pixels(value: number): string {
  return String(Math.round(value * 10) / 10);
}
