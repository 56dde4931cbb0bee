/** Aligned tables that fit a width: the least important columns go first, then long texts are shortened. */
import type { Paint, Tone } from "./style.ts";
import { padText, textWidth } from "./width.ts";

/** A column of a table, as data. */
export interface Column<Row> {
  title: string;
  align: "left" | "right";
  /** Columns with the highest rank go first when there is no room; those of rank 0 always stay. */
  rank: number;
  /** The text of a cell. */
  cell(row: Row): string;
  /** Colour of the cell; default plain. */
  tone?(row: Row): Tone | null;
  /** For a column that may be narrower than its texts: by how much, and how a text is shortened. */
  flexible?: { min: number; shorten(text: string, width: number): string };
}

/** A column that is shown, and how wide. */
interface Fitted<Row> {
  column: Column<Row>;
  texts: string[];
  width: number;
}

const GAP = "  ";

/**
 * Lines of a table with a line of headings, none wider than `width` columns as long as its rank 0 columns fit; with `whole`
 * no text is shortened, however wide that makes the lines.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
  whole = false,
): string[] {
  const fitted = fitColumns(columns, rows, width, whole);
  const heading = fitted.map(({ column, width }) => padText(column.title, width, column.align)).join(GAP)
    .trimEnd();
  const lines = rows.map((row, i) => joinCells(fitted.map((fit) => paintedCell(fit, row, i, paint))));
  return [paint("heading", heading), ...lines];
}

/** Takes whole ranks of columns as long as they fit, and gives the remaining room to flexible ones. */
function fitColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  whole: boolean,
): Fitted<Row>[] {
  const all = columns.map((column) => {
    const texts = rows.map((row) => column.cell(row));
    const width = texts.reduce((widest, text) => Math.max(widest, textWidth(text)), textWidth(column.title));
    return { column, texts, width };
  });
  const ranks = [...new Set(columns.map(({ rank }) => rank))].sort((a, b) => a - b);
  const taken = new Set<number>([0]);
  const fitted = (ranks: Set<number>) => all.filter(({ column }) => ranks.has(column.rank));
  for (const rank of ranks) {
    const more = new Set([...taken, rank]);
    if (widthOf(fitted(more)) - spareOf(fitted(more)) <= width) taken.add(rank);
  }
  const shown = fitted(taken);
  return whole ? shown : shrink(shown, Math.max(0, widthOf(shown) - width));
}

function widthOf<Row>(fitted: readonly Fitted<Row>[]): number {
  return fitted.reduce((sum, { width }) => sum + width, GAP.length * (fitted.length - 1));
}

/** Width by which the flexible columns can shrink. */
function spareOf<Row>(fitted: readonly Fitted<Row>[]): number {
  return fitted.reduce((sum, { column, width }) => (
    sum + (column.flexible ? Math.max(0, width - column.flexible.min) : 0)
  ), 0);
}

function shrink<Row>(fitted: readonly Fitted<Row>[], missing: number): Fitted<Row>[] {
  return fitted.map((fit) => {
    const { column: { flexible }, texts } = fit;
    const less = Math.min(missing, spareOf([fit]));
    missing -= less;
    const width = fit.width - less;
    return flexible && less > 0
      ? { ...fit, width, texts: texts.map((text) => flexible.shorten(text, width)) }
      : fit;
  });
}

function paintedCell<Row>(
  { column, texts, width }: Fitted<Row>,
  row: Row,
  i: number,
  paint: Paint,
): [string, string] {
  const text = texts[i];
  const padded = padText(text, width, column.align);
  const at = padded.indexOf(text);
  const tone = column.tone?.(row) ?? null;
  return [padded.slice(0, at) + paint(tone, text), padded.slice(at + text.length)];
}

/** Cells beside each other, without spaces at the end of the line. */
function joinCells(cells: [string, string][]): string {
  const [last] = cells[cells.length - 1];
  return cells.slice(0, -1).map((parts) => parts.join("") + GAP).join("") + last.trimEnd();
}
