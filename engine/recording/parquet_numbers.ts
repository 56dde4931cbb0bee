/** Numbers of the Parquet format, named as in parquet.thrift. */

/** The four bytes a file begins and ends with. */
export const MAGIC = "PAR1";

/** How values are stored. */
export const PhysicalType = { BOOLEAN: 0, INT32: 1, INT64: 2, BYTE_ARRAY: 6 } as const;

/** Whether a column may have no value. */
export const Repetition = { REQUIRED: 0, OPTIONAL: 1 } as const;

/** What values mean, as readers of before 2017 want it. */
export const ConvertedType = { UTF8: 0, UINT_32: 13 } as const;

/** How a page's values are written. */
export const Encoding = { PLAIN: 0, RLE: 3, RLE_DICTIONARY: 8 } as const;

/** How pages are compressed. */
export const Codec = { ZSTD: 6 } as const;
