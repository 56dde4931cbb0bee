/** Structs in the compact protocol of Thrift: see `thrift-compact-protocol.md` of Apache Thrift. */
import { Buffer } from "node:buffer";
import { varint } from "./write_bytes.ts";

/** A struct as bytes: it can be a value of another one, and is cheap to keep. */
export class Struct {
  constructor(readonly bytes: Uint8Array) {}
}

/** A value: numbers are i32, bigints i64. */
export type Value = boolean | number | bigint | string | Uint8Array | Struct | readonly Value[];

const STOP = Uint8Array.of(0);
const LONG_LIST = 15;
const STRUCT = 12;

/** Makes a struct of its fields, by their numbers in parquet.thrift; those that are `undefined` are left out. */
export function struct(fields: Readonly<Record<number, Value | undefined>>): Struct {
  const parts: Uint8Array[] = [];
  let last = 0;
  for (const [key, value] of Object.entries(fields)) { // in the order of the numbers
    if (value === undefined) continue;
    const id = Number(key);
    parts.push(Uint8Array.of(id - last << 4 | typeOf(value)), ...contentOf(value));
    last = id;
  }
  return new Struct(Buffer.concat([...parts, STOP]));
}

function typeOf(value: Value): number {
  switch (typeof value) {
    case "boolean":
      return value ? 1 : 2;
    case "number":
      return 5;
    case "bigint":
      return 6;
    default:
      return value instanceof Struct ? STRUCT : Array.isArray(value) ? 9 : 8;
  }
}

function contentOf(value: Value): Uint8Array[] {
  if (value instanceof Struct) return [value.bytes];
  if (value instanceof Uint8Array) return [Uint8Array.from(varint(value.length)), value];
  switch (typeof value) {
    case "boolean":
      return []; // the type holds the value
    case "number":
      return [Uint8Array.from(varint((value << 1 ^ value >> 31) >>> 0))];
    case "bigint":
      return [longVarint(BigInt.asUintN(64, value << 1n ^ value >> 63n))];
    case "string":
      return contentOf(new TextEncoder().encode(value));
  }
  const type = value.length === 0 ? STRUCT : typeOf(value[0]);
  const head = value.length < LONG_LIST ? [value.length << 4 | type] : [0xf0 | type, ...varint(value.length)];
  return [Uint8Array.from(head), ...value.flatMap(contentOf)];
}

function longVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  bytes.push(Number(value));
  return Uint8Array.from(bytes);
}
