/** Tables of the live view: columns of a fixed width, so that nothing moves while the numbers change. */
import { formatCount } from "../text/format.ts";
import { shortenEnd } from "../text/shorten.ts";
import { padText, textWidth } from "../text/width.ts";
import type { Content, HeadingSpan } from "./content.ts";
import { cutLine, type Line, type Span, span, type Style } from "./line.ts";
import { type ListState, type Model, shown } from "./model.ts";

/** A column of numbers. */
export interface NumberColumn<Row> {
  /** The word that sorting uses, the heading in lower case. */
  sort: string;
  title: string;
  width: number;
  /** Columns with the highest rank go first when there is no room. */
  rank: number;
  /** What rows are sorted by, largest first; `null` comes last. */
  value(row: Row): number | null;
  text(row: Row): string;
  style?(row: Row): Style;
  /** Default right; words are read from the left. */
  align?: "left" | "right";
}

/** The column of names, which gets the room that is left. */
export interface NameColumn<Row> {
  sort: string;
  title: string;
  /** Fewest columns of it; a number column goes before it gets less. */
  min: number;
  /** Whether it is the last column, as that of long paths, rather than the first. */
  isLast: boolean;
  /** The escaped text, in full. */
  text(row: Row): string;
  /** The text cut to `width` columns. */
  shorten(text: string, width: number): string;
  /** What comes before the name: the place in a tree. */
  before?(row: Row): string;
}

/** The columns of a table. */
export interface TableColumns<Row> {
  name: NameColumn<Row>;
  numbers: readonly NumberColumn<Row>[];
  /** The column that the table is sorted by unless somebody chooses another one. */
  usualSort: string;
  ascii: boolean;
}

const GAP = "  ";

/**
 * Rows that a frame asks for while somebody looks at the first ones in the usual order: what a frame costs then does not grow
 * with the number of rows.
 */
const FEW_ROWS = 300;

/** How many rows of a table with this usual order a frame asks for, those with most time; `undefined` for all. */
export function neededRows(
  { overlay, search, rows }: Model,
  list: ListState,
  usualSort: string,
): number | undefined {
  const asksForAll = overlay?.kind === "prompt" && (overlay.asks === "search" || overlay.asks === "save");
  const isUsual = (list.sort === null || list.sort === usualSort) && !list.reversed;
  const isFew = isUsual && Math.max(list.index, rows) < FEW_ROWS / 2 && search === "" && !asksForAll;
  return isFew ? FEW_ROWS : undefined;
}

/** How many rows of a table were not asked for. */
export function leftOutLines(model: Model, table: "files" | "processes", width: number): Line[] {
  const stats = shown(model).now?.stats;
  const { files, processes } = stats?.leftOut ?? {};
  const left = table === "files" ? files?.rows : processes;
  if (stats === undefined || left === undefined) return [];
  const few = stats[table].length;
  const text = ` The ${formatCount(few)} of ${
    formatCount(few + left)
  } ${table} with most time; going down shows the others`;
  return [cutLine([span(text, "quiet")], width)];
}

/** Marks of the column that a table is sorted by: as usual, and reversed. */
const MARKS = { unicode: ["▾", "▴"], ascii: ["*", "^"] } as const;

/** The rows in the order of a list's column: numbers largest first, names from A to Z. */
export function sortRows<Row>(
  rows: readonly Row[],
  { name, numbers, usualSort }: TableColumns<Row>,
  { sort, reversed }: ListState,
): Row[] {
  const key = sort ?? usualSort;
  const byName = (a: Row, b: Row) => compare(name.text(a), name.text(b));
  const column = numbers.find((column) => column.sort === key);
  const order = column === undefined
    ? byName
    : (a: Row, b: Row) => compare(column.value(b) ?? -1, column.value(a) ?? -1) || byName(a, b);
  return rows.toSorted(reversed ? (a, b) => order(b, a) : order);
}

/** A list made of sorted rows. */
export function tableContent<Row>(
  rows: readonly Row[],
  columns: TableColumns<Row>,
  list: ListState,
  rest: Pick<Content, "id" | "narrow" | "empty">,
): Content {
  const sort = list.sort ?? columns.usualSort;
  const mark = MARKS[columns.ascii ? "ascii" : "unicode"][list.reversed ? 1 : 0];
  return {
    ...rest,
    sort,
    length: rows.length,
    text: (index) => columns.name.text(rows[index]),
    line: (index, width) => rowLine(columns, rows[index], sort, width),
    heading: (width) => headingLine(columns, { sort, mark }, width),
    sorts: (width) => headingSpans(columns, sort, width),
  };
}

/** The number columns that fit beside the names, in their order: first of all the one that is sorted by. */
function fitting<Row>(
  { name, numbers }: TableColumns<Row>,
  sort: string,
  width: number,
): readonly NumberColumn<Row>[] {
  let room = width - name.min;
  const rank = (column: NumberColumn<Row>) => column.sort === sort ? -1 : column.rank;
  const ranked = numbers.toSorted((a, b) => rank(a) - rank(b));
  const taken = new Set<NumberColumn<Row>>();
  for (const column of ranked) {
    if (column.width + GAP.length > room) break;
    room -= column.width + GAP.length;
    taken.add(column);
  }
  return numbers.filter((column) => taken.has(column));
}

/** Columns of the name beside the numbers shown. */
function nameWidth<Row>(shown: readonly NumberColumn<Row>[], width: number): number {
  return Math.max(0, width - shown.reduce((sum, column) => sum + column.width + GAP.length, 0));
}

function headingSpans<Row>(columns: TableColumns<Row>, sort: string, width: number): HeadingSpan[] {
  const numbers = fitting(columns, sort, width);
  const widths = numbers.map((column) => ({ sort: column.sort, width: column.width }));
  const name = { sort: columns.name.sort, width: nameWidth(numbers, width) };
  let start = 0;
  return (columns.name.isLast ? [...widths, name] : [name, ...widths]).map((column) => {
    const end = start + column.width;
    const place = { sort: column.sort, start, end };
    start = end + GAP.length;
    return place;
  });
}

function headingLine<Row>(
  columns: TableColumns<Row>,
  sorted: { sort: string; mark: string },
  width: number,
): Line {
  const { name, ascii } = columns;
  const numbers = fitting(columns, sorted.sort, width);
  const cell = (title: string, sort: string, cellWidth: number, align: "left" | "right") => {
    const text = sort === sorted.sort ? title + sorted.mark : title;
    return span(padText(shortenEnd(text, cellWidth, ascii), cellWidth, align), "heading");
  };
  return join(
    numbers.map(({ title, sort, width, align = "right" }) => cell(title, sort, width, align)),
    cell(name.title, name.sort, nameWidth(numbers, width), "left"),
    name.isLast,
    width,
  );
}

function rowLine<Row>(columns: TableColumns<Row>, row: Row, sort: string, width: number): Line {
  const { name } = columns;
  const numbers = fitting(columns, sort, width);
  const cells = numbers.map((column) =>
    span(padText(column.text(row), column.width, column.align ?? "right"), column.style?.(row) ?? "plain")
  );
  const room = nameWidth(numbers, width);
  const before = name.before?.(row) ?? "";
  const text = before + name.shorten(name.text(row), Math.max(1, room - textWidth(before)));
  return join(cells, span(padText(text, room, "left")), name.isLast, width);
}

function join(numbers: readonly Span[], name: Span, isLast: boolean, width: number): Line {
  const cells = isLast ? [...numbers, name] : [name, ...numbers];
  const line = cells.flatMap((cell, i) => i === 0 ? [cell] : [span(GAP), cell]);
  return cutLine(line, width);
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
