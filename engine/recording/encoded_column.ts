/** A column of a row group as the file has it, before compression. */
import type { Bitmap } from "./bitmap.ts";

/** Values of one column, encoded. */
export interface EncodedColumn {
  /** Which rows have a value, run-length encoded; `null` for a column without nulls. */
  levels: Uint8Array | null;
  /** Rows without a value. */
  nulls: number;
  /** The different values, when `values` has their positions; `null` when it has the values themselves. */
  dictionary: { bytes: Uint8Array; count: number } | null;
  values: Uint8Array;
  /** Smallest and largest value, `null` when they are not known. */
  bounds: [min: Uint8Array, max: Uint8Array] | null;
}

/** A number as a variable-length integer: seven bits a byte, the low ones first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return bytes;
}

/**
 * One-bit levels: a single run when all rows are alike, else all of them packed. Compression takes care of what
 * repeats, so that no shorter runs are looked for.
 */
export function levelsOf(bitmap: Bitmap): Uint8Array {
  const { length, ones } = bitmap;
  if (ones === length || ones === 0) return Uint8Array.from([...varint(2 * length), ones === 0 ? 0 : 1]);
  const packed = bitmap.filled();
  const head = varint(2 * packed.length + 1);
  const bytes = new Uint8Array(head.length + packed.length);
  bytes.set(head);
  bytes.set(packed, head.length);
  return bytes;
}

/** Whole bytes that hold each position of a dictionary of `count` values. */
function positionBytes(count: number): 1 | 2 | 3 {
  if (count <= 0x100) return 1;
  return count <= 0x1_0000 ? 2 : 3;
}

/**
 * Positions of a dictionary, packed in whole bytes: the format allows more bits than are needed, and compression gets
 * more out of bytes than out of shifted bits. `codes` of rows become positions by `table`, -1 is a null.
 */
export function positionsOf(
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

/** A value of 64 bits as the file has it. */
export function int64Bytes(value: bigint): Uint8Array {
  return new Uint8Array(BigInt64Array.of(value).buffer);
}

/** A value of 32 bits as the file has it. */
export function int32Bytes(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

/** Texts as the file has them: each with its length before it. */
export function byteArrays(values: readonly Uint8Array[]): Uint8Array {
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
