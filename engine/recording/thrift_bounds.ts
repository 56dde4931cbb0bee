import { require } from "./read_errors.ts";

/** Types of the compact protocol: see `thrift-compact-protocol.md` of Apache Thrift. */
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Bytes of the longest number. */
const VARINT_BYTES = 10;

/** Structs in structs: the footer of a Parquet file has eight. */
const MOST_NESTED = 16;

/**
 * Where the struct that begins at `at` ends, without making anything of it. Throws when a length or a count is more than there
 * are bytes: what passes can be read by a reader that believes them.
 */
export function thriftEnd(bytes: Uint8Array, at: number, nested = 0): number {
  require(nested < MOST_NESTED, () => `its structs are nested deeper than ${MOST_NESTED}`);
  while (true) {
    require(at < bytes.length, () => "a struct has no end");
    const head = bytes[at++];
    const type = head & 0x0f;
    if (type === STOP) return at;
    if (head >> 4 === 0) at = varint(bytes, at).at;
    if (type !== TRUE && type !== FALSE) at = elementEnd(bytes, at, type, nested);
  }
}

function elementEnd(bytes: Uint8Array, at: number, type: number, nested: number): number {
  switch (type) {
    case TRUE:
    case FALSE:
    case BYTE:
      return within(bytes, at, 1);
    case I16:
    case I32:
    case I64:
      return varint(bytes, at).at;
    case DOUBLE:
      return within(bytes, at, 8);
    case BINARY: {
      const length = varint(bytes, at);
      return within(bytes, length.at, length.value);
    }
    case LIST:
      return listEnd(bytes, at, nested);
    case STRUCT:
      return thriftEnd(bytes, at, nested + 1);
    default:
      require(false, () => `a field has the type ${type}`);
  }
}

function listEnd(bytes: Uint8Array, at: number, nested: number): number {
  within(bytes, at, 1);
  const head = bytes[at++];
  let count = head >> 4;
  if (count === 15) {
    const long = varint(bytes, at);
    count = long.value;
    at = long.at;
  }
  within(bytes, at, count); // every element takes a byte at least
  for (let i = 0; i < count; i++) at = elementEnd(bytes, at, head & 0x0f, nested);
  return at;
}

function within(bytes: Uint8Array, at: number, length: number): number {
  require(at + length <= bytes.length, () => `a length is ${length}, ${bytes.length - at} bytes are left`);
  return at + length;
}

/** A number of seven bits a byte, and where it ends. */
function varint(bytes: Uint8Array, at: number): { value: number; at: number } {
  let value = 0;
  for (let i = 0; i < VARINT_BYTES; i++) {
    require(at < bytes.length, () => "a number has no end");
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, at };
  }
  require(false, () => `a number is longer than ${VARINT_BYTES} bytes`);
}
