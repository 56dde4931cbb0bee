import { Buffer } from "node:buffer";
import { constants, crc32, zstdCompressSync } from "node:zlib";
import { Codec, type ColumnSpec, type ColumnType, Encoding, PageType, PhysicalType } from "./format.ts";
import { int32Bytes } from "./write_bytes.ts";
import { type Struct, struct } from "./write_thrift.ts";

/** The fastest of the usual levels: higher ones save a tenth of the size for twice the time. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Type of each kind of column in the file. */
export const PHYSICAL_TYPES: Record<ColumnType, number> = {
  int64: PhysicalType.INT64,
  timestamp: PhysicalType.INT64,
  int32: PhysicalType.INT32,
  uint32: PhysicalType.INT32,
  boolean: PhysicalType.BOOLEAN,
  text: PhysicalType.BYTE_ARRAY,
  bytes: PhysicalType.BYTE_ARRAY,
};

/** Values of one column of a row group as stored, before compression. */
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

/** A column of a row group in the file. */
export interface WrittenColumn {
  /** Its bytes. */
  parts: Uint8Array[];
  length: number;
  /** Bytes before compression, headers included. */
  plainBytes: number;
  /** As the footer describes it. */
  description: Struct;
}

/** Encodes a column that begins at `at` in the file: its dictionary, if any, then one page. */
export function writeColumn(
  at: number,
  { name, type }: ColumnSpec,
  rows: number,
  { dictionary, levels, nulls, values, bounds }: EncodedColumn,
): WrittenColumn {
  const before = dictionary === null ? null : page(PageType.DICTIONARY, dictionary.bytes, {
    7: struct({ 1: dictionary.count, 2: Encoding.PLAIN }),
  });
  const content = levels === null ? values : Buffer.concat([int32Bytes(levels.length), levels, values]);
  const encoding = dictionary === null ? Encoding.PLAIN : Encoding.RLE_DICTIONARY;
  const data = page(PageType.DATA, content, {
    5: struct({ 1: rows, 2: encoding, 3: Encoding.RLE, 4: Encoding.RLE }),
  });
  const pages = before === null ? [data] : [before, data];
  const length = pages.reduce((sum, { header, body }) => sum + header.length + body.length, 0);
  const plainBytes = pages.reduce((sum, page) => sum + page.plainBytes, 0);
  const description = struct({
    2: 0n, // deprecated: the place of a copy of these facts
    3: struct({
      1: PHYSICAL_TYPES[type],
      2: [...new Set([Encoding.PLAIN, Encoding.RLE, encoding])],
      3: [name],
      4: Codec.ZSTD,
      5: BigInt(rows),
      6: BigInt(plainBytes),
      7: BigInt(length),
      9: BigInt(at + length - data.header.length - data.body.length),
      11: dictionary === null ? undefined : BigInt(at),
      12: struct({ 3: BigInt(nulls), 5: bounds?.[1], 6: bounds?.[0] }),
    }),
  });
  return { parts: pages.flatMap(({ header, body }) => [header, body]), length, plainBytes, description };
}

/** A page; `facts` is the field of its header for its type. */
function page(type: number, content: Uint8Array, facts: Record<number, Struct>) {
  const body = zstdCompressSync(content, ZSTD);
  const { bytes: header } = struct({
    1: type,
    2: content.length,
    3: body.length,
    4: crc32(body) | 0,
    ...facts,
  });
  return { header, body, plainBytes: header.length + content.length };
}
