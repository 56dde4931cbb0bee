/** The constants of Parquet, named as in parquet.thrift, and the types of columns used here. */

/** The four bytes a file begins and ends with. */
export const MAGIC = "PAR1";

/** How values are stored. */
export const PhysicalType = { BOOLEAN: 0, INT32: 1, INT64: 2, BYTE_ARRAY: 6 } as const;

/** Names of the physical types, by number. */
export const PHYSICAL_TYPE_NAMES: readonly string[] = [
  "BOOLEAN",
  "INT32",
  "INT64",
  "INT96",
  "FLOAT",
  "DOUBLE",
  "BYTE_ARRAY",
  "FIXED_LEN_BYTE_ARRAY",
];

/** Whether a column may have no value. */
export const Repetition = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const;

/** What values mean, for readers from before 2017. */
export const ConvertedType = { UTF8: 0, TIMESTAMP_MILLIS: 9, TIMESTAMP_MICROS: 10, UINT_32: 13 } as const;

/** How a page's values are written. */
export const Encoding = {
  PLAIN: 0,
  PLAIN_DICTIONARY: 2,
  RLE: 3,
  DELTA_BINARY_PACKED: 5,
  DELTA_LENGTH_BYTE_ARRAY: 6,
  DELTA_BYTE_ARRAY: 7,
  RLE_DICTIONARY: 8,
} as const;

/** How pages are compressed. */
export const Codec = { UNCOMPRESSED: 0, SNAPPY: 1, GZIP: 2, BROTLI: 4, ZSTD: 6, LZ4_RAW: 7 } as const;

/** What a page is. */
export const PageType = { DATA: 0, DICTIONARY: 2, DATA_V2: 3 } as const;

/** How a column's values are stored, with the type that SQL sees. */
export type ColumnType =
  /** BIGINT. */
  | "int64"
  /** INTEGER. */
  | "int32"
  /** UINTEGER. */
  | "uint32"
  /** BOOLEAN. */
  | "boolean"
  /** VARCHAR, UTF-8. */
  | "text"
  /** BLOB. */
  | "bytes"
  /** Timestamp of microseconds, UTC. */
  | "timestamp";

/** A column to be written. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** True for a column that may have no value in a row. */
  readonly nullable?: true;
}
