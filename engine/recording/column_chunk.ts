import { Buffer } from "node:buffer";
import { constants, crc32, zstdCompressSync } from "node:zlib";
import type { ColumnType, RecordingColumn } from "./columns.ts";
import type { EncodedColumn } from "./encoded_column.ts";
import { Codec, Encoding, PhysicalType } from "./parquet_numbers.ts";
import { type ByteWriter, writePageHeader } from "./parquet_writer_library.ts";

/** The fastest of the usual levels: higher ones gain a tenth of the size for twice the time. */
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

/** A column of a row group as the footer describes it: fields by the numbers of parquet.thrift. */
export interface ChunkFacts {
  thrift: Record<`field_${number}`, unknown>;
  /** Bytes before compression, headers included. */
  plainBytes: number;
}

/**
 * Appends a column: its dictionary when it has one, then one page. `base` is the place in the file of the first byte of the
 * writer.
 */
export function writeChunk(
  writer: ByteWriter,
  base: number,
  column: RecordingColumn,
  rows: number,
  encoded: EncodedColumn,
): ChunkFacts {
  const start = writer.offset;
  const { dictionary, levels, bounds } = encoded;
  let plainBytes = 0;
  if (dictionary !== null) {
    plainBytes += writePage(writer, dictionary.bytes, {
      type: "DICTIONARY_PAGE",
      dictionary_page_header: { num_values: dictionary.count, encoding: "PLAIN" },
    });
  }
  const pageAt = writer.offset;
  plainBytes += writePage(writer, withLevels(levels, encoded.values), {
    type: "DATA_PAGE",
    data_page_header: {
      num_values: rows,
      encoding: dictionary === null ? "PLAIN" : "RLE_DICTIONARY",
      definition_level_encoding: "RLE",
      repetition_level_encoding: "RLE",
    },
  });
  const encodings = [Encoding.PLAIN, Encoding.RLE, ...(dictionary === null ? [] : [Encoding.RLE_DICTIONARY])];
  const thrift = {
    field_2: 0n, // deprecated: where a copy of these facts would be
    field_3: {
      field_1: PHYSICAL_TYPES[column.type],
      field_2: encodings,
      field_3: [column.name],
      field_4: Codec.ZSTD,
      field_5: BigInt(rows),
      field_6: BigInt(plainBytes),
      field_7: BigInt(writer.offset - start),
      field_9: BigInt(base + pageAt),
      field_11: dictionary === null ? undefined : BigInt(base + start),
      field_12: {
        field_3: BigInt(encoded.nulls),
        field_5: bounds?.[1],
        field_6: bounds?.[0],
      },
    },
  };
  return { thrift, plainBytes };
}

/** What a page's header says beside sizes and checksum. */
type PageKind = Omit<
  Parameters<typeof writePageHeader>[1],
  "uncompressed_page_size" | "compressed_page_size" | "crc"
>;

/** Appends a page; gives its size before compression, header included. */
function writePage(writer: ByteWriter, bytes: Uint8Array, kind: PageKind): number {
  const compressed = zstdCompressSync(bytes, ZSTD);
  const start = writer.offset;
  writePageHeader(writer, {
    ...kind,
    uncompressed_page_size: bytes.length,
    compressed_page_size: compressed.length,
    crc: crc32(compressed) | 0,
  });
  const headerBytes = writer.offset - start;
  writer.appendBytes(compressed);
  return headerBytes + bytes.length;
}

/** A page's content: the levels with their length before them, then the values. */
function withLevels(levels: Uint8Array | null, values: Uint8Array): Uint8Array {
  if (levels === null) return values;
  const size = new Uint8Array(Uint32Array.of(levels.length).buffer);
  return Buffer.concat([size, levels, values]);
}
