/** Values of the columns of a Parquet file, in the forms that rows are made of. */
import { Damage, require } from "./damage.ts";
import { Encoding, PHYSICAL_TYPE_NAMES, PhysicalType } from "./format.ts";
import { readDeltaLengths, readDeltaNumbers, readDeltaTexts } from "./read_delta.ts";
import type { ByteSource, ColumnPlace, RowGroupPlaces } from "./read_footer.ts";
import { type ColumnPages, type Page, type PageBudget, readPages, uint32At } from "./read_pages.ts";
import { readRunLength } from "./read_run_length.ts";

const WORD = 0x1_0000_0000;

/** A column of few different values: the `codes` of the rows index `values`; code 0 is no value. */
export interface CodedColumn<Value> {
  codes: Uint32Array;
  /** By code; the first is `null`. */
  values: (Value | null)[];
}

/** Exact values of 64 bits. */
export interface ExactColumn {
  /** Low and high word of each row. */
  words: Int32Array;
  /** 1 for each row that has a value. */
  present: Uint8Array;
}

/** A column of a row group with its pages. */
export interface Column extends ColumnPages {
  name: string;
  place: ColumnPlace;
  rows: number;
}

/** Reads a column of a row group, `null` when the file has none of this name. Throws `Damage`, and what the source throws. */
export async function readColumn(
  source: ByteSource,
  { columns, rows }: RowGroupPlaces,
  name: string,
  budget: PageBudget,
): Promise<Column | null> {
  const place = columns.get(name);
  if (place === undefined) return null;
  const bytes = await source.read(place.at, place.bytes);
  require(bytes.length === place.bytes, () => `its column ${name} extends past the end of the file`);
  try {
    return { name, place, rows, ...readPages(bytes, place, rows, budget) };
  } catch (error) {
    const reason = error instanceof Damage ? error.message : "a page is damaged";
    throw new Damage(`${reason} (column ${name})`, { cause: error });
  }
}

/** Whole numbers as doubles, NaN for none; with `unsigned`, 32-bit ones have no sign. */
export function numbersOf(column: Column, unsigned = false): Float64Array {
  const out = new Float64Array(column.rows);
  const dictionary = column.dictionary && storedNumbers(column, column.dictionary, unsigned);
  let row = 0;
  for (const page of column.pages) {
    const values = isCoded(page)
      ? gather(pageCodes(column, page), dictionary!)
      : storedNumbers(column, page, unsigned);
    spread(page, row, (at, i) => out[at] = values[i], (at) => out[at] = NaN, () => out.set(values, row));
    row += page.rows;
  }
  return out;
}

/** Numbers of 64 bits, exactly. */
export function exactOf(column: Column): ExactColumn {
  requireType(column, PhysicalType.INT64);
  const words = new Int32Array(2 * column.rows);
  const present = new Uint8Array(column.rows);
  const dictionary = column.dictionary && storedWords(column, column.dictionary, 2);
  let row = 0;
  for (const page of column.pages) {
    const codes = isCoded(page) ? pageCodes(column, page) : null;
    const values = codes === null ? storedWords(column, page, 2) : dictionary!;
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
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // a byte order mark is part of a name
  return codedOf(column, (source) => storedBytes(column, source).map((bytes) => decoder.decode(bytes)));
}

/** Bytes by code. */
export function bytesOf(column: Column): CodedColumn<Uint8Array> {
  return codedOf(column, (source) => storedBytes(column, source).map((bytes) => new Uint8Array(bytes)));
}

/** Numbers by code. */
export function codedNumbersOf(column: Column, unsigned = false): CodedColumn<number> {
  return codedOf(column, (source) => [...storedNumbers(column, source, unsigned)]);
}

/** Stored values, in a dictionary or in a page. */
type Stored = Pick<Page, "count" | "encoding" | "values">;

function codedOf<Value>(column: Column, decode: (source: Stored) => Value[]): CodedColumn<Value> {
  const codes = new Uint32Array(column.rows);
  const values: (Value | null)[] = [null, ...(column.dictionary ? decode(column.dictionary) : [])];
  let row = 0;
  for (const page of column.pages) {
    // Values that are not in a dictionary get codes of their own; callers find equal ones.
    const base = values.length;
    const pageValues = isCoded(page) ? pageCodes(column, page) : null;
    if (pageValues === null) { for (const value of decode(page)) values.push(value); }
    const codeOf = (i: number) => pageValues === null ? base + i : 1 + pageValues[i];
    spread(page, row, (at, i) => codes[at] = codeOf(i), () => {}, () => {
      for (let i = 0; i < page.rows; i++) codes[row + i] = codeOf(i);
    });
    row += page.rows;
  }
  return { codes, values };
}

/** Calls `has` for each row of a page that has a value, `none` for the others, or `all` once when all rows have one. */
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

/** True when a page has positions in the dictionary. */
function isCoded({ encoding }: Page): boolean {
  return encoding === Encoding.RLE_DICTIONARY || encoding === Encoding.PLAIN_DICTIONARY;
}

/** Positions in the dictionary. Throws `Damage` for one beyond its end. */
function pageCodes({ name, dictionary }: Column, { count, values }: Page): Uint32Array {
  require(dictionary !== null, () => `its column ${name} has no dictionary`);
  const codes = new Uint32Array(count);
  if (count === 0) return codes;
  require(values.length > 0, () => `its column ${name} has an empty page`);
  readRunLength(values, 1, values.length, values[0], codes);
  let most = 0;
  for (const code of codes) if (code > most) most = code;
  require(
    most < dictionary.count,
    () => `its column ${name} names entry ${most} of a dictionary of ${dictionary.count}`,
  );
  return codes;
}

function gather(codes: Uint32Array, values: Float64Array): Float64Array {
  const out = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = values[codes[i]];
  return out;
}

function storedNumbers(column: Column, source: Stored, unsigned: boolean): Float64Array {
  const out = new Float64Array(source.count);
  if (column.place.type === PhysicalType.INT32) {
    const words = storedWords(column, source, 1);
    for (let i = 0; i < out.length; i++) out[i] = unsigned ? words[i] >>> 0 : words[i];
    return out;
  }
  requireType(column, PhysicalType.INT64);
  const words = storedWords(column, source, 2);
  for (let i = 0; i < out.length; i++) out[i] = words[2 * i + 1] * WORD + (words[2 * i] >>> 0);
  return out;
}

/** The stored numbers as 32-bit words. */
function storedWords(column: Column, source: Stored, wordsEach: 1 | 2): Int32Array {
  const { encoding, values: bytes, count } = source;
  if (encoding === Encoding.DELTA_BINARY_PACKED) {
    const words = new Int32Array(readDeltaNumbers(bytes, 0, count).values.buffer);
    return wordsEach === 2 ? words : words.filter((_, i) => i % 2 === 0);
  }
  requirePlain(column, encoding);
  const size = 4 * wordsEach * count;
  require(size <= bytes.length, () => `its column ${column.name} ends in the middle of its values`);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes.subarray(0, size));
  return new Int32Array(aligned.buffer, aligned.byteOffset, wordsEach * count);
}

/** The stored texts, each as a part of the page. */
function storedBytes(column: Column, { encoding, values: bytes, count }: Stored): Uint8Array[] {
  requireType(column, PhysicalType.BYTE_ARRAY);
  if (encoding === Encoding.DELTA_LENGTH_BYTE_ARRAY) return readDeltaLengths(bytes, 0, count);
  if (encoding === Encoding.DELTA_BYTE_ARRAY) return readDeltaTexts(bytes, count, column.mostBytes);
  requirePlain(column, encoding);
  require(4 * count <= bytes.length, () => `its column ${column.name} ends in the middle of its values`);
  const texts: Uint8Array[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = uint32At(bytes, at);
    require(at + 4 + length <= bytes.length, () => `its column ${column.name} ends in the middle of a text`);
    texts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return texts;
}

function requireType({ name, place: { type } }: Column, wanted: number): void {
  require(type === wanted, () => `its column ${name} is of the type ${PHYSICAL_TYPE_NAMES[type] ?? type}`);
}

function requirePlain({ name }: Column, encoding: number): void {
  require(
    encoding === Encoding.PLAIN,
    () => `its column ${name} is stored with encoding ${encoding}, which ior does not read`,
  );
}
