/** What is to be written so that a terminal shows a frame, given the frame that it shows. */
import { characterWidth } from "../text/width.ts";
import { type Line, type Style, styleCode } from "./line.ts";

/** Cells left alone between two changes are written again when they are fewer than a movement of the cursor takes. */
const MERGED_CELLS = 6;

/** Begins and ends an update that the terminal shows at once; one that does not know it leaves it out. */
const BEGIN_UPDATE = "\x1b[?2026h";
const END_UPDATE = "\x1b[?2026l";

/** A line as cells: in columns, as a frame has thousands of them. */
interface Cells {
  /** The line that they are made of. */
  line: Line;
  /** A character with the marks over it; empty for the second column of a wide one. */
  texts: string[];
  styles: Style[];
}

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
  #shown: Cells[] = [];
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
      this.#shown = Array.from({ length: rows }, () => cellsOf([], columns));
      [this.#columns, this.#rows] = [columns, rows];
    }
    let text = "";
    for (let row = 0; row < rows; row++) {
      const line = lines[row] ?? [];
      if (isSameLine(line, this.#shown[row].line)) continue;
      const cells = cellsOf(line, columns);
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

  #changes(before: Cells, after: Cells, row: number): string {
    const { length } = after.texts;
    const isSame = (at: number) =>
      before.texts[at] === after.texts[at] && before.styles[at] === after.styles[at];
    let text = "";
    for (let at = 0; at < length; at++) {
      if (isSame(at)) continue;
      let start = at;
      while (start > 0 && (after.texts[start] === "" || before.texts[start] === "")) start--;
      let end = at + 1;
      for (let next = end; next < length && next - end < MERGED_CELLS; next++) {
        if (!isSame(next) || after.texts[next] === "") end = next + 1;
      }
      text += `\x1b[${row + 1};${start + 1}H${this.#run(after, start, end)}`;
      at = end - 1;
    }
    return text;
  }

  #run({ texts, styles }: Cells, start: number, end: number): string {
    let text = "";
    let style: Style | null = null;
    for (let at = start; at < end; at++) {
      if (this.#color && texts[at] !== "" && styles[at] !== style) text += styleCode(style = styles[at]);
      text += texts[at];
    }
    return text;
  }
}

function isSameLine(a: Line, b: Line): boolean {
  return a.length === b.length && a.every(({ text, style }, i) => text === b[i].text && style === b[i].style);
}

function cellsOf(line: Line, columns: number): Cells {
  const texts: string[] = [];
  const styles: Style[] = [];
  for (const { text, style } of line) {
    for (const character of text) {
      const width = character >= " " && character <= "~" ? 1 : characterWidth(character);
      if (width === 0) {
        const at = texts.findLastIndex((text) => text !== "");
        if (at >= 0) texts[at] += character;
        continue;
      }
      if (texts.length + width > columns) break;
      texts.push(character);
      styles.push(style);
      if (width === 2) {
        texts.push("");
        styles.push(style);
      }
    }
  }
  while (texts.length < columns) {
    texts.push(" ");
    styles.push("plain");
  }
  return { line, texts, styles };
}
