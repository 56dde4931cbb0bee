import { varint } from "./write_bytes.ts";

/** Bits of rows, eight per byte, the first row in the lowest bit, as Parquet stores booleans and one-bit levels. */
export class Bitmap {
  readonly bytes: Uint8Array;
  /** Rows whose bit is set. */
  ones = 0;
  /** Rows so far. */
  length = 0;

  /** Room for `capacity` rows. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(Math.ceil(capacity / 8));
  }

  /** Appends a row's bit. */
  push(bit: 0 | 1): void {
    this.bytes[this.length >> 3] |= bit << (this.length & 7);
    this.ones += bit;
    this.length++;
  }

  /** The bytes in use. */
  filled(): Uint8Array {
    return this.bytes.subarray(0, Math.ceil(this.length / 8));
  }

  /** Makes it empty. */
  clear(): void {
    this.filled().fill(0);
    this.ones = 0;
    this.length = 0;
  }
}

/**
 * One-bit levels: a single run when all rows are equal, otherwise all packed. Shorter runs are left to
 * the compression.
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
