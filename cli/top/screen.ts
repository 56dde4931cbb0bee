/** What is to be written so that a terminal shows a frame, given the frame that it shows. */
import { characterWidth } from "../text/width.ts";
import { type Line, type Style, styleCode } from "./line.ts";

/** Cells left alone between two changes are written again when they are fewer than a movement of the cursor takes. */
const MERGED_CELLS = 6;

/** Begins and ends an update that the terminal shows at once; one that does not know it leaves it out. */
const BEGIN_UPDATE = "\x1b[?2026h";
const END_UPDATE = "\x1b[?2026l";

/** A cell: its character with the marks over it; empty for the second column of a wide one. */
interface Cell {
  text: string;
  style: Style;
}

const BLANK: Cell = { text: " ", style: "plain" };

const SHOW_CURSOR = "\x1b[?25h";
const HIDE_CURSOR = "\x1b[?25l";

/** What a terminal is to show. */
export interface Picture {
  lines: readonly Line[];
  /** Where the cursor is, `null` for none. */
  cursor: { column: number; row: number } | null;
  /** Size of the terminal. */
  columns: number;
  rows: number;
}

/** Knows what a terminal shows. */
export class Screen {
  readonly #color: boolean;
  #shown: Cell[][] = [];
  #columns = 0;
  #rows = 0;
  #cursor = "";

  /** Without `color` every style looks the same. */
  constructor(color: boolean) {
    this.#color = color;
  }

  /** Forgets what is shown: the next frame is written whole. */
  forget(): void {
    this.#columns = 0;
  }

  /** What to write so that the terminal shows the picture; empty when it shows it already. */
  update({ lines, cursor, columns, rows }: Picture): string {
    const isNew = columns !== this.#columns || rows !== this.#rows;
    if (isNew) {
      this.#shown = Array.from({ length: rows }, () => new Array<Cell>(columns).fill(BLANK));
      [this.#columns, this.#rows] = [columns, rows];
    }
    let text = "";
    for (let row = 0; row < rows; row++) {
      const cells = cellsOf(lines[row] ?? [], columns);
      text += this.#changes(this.#shown[row], cells, row);
      this.#shown[row] = cells;
    }
    const place = cursor === null
      ? HIDE_CURSOR
      : `\x1b[${cursor.row + 1};${cursor.column + 1}H${SHOW_CURSOR}`;
    if (!isNew && text === "" && place === this.#cursor) return "";
    this.#cursor = place;
    const reset = this.#color ? "\x1b[0m" : "";
    return `${BEGIN_UPDATE}${isNew ? `${reset}\x1b[H\x1b[2J` : ""}${text}${reset}${place}${END_UPDATE}`;
  }

  #changes(before: readonly Cell[], after: readonly Cell[], row: number): string {
    let text = "";
    for (let at = 0; at < after.length; at++) {
      if (isSame(before[at], after[at])) continue;
      let start = at;
      while (start > 0 && (after[start].text === "" || before[start].text === "")) start--;
      let end = at + 1;
      for (let next = end; next < after.length && next - end < MERGED_CELLS; next++) {
        if (!isSame(before[next], after[next]) || after[next].text === "") end = next + 1;
      }
      text += `\x1b[${row + 1};${start + 1}H${this.#run(after.slice(start, end))}`;
      at = end - 1;
    }
    return text;
  }

  #run(cells: readonly Cell[]): string {
    let text = "";
    let style: Style | null = null;
    for (const cell of cells) {
      if (this.#color && cell.text !== "" && cell.style !== style) text += styleCode(style = cell.style);
      text += cell.text;
    }
    return text;
  }
}

function isSame(a: Cell, b: Cell): boolean {
  return a.text === b.text && a.style === b.style;
}

function cellsOf(line: Line, columns: number): Cell[] {
  const cells: Cell[] = [];
  for (const { text, style } of line) {
    for (const character of text) {
      const width = characterWidth(character);
      if (width === 0) {
        const at = cells.findLastIndex((cell) => cell.text !== "");
        if (at >= 0) cells[at] = { ...cells[at], text: cells[at].text + character };
        continue;
      }
      if (cells.length + width > columns) break;
      cells.push({ text: character, style });
      if (width === 2) cells.push({ text: "", style });
    }
  }
  while (cells.length < columns) cells.push(BLANK);
  return cells;
}
