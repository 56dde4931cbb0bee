import { int32Bytes, int64Bytes, varint } from "./write_bytes.ts";
import type { EncodedColumn } from "./write_column.ts";
import { Bitmap, levelsOf } from "./write_levels.ts";

/** Bytes of a value that are kept as a bound: names, not long paths, are what queries compare with. */
const BOUND_BYTES = 128;

/** How the values of a dictionary are identified, stored and ordered. */
export interface ValueCodec<Value> {
  /** The same for values that are equal. */
  key(value: Value): string | number;
  bytes(value: Value): Uint8Array;
  /** The values one after the other, as the file has them. */
  join(values: readonly Uint8Array[]): Uint8Array;
  /** Order of bounds; `null` keeps none. */
  compare: ((a: Uint8Array, b: Uint8Array) => number) | null;
}

const encoder = new TextEncoder();

/** UTF-8 text, in the order of its bytes. */
export const TEXT: ValueCodec<string> = {
  key: (value) => value,
  bytes: (value) => encoder.encode(value),
  join: byteArrays,
  compare: compareBytes,
};

/** Bytes as they are. */
export const BYTES: ValueCodec<Uint8Array> = {
  key: (value) => value.toBase64(),
  bytes: (value) => value,
  join: byteArrays,
  compare: null,
};

/** Whole numbers of 32 bits. */
export const INT32: ValueCodec<number> = {
  key: (value) => value,
  bytes: int32Bytes,
  join: concat,
  compare: (a, b) => viewOf(a).getInt32(0, true) - viewOf(b).getInt32(0, true),
};

/** Numbers of 32 bits without a sign. */
export const UINT32: ValueCodec<number> = {
  ...INT32,
  compare: (a, b) => viewOf(a).getUint32(0, true) - viewOf(b).getUint32(0, true),
};

/** 64-bit integers that a double holds exactly. */
export const INT64: ValueCodec<number> = {
  key: (value) => value,
  bytes: (value) => int64Bytes(BigInt(Math.trunc(value) || 0)),
  join: concat,
  compare: (a, b) => Number(viewOf(a).getBigInt64(0, true) - viewOf(b).getBigInt64(0, true)),
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
  const distinct: Uint8Array[] = [];
  for (const [code, value] of values.entries()) {
    if (value === null || used[code] === 0) continue;
    const key = codec.key(value);
    let position = positions.get(key);
    if (position === undefined) {
      position = distinct.length;
      positions.set(key, position);
      distinct.push(codec.bytes(value));
    }
    table[code] = position;
  }
  const present = nullable ? new Bitmap(rows) : null;
  const packed = positionsOf(codes, rows, table, distinct.length, present);
  const nulls = present === null ? 0 : rows - present.ones;
  const levels = present && levelsOf(present);
  if (nulls === rows) return { levels, nulls, dictionary: null, values: new Uint8Array(0), bounds: null };
  return {
    levels,
    nulls,
    dictionary: { bytes: codec.join(distinct), count: distinct.length },
    values: packed,
    bounds: codec.compare && boundsOf(distinct, codec.compare),
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

function boundsOf(
  values: readonly Uint8Array[],
  compare: (a: Uint8Array, b: Uint8Array) => number,
): EncodedColumn["bounds"] {
  let [min] = values;
  let [max] = values;
  for (const value of values) {
    if (compare(value, min) < 0) min = value;
    if (compare(value, max) > 0) max = value;
  }
  return min.length > BOUND_BYTES || max.length > BOUND_BYTES ? null : [min, max];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/** Texts as stored: each after its length. */
function byteArrays(values: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const value of values) size += 4 + value.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const value of values) {
    view.setUint32(at, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + value.length;
  }
  return bytes;
}

function concat(values: readonly Uint8Array[]): Uint8Array {
  const size = values.length === 0 ? 0 : values[0].length;
  const bytes = new Uint8Array(size * values.length);
  for (const [i, value] of values.entries()) bytes.set(value, i * size);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
