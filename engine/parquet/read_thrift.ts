import { require } from "./damage.ts";

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
 * A struct in the compact protocol of Thrift. The constructor locates all fields; each is decoded only when read, so that
 * a footer of many row groups never becomes a tree of objects. Throws `Damage` when a length or a count exceeds the bytes
 * present; fields that are missing or of another type are `undefined`.
 */
export class ThriftStruct {
  /** Where it ends. */
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #fields = new Map<number, { type: number; at: number }>();

  /** The struct that begins at `at`. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.end = structEnd(bytes, at, 0, (id, type, place) => this.#fields.set(id, { type, at: place }));
  }

  /** A whole number; those beyond 2^52 are approximate. */
  integer(id: number): number | undefined {
    const at = this.#at(id, (type) => type === I16 || type === I32 || type === I64);
    return at === undefined ? undefined : zigzag(this.#bytes, at);
  }

  /** True or false. */
  boolean(id: number): boolean | undefined {
    const type = this.#fields.get(id)?.type;
    return type === TRUE ? true : type === FALSE ? false : undefined;
  }

  /** Text. */
  text(id: number): string | undefined {
    const at = this.#at(id, (type) => type === BINARY);
    return at === undefined ? undefined : textAt(this.#bytes, at);
  }

  /** A list of texts. */
  texts(id: number): string[] | undefined {
    return this.#list(id, BINARY, (at) => textAt(this.#bytes, at));
  }

  /** A struct in it. */
  struct(id: number): ThriftStruct | undefined {
    const at = this.#at(id, (type) => type === STRUCT);
    return at === undefined ? undefined : new ThriftStruct(this.#bytes, at);
  }

  /** What `read` makes of each struct of a list. */
  structs<Value>(id: number, read: (struct: ThriftStruct) => Value): Value[] | undefined {
    return this.#list(id, STRUCT, (at) => read(new ThriftStruct(this.#bytes, at)));
  }

  #at(id: number, fits: (type: number) => boolean): number | undefined {
    const field = this.#fields.get(id);
    return field !== undefined && fits(field.type) ? field.at : undefined;
  }

  #list<Value>(id: number, elements: number, read: (at: number) => Value): Value[] | undefined {
    const from = this.#at(id, (type) => type === LIST);
    if (from === undefined) return undefined;
    const { type, count, at: first } = listHead(this.#bytes, from);
    if (type !== elements) return count === 0 ? [] : undefined;
    const values: Value[] = [];
    for (let i = 0, at = first; i < count; i++) {
      values.push(read(at));
      at = elementEnd(this.#bytes, at, type, 0);
    }
    return values;
  }
}

/** Returns where a struct ends; calls `field` with the number, the type and the place of each field. */
function structEnd(
  bytes: Uint8Array,
  at: number,
  nested: number,
  field?: (id: number, type: number, at: number) => void,
): number {
  require(nested < MOST_NESTED, () => `its structs are nested deeper than ${MOST_NESTED}`);
  for (let id = 0;;) {
    require(at < bytes.length, () => "a struct has no end");
    const head = bytes[at++];
    const type = head & 0x0f;
    if (type === STOP) return at;
    id += head >> 4;
    if (head >> 4 === 0) {
      id = zigzag(bytes, at);
      at = varint(bytes, at).at;
    }
    field?.(id, type, at);
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
    case LIST: {
      const { type, count, at: first } = listHead(bytes, at);
      at = first;
      for (let i = 0; i < count; i++) at = elementEnd(bytes, at, type, nested);
      return at;
    }
    case STRUCT:
      return structEnd(bytes, at, nested + 1);
    default:
      require(false, () => `a field has the type ${type}`);
  }
}

function listHead(bytes: Uint8Array, at: number): { type: number; count: number; at: number } {
  within(bytes, at, 1);
  const type = bytes[at] & 0x0f;
  let count = bytes[at++] >> 4;
  if (count === 15) ({ value: count, at } = varint(bytes, at));
  within(bytes, at, count); // every element takes a byte at least
  return { type, count, at };
}

function within(bytes: Uint8Array, at: number, length: number): number {
  require(at + length <= bytes.length, () => `a length is ${length}, ${bytes.length - at} bytes are left`);
  return at + length;
}

function textAt(bytes: Uint8Array, at: number): string {
  const length = varint(bytes, at);
  return new TextDecoder().decode(bytes.subarray(length.at, length.at + length.value));
}

function zigzag(bytes: Uint8Array, at: number): number {
  const { value } = varint(bytes, at);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** A number of seven bits a byte, and where it ends. */
export function varint(bytes: Uint8Array, at: number): { value: number; at: number } {
  let value = 0;
  for (let i = 0; i < VARINT_BYTES; i++) {
    require(at < bytes.length, () => "a number has no end");
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, at };
  }
  require(false, () => `a number is longer than ${VARINT_BYTES} bytes`);
}
