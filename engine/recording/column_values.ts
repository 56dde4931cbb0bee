/** Values of the columns of a Parquet file, in the forms that rows are made of. */
import type { ChunkPlace } from "./parquet_footer.ts";
import { type ColumnPages, type Page, uint32At } from "./parquet_pages.ts";
import { require } from "./read_errors.ts";
import type { CodedColumn, ExactColumn } from "./row_columns.ts";
import { readRunLength } from "./run_length.ts";

const WORD = 0x1_0000_0000;

/** A column of a row group with its pages. */
export interface Column extends ColumnPages {
  name: string;
  place: ChunkPlace;
  rows: number;
}

/** Whole numbers as doubles, NaN for none; `unsigned` ones of 32 bits have no sign. */
export function numbersOf(column: Column, unsigned = false): Float64Array {
  const out = new Float64Array(column.rows);
  const dictionary = column.dictionary && plainNumbers(column, column.dictionary, unsigned);
  let row = 0;
  for (const page of column.pages) {
    const values = page.encoding === "dictionary"
      ? gather(pageCodes(column, page), dictionary!)
      : plainNumbers(column, page, unsigned);
    spread(page, row, (at, i) => out[at] = values[i], (at) => out[at] = NaN, () => out.set(values, row));
    row += page.rows;
  }
  return out;
}

/** Numbers of 64 bits, exactly. */
export function exactOf(column: Column): ExactColumn {
  require(
    column.place.type === "INT64",
    () => `its column ${column.name} is of the type ${column.place.type}`,
  );
  const words = new Int32Array(2 * column.rows);
  const present = new Uint8Array(column.rows);
  const dictionary = column.dictionary && plainWords(column, column.dictionary, 2);
  let row = 0;
  for (const page of column.pages) {
    const codes = page.encoding === "dictionary" ? pageCodes(column, page) : null;
    const values = codes === null ? plainWords(column, page, 2) : dictionary!;
    const copy = (at: number, i: number) => {
      const from = codes === null ? i : codes[i];
      words[2 * at] = values[2 * from];
      words[2 * at + 1] = values[2 * from + 1];
      present[at] = 1;
    };
    spread(page, row, copy, () => {}, () => {
      if (codes === null) {
        words.set(values, 2 * row);
        present.fill(1, row, row + page.rows);
      } else for (let i = 0; i < page.rows; i++) copy(row + i, i);
    });
    row += page.rows;
  }
  return { words, present };
}

/** Texts by code. */
export function textsOf(column: Column): CodedColumn<string> {
  const decoder = new TextDecoder();
  return codedOf(column, (source) => plainBytes(column, source).map((bytes) => decoder.decode(bytes)));
}

/** Bytes by code. */
export function bytesOf(column: Column): CodedColumn<Uint8Array> {
  return codedOf(column, (source) => plainBytes(column, source).map((bytes) => new Uint8Array(bytes)));
}

/** Numbers by code. */
export function codedNumbersOf(column: Column, unsigned = false): CodedColumn<number> {
  return codedOf(column, (source) => [...plainNumbers(column, source, unsigned)]);
}

function codedOf<Value>(
  column: Column,
  decode: (source: { count: number; bytes: Uint8Array }) => Value[],
): CodedColumn<Value> {
  const codes = new Uint32Array(column.rows);
  const values: (Value | null)[] = [null, ...(column.dictionary ? decode(column.dictionary) : [])];
  let row = 0;
  for (const page of column.pages) {
    // Values that are not in a dictionary get codes of their own; whoever uses them finds equal ones.
    const stored = page.encoding === "dictionary" ? [] : decode({ count: page.count, bytes: page.values });
    const base = values.length;
    for (const value of stored) values.push(value);
    const pageValues = page.encoding === "dictionary" ? pageCodes(column, page) : null;
    const codeOf = (i: number) => pageValues === null ? base + i : 1 + pageValues[i];
    spread(page, row, (at, i) => codes[at] = codeOf(i), () => {}, () => {
      for (let i = 0; i < page.rows; i++) codes[row + i] = codeOf(i);
    });
    row += page.rows;
  }
  return { codes, values };
}

/** Calls `has` for each row of a page that has a value, `none` for the others, or `all` once when none is without. */
function spread(
  { rows, present }: Page,
  row: number,
  has: (at: number, i: number) => void,
  none: (at: number) => void,
  all: () => void,
): void {
  if (present === null) return all();
  let i = 0;
  for (let at = 0; at < rows; at++) {
    if (present[at] === 0) none(row + at);
    else has(row + at, i++);
  }
}

/** Positions in the dictionary, all of them within it. */
function pageCodes(column: Column, page: Page): Uint32Array {
  const { dictionary } = column;
  require(dictionary !== null, () => `its column ${column.name} has no dictionary`);
  const codes = new Uint32Array(page.count);
  if (page.count === 0) return codes;
  require(page.values.length > 0, () => `its column ${column.name} has an empty page`);
  readRunLength(page.values, 1, page.values.length, page.values[0], codes);
  let most = 0;
  for (const code of codes) if (code > most) most = code;
  require(
    most < dictionary.count,
    () => `its column ${column.name} names entry ${most} of a dictionary of ${dictionary.count}`,
  );
  return codes;
}

function gather(codes: Uint32Array, values: Float64Array): Float64Array {
  const out = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = values[codes[i]];
  return out;
}

type Stored = { count: number; bytes: Uint8Array } | Page;

function plainNumbers(column: Column, source: Stored, unsigned: boolean): Float64Array {
  if (column.place.type === "INT32") {
    const words = plainWords(column, source, 1);
    const out = new Float64Array(source.count);
    for (let i = 0; i < out.length; i++) out[i] = unsigned ? words[i] >>> 0 : words[i];
    return out;
  }
  require(
    column.place.type === "INT64",
    () => `its column ${column.name} is of the type ${column.place.type}`,
  );
  const words = plainWords(column, source, 2);
  const out = new Float64Array(source.count);
  for (let i = 0; i < out.length; i++) out[i] = words[2 * i + 1] * WORD + (words[2 * i] >>> 0);
  return out;
}

/** The stored numbers as words of 32 bits. */
function plainWords(column: Column, source: Stored, wordsEach: number): Int32Array {
  requirePlain(column, source);
  const bytes = "values" in source ? source.values : source.bytes;
  const size = 4 * wordsEach * source.count;
  require(size <= bytes.length, () => `its column ${column.name} ends within its values`);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes.subarray(0, size));
  return new Int32Array(aligned.buffer, aligned.byteOffset, wordsEach * source.count);
}

/** The stored texts, each as a part of the page. */
function plainBytes(column: Column, source: Stored): Uint8Array[] {
  requirePlain(column, source);
  require(
    column.place.type === "BYTE_ARRAY",
    () => `its column ${column.name} is of the type ${column.place.type}`,
  );
  const bytes = "values" in source ? source.values : source.bytes;
  require(4 * source.count <= bytes.length, () => `its column ${column.name} ends within its values`);
  const texts: Uint8Array[] = [];
  for (let i = 0, at = 0; i < source.count; i++) {
    const length = uint32At(bytes, at);
    require(at + 4 + length <= bytes.length, () => `its column ${column.name} ends within a text`);
    texts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return texts;
}

function requirePlain(column: Column, source: Stored): void {
  const plain = !("encoding" in source) || source.encoding === "plain";
  require(plain, () => `its column ${column.name} is stored as runs, which ior does not read`);
}
