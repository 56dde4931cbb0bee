import { brotliDecompressSync, crc32, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { ChunkPlace } from "./parquet_footer.ts";
import { type PageHeader, parquetHeader, snappyUncompress } from "./parquet_reader_library.ts";
import { require } from "./read_errors.ts";
import { readRunLength } from "./run_length.ts";
import { thriftEnd } from "./thrift_bounds.ts";

/** Largest page after decompression: all values of ior's own row groups, and the paths of one. */
const MOST_PAGE_BYTES = 256 * 1024 * 1024;

/** How a page's values are stored. */
export type PageEncoding = "plain" | "dictionary" | "run_length";

/** Values of some rows of a column. */
export interface Page {
  rows: number;
  /** 1 for each row that has a value, 0 for the others; `null` when all have. */
  present: Uint8Array | null;
  /** Values stored: the rows that have one. */
  count: number;
  encoding: PageEncoding;
  /** The values' bytes. */
  values: Uint8Array;
}

/** A column of a row group, decompressed. */
export interface ColumnPages {
  dictionary: { count: number; bytes: Uint8Array } | null;
  pages: Page[];
}

const ENCODINGS: Readonly<Record<string, PageEncoding>> = {
  PLAIN: "plain",
  RLE_DICTIONARY: "dictionary",
  PLAIN_DICTIONARY: "dictionary",
  RLE: "run_length",
};

/** Each makes `size` bytes, or throws; none makes more. */
const DECOMPRESSORS: Readonly<Record<string, (bytes: Uint8Array, size: number) => Uint8Array>> = {
  UNCOMPRESSED: (bytes) => bytes,
  ZSTD: (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(size, 1) }),
  GZIP: (bytes, size) => gunzipSync(bytes, { maxOutputLength: Math.max(size, 1) }),
  BROTLI: (bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(size, 1) }),
  SNAPPY: (bytes, size) => {
    const output = new Uint8Array(size);
    snappyUncompress(bytes, output);
    return output;
  },
};

/** Takes the pages of a column apart. Throws `Damage`, or what a decompressor says, for bytes that are none. */
export function readPages(bytes: Uint8Array<ArrayBuffer>, place: ChunkPlace, rows: number): ColumnPages {
  const pages: Page[] = [];
  let dictionary: ColumnPages["dictionary"] = null;
  let found = 0;
  for (let at = 0; found < rows;) {
    const end = thriftEnd(bytes, at);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = parquetHeader({ view, offset: at });
    const size = whole(header.compressed_page_size, bytes.length - end, "compressed size");
    whole(header.uncompressed_page_size, MOST_PAGE_BYTES, "size");
    const body = bytes.subarray(end, end + size);
    require(
      header.crc === undefined || (crc32(body) | 0) === header.crc,
      () => "the checksum of a page is wrong",
    );
    at = end + size;
    if (header.dictionary_page_header) {
      const count = whole(header.dictionary_page_header.num_values, MOST_PAGE_BYTES, "number of values");
      dictionary = { count, bytes: decompress(body, header.uncompressed_page_size, place.codec) };
      continue;
    }
    const page = readPage(header, body, place, rows - found);
    found += page.rows;
    pages.push(page);
  }
  return { dictionary, pages };
}

function readPage(header: PageHeader, body: Uint8Array, place: ChunkPlace, mostRows: number): Page {
  const { data_page_header: first, data_page_header_v2: second } = header;
  const facts = first ?? second;
  require(facts !== undefined, () => `a page is of the type ${header.type}`);
  const rows = whole(facts.num_values, mostRows, "number of rows");
  require(rows > 0, () => "a page has no rows");
  const encoding = ENCODINGS[facts.encoding];
  require(
    encoding !== undefined,
    () => `its values are stored as ${facts.encoding}, which ior does not read`,
  );
  let levels: Uint8Array;
  let values: Uint8Array;
  if (second) {
    const repeats = whole(second.repetition_levels_byte_length, body.length, "length of levels");
    const length = whole(second.definition_levels_byte_length, body.length - repeats, "length of levels");
    levels = body.subarray(repeats, repeats + length);
    const rest = body.subarray(repeats + length);
    const size = header.uncompressed_page_size - repeats - length;
    values = second.is_compressed ? decompress(rest, whole(size, size, "size"), place.codec) : rest;
  } else {
    const page = decompress(body, header.uncompressed_page_size, place.codec);
    const length = place.nullable ? uint32At(page, 0) : 0;
    const head = place.nullable ? 4 : 0;
    require(
      head + length <= page.length,
      () => `a page of ${page.length} bytes has ${length} bytes of levels`,
    );
    levels = page.subarray(head, head + length);
    values = page.subarray(head + length);
  }
  if (!place.nullable) return { rows, present: null, count: rows, encoding, values };
  const present = new Uint8Array(rows);
  readRunLength(levels, 0, levels.length, 1, present);
  let count = 0;
  for (const one of present) count += one;
  return { rows, present: count === rows ? null : present, count, encoding, values };
}

function decompress(bytes: Uint8Array, size: number, codec: string): Uint8Array {
  const decompressor = DECOMPRESSORS[codec];
  require(
    decompressor !== undefined,
    () => `its pages are compressed with ${codec}, which ior does not read`,
  );
  const output = decompressor(bytes, size);
  require(output.length === size, () => `a page has ${output.length} bytes, ${size} were announced`);
  return output;
}

function whole(value: unknown, most: number, what: string): number {
  require(
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most,
    () => `the ${what} of a page is ${value}`,
  );
  return value;
}

/** A number of four bytes; throws where there are fewer. */
export function uint32At(bytes: Uint8Array, at: number): number {
  require(at + 4 <= bytes.length, () => "a page ends within a number");
  return bytes[at] + bytes[at + 1] * 0x100 + bytes[at + 2] * 0x1_0000 + bytes[at + 3] * 0x100_0000;
}
