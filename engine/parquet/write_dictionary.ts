import { varint } from "./write_bytes.ts";
import type { EncodedColumn } from "./write_column.ts";
import { Bitmap, levelsOf } from "./write_levels.ts";

/** Bytes of a value that are kept as a bound: names, not long paths, are what queries compare with. */
const BOUND_BYTES = 128;

/** The different values of a dictionary, as the file has them, and the smallest and the largest, `null` where none are kept. */
interface StoredValues {
  bytes: Uint8Array;
  bounds: EncodedColumn["bounds"];
}

/** How the values of a dictionary are identified and stored. */
export interface ValueCodec<Value> {
  /** The same for values that are equal. */
  key(value: Value): string | number;
  /** Stores values, of which there is at least one. */
  store(values: readonly Value[]): StoredValues;
}

const encoder = new TextEncoder();

/** UTF-8 text; bounds are in the order of its bytes. */
export const TEXT: ValueCodec<string> = {
  key: (value) => value,
  store: (values) => storeAscii(values) ?? storeTexts(values.map((value) => encoder.encode(value))),
};

/** Bytes as they are. */
export const BYTES: ValueCodec<Uint8Array> = {
  key: (value) => value.toBase64(),
  store: (values) => ({ bytes: byteArrays(values), bounds: null }),
};

/** Whole numbers of 32 bits. */
export const INT32: ValueCodec<number> = {
  key: (value) => value,
  store: (values) => storeNumbers(Int32Array.from(values)),
};

/** Numbers of 32 bits without a sign. */
export const UINT32: ValueCodec<number> = {
  key: (value) => value,
  store: (values) => storeNumbers(Uint32Array.from(values)),
};

/** 64-bit integers that a double holds exactly. */
export const INT64: ValueCodec<number> = {
  key: (value) => value,
  store: (values) => storeNumbers(BigInt64Array.from(values, (value) => BigInt(Math.trunc(value) || 0))),
};

/**
 * Encodes a column of few different values: the `codes` of the rows index `values`, which may hold equal values
 * more than once and values that no row uses; `null` is no value.
 */
export function encodeDictionary<Value>(
  codes: Uint8Array | Uint16Array | Uint32Array,
  rows: number,
  values: readonly (Value | null)[],
  codec: ValueCodec<Value>,
  nullable: boolean,
): EncodedColumn {
  const used = new Uint8Array(values.length);
  for (let i = 0; i < rows; i++) used[codes[i]] = 1;
  const table = new Int32Array(values.length).fill(-1);
  const positions = new Map<string | number, number>();
  const distinct: Value[] = [];
  for (const [code, value] of values.entries()) {
    if (value === null || used[code] === 0) continue;
    const key = codec.key(value);
    let position = positions.get(key);
    if (position === undefined) {
      position = distinct.length;
      positions.set(key, position);
      distinct.push(value);
    }
    table[code] = position;
  }
  if (distinct.length === 0) return nullable ? encodeNulls(rows) : { ...encodeNulls(rows), levels: null };
  const present = nullable ? new Bitmap(rows) : null;
  const packed = positionsOf(codes, rows, table, distinct.length, present);
  const { bytes, bounds } = codec.store(distinct);
  return {
    levels: present && levelsOf(present),
    nulls: present === null ? 0 : rows - present.ones,
    dictionary: { bytes, count: distinct.length },
    values: packed,
    bounds,
  };
}

/** Encodes a column in which no row has a value. */
export function encodeNulls(rows: number): EncodedColumn {
  const levels = Uint8Array.from([...varint(2 * rows), 0]);
  return { levels, nulls: rows, dictionary: null, values: new Uint8Array(0), bounds: null };
}

/** Bytes per position in a dictionary of `count` values. */
function positionBytes(count: number): 1 | 2 | 3 {
  if (count <= 0x100) return 1;
  return count <= 0x1_0000 ? 2 : 3;
}

/**
 * Positions of a dictionary, packed in whole bytes: the format allows more bits than are needed, and bytes
 * compress better than shifted bits. `table` maps the `codes` of rows to positions, -1 for null.
 */
function positionsOf(
  codes: Uint8Array | Uint16Array | Uint32Array,
  rows: number,
  table: Int32Array,
  count: number,
  present: Bitmap | null,
): Uint8Array {
  const width = positionBytes(count);
  const head = 6;
  // Whole groups of eight are written; the last ones are zeros.
  const bytes = new Uint8Array(head + width * (rows + 7));
  let at = head;
  for (let i = 0; i < rows; i++) {
    const position = table[codes[i]];
    if (present !== null) {
      present.push(position < 0 ? 0 : 1);
      if (position < 0) continue;
    }
    bytes[at] = position;
    if (width > 1) bytes[at + 1] = position >> 8;
    if (width > 2) bytes[at + 2] = position >> 16;
    at += width;
  }
  const groups = Math.ceil((at - head) / width / 8);
  const header = [8 * width, ...varint(2 * groups + 1)];
  const start = head - header.length;
  bytes.set(header, start);
  return bytes.subarray(start, head + 8 * width * groups);
}

/** Room for the length of a text, which is stored before it. */
const LENGTH_BYTES = 4;
const NO_LENGTH = "\0".repeat(LENGTH_BYTES);

/** Texts whose bytes are their characters, encoded all at once; `null` when some are not. */
function storeAscii(values: readonly string[]): StoredValues | null {
  const text = NO_LENGTH + values.join(NO_LENGTH);
  const bytes = encoder.encode(text);
  if (bytes.length !== text.length) return null;
  const view = viewOf(bytes);
  let [min] = values;
  let [max] = values;
  let at = 0;
  for (const value of values) {
    view.setUint32(at, value.length, true);
    at += LENGTH_BYTES + value.length;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { bytes, bounds: bounds(encoder.encode(min), encoder.encode(max)) };
}

function storeTexts(values: readonly Uint8Array[]): StoredValues {
  let [min] = values;
  let [max] = values;
  for (const value of values) {
    if (compareBytes(value, min) < 0) min = value;
    if (compareBytes(value, max) > 0) max = value;
  }
  return { bytes: byteArrays(values), bounds: bounds(min, max) };
}

function storeNumbers<Numbers extends Int32Array | Uint32Array | BigInt64Array>(
  values: Numbers,
): StoredValues {
  let [min, max] = [0, 0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < values[min]) min = i;
    if (values[i] > values[max]) max = i;
  }
  const bytes = new Uint8Array(values.buffer);
  const size = values.BYTES_PER_ELEMENT;
  const at = (i: number) => bytes.slice(i * size, (i + 1) * size);
  return { bytes, bounds: [at(min), at(max)] };
}

function bounds(min: Uint8Array, max: Uint8Array): EncodedColumn["bounds"] {
  return min.length > BOUND_BYTES || max.length > BOUND_BYTES ? null : [min, max];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/** Texts as stored: each after its length. */
function byteArrays(values: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(values.reduce((size, value) => size + LENGTH_BYTES + value.length, 0));
  const view = viewOf(bytes);
  let at = 0;
  for (const value of values) {
    view.setUint32(at, value.length, true);
    bytes.set(value, at + LENGTH_BYTES);
    at += LENGTH_BYTES + value.length;
  }
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
