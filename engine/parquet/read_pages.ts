import { require } from "./damage.ts";
import { Codec, Encoding, PageType } from "./format.ts";
import type { ColumnPlace } from "./read_footer.ts";
import { readRunLength } from "./read_run_length.ts";
import { snappyDecompress } from "./read_snappy.ts";
import { ThriftStruct } from "./read_thrift.ts";

// Not imported by name: a bundle would load it whenever ior starts.
const { brotliDecompressSync, crc32, gunzipSync, zstdDecompressSync } = await import("node:zlib");

/**
 * Limit of the bytes of all pages of a file after decompression: a few bytes can expand to many equal ones. Files written here
 * grow about tenfold, and up to some 800 times where each row has a path or a stack of its own: of names of the longest kind
 * that begin alike, each takes a few bytes.
 */
const MOST_BYTES = { few: 16 * 1024 * 1024, perByte: 1_000 };

/** What is left of the cost that reading a file may have. */
export interface PageBudget {
  /** Bytes after decompression. */
  left: number;
}

/** The budget of a file of this size. */
export function pageBudget(fileBytes: number): PageBudget {
  return { left: MOST_BYTES.few + MOST_BYTES.perByte * fileBytes };
}

/** Values of some rows of a column. */
export interface Page {
  rows: number;
  /** 1 for each row that has a value, 0 for the others; `null` when all have. */
  present: Uint8Array | null;
  /** Number of values stored: the rows that have one. */
  count: number;
  /** How the values are stored: see {@linkcode Encoding}. */
  encoding: number;
  /** The values' bytes. */
  values: Uint8Array;
}

/** A column of a row group, decompressed. */
export interface ColumnPages {
  dictionary: Pick<Page, "count" | "encoding" | "values"> | null;
  pages: Page[];
  /** Bytes that decoding them may still produce. */
  mostBytes: number;
}

/** Each produces `size` bytes or throws, and never produces more. */
const DECOMPRESSORS: Readonly<Record<number, (bytes: Uint8Array, size: number) => Uint8Array>> = {
  [Codec.UNCOMPRESSED]: (bytes) => bytes,
  [Codec.ZSTD]: (bytes, size) => zstdDecompressSync(bytes, { maxOutputLength: size }),
  [Codec.GZIP]: (bytes, size) => gunzipSync(bytes, { maxOutputLength: size }),
  [Codec.BROTLI]: (bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: size }),
  [Codec.SNAPPY]: snappyDecompress,
};

/** Splits a column into pages. Throws `Damage`, or the error of a decompressor, for invalid bytes. */
export function readPages(
  bytes: Uint8Array,
  place: ColumnPlace,
  rows: number,
  budget: PageBudget,
): ColumnPages {
  const pages: Page[] = [];
  let dictionary: ColumnPages["dictionary"] = null;
  let found = 0;
  for (let at = 0; found < rows;) {
    const header = new ThriftStruct(bytes, at);
    const length = whole(header.integer(3), bytes.length - header.end, "compressed size");
    const size = whole(header.integer(2), budget.left, "size");
    budget.left -= size;
    at = header.end + length;
    const body = bytes.subarray(header.end, at);
    const checksum = header.integer(4);
    require(
      checksum === undefined || (crc32(body) | 0) === checksum,
      () => "the checksum of a page does not match",
    );
    if (header.integer(1) === PageType.DICTIONARY) {
      const facts = header.struct(7);
      const values = decompress(body, size, place.codec);
      const count = whole(facts?.integer(1), values.length, "number of values");
      dictionary = { count, encoding: Encoding.PLAIN, values };
      continue;
    }
    const page = header.integer(1) === PageType.DATA_V2
      ? secondPage(header, body, size, place, rows - found)
      : firstPage(header, body, size, place, rows - found);
    found += page.rows;
    pages.push(page);
  }
  return { dictionary, pages, mostBytes: budget.left };
}

/** A page of the first version: levels and values are compressed together. */
function firstPage(
  header: ThriftStruct,
  body: Uint8Array,
  size: number,
  place: ColumnPlace,
  mostRows: number,
) {
  const facts = header.struct(5);
  require(facts !== undefined, () => `a page is of the type ${header.integer(1)}`);
  const page = decompress(body, size, place.codec);
  const length = place.nullable ? uint32At(page, 0) : 0;
  const head = place.nullable ? 4 : 0;
  require(
    head + length <= page.length,
    () => `a page of ${page.length} bytes has ${length} bytes of levels`,
  );
  const levels = page.subarray(head, head + length);
  return pageOf(facts.integer(1), mostRows, facts.integer(2), place, levels, page.subarray(head + length));
}

/** A page of the second version: its levels are not compressed. */
function secondPage(
  header: ThriftStruct,
  body: Uint8Array,
  size: number,
  place: ColumnPlace,
  mostRows: number,
) {
  const facts = header.struct(8);
  require(facts !== undefined, () => "a page lacks the description of its values");
  const repeats = whole(facts.integer(6), body.length, "length of levels");
  const length = whole(facts.integer(5), body.length - repeats, "length of levels");
  const levels = body.subarray(repeats, repeats + length);
  const rest = body.subarray(repeats + length);
  const plain = whole(size - repeats - length, size, "size");
  const values = facts.boolean(7) === false ? rest : decompress(rest, plain, place.codec);
  return pageOf(facts.integer(1), mostRows, facts.integer(4), place, levels, values);
}

function pageOf(
  count: number | undefined,
  mostRows: number,
  encoding = NaN,
  { nullable }: ColumnPlace,
  levels: Uint8Array,
  values: Uint8Array,
): Page {
  const rows = whole(count, mostRows, "number of rows");
  require(rows > 0, () => "a page has no rows");
  if (!nullable) return { rows, present: null, count: rows, encoding, values };
  const present = new Uint8Array(rows);
  readRunLength(levels, 0, levels.length, 1, present);
  let stored = 0;
  for (const one of present) stored += one;
  return { rows, present: stored === rows ? null : present, count: stored, encoding, values };
}

function decompress(bytes: Uint8Array, size: number, codec: number): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const decompressor = DECOMPRESSORS[codec];
  require(
    decompressor !== undefined,
    () => `its pages are compressed with codec ${codec}, which ior does not read`,
  );
  const output = decompressor(bytes, size);
  require(output.length === size, () => `a page has ${output.length} bytes, ${size} were announced`);
  return output;
}

function whole(value: number | undefined, most: number, what: string): number {
  require(
    value !== undefined && Number.isInteger(value) && value >= 0 && value <= most,
    () => `the ${what} of a page is ${value}`,
  );
  return value;
}

/** A number of four bytes; throws where there are fewer. */
export function uint32At(bytes: Uint8Array, at: number): number {
  require(at + 4 <= bytes.length, () => "a page ends in the middle of a number");
  return bytes[at] + bytes[at + 1] * 0x100 + bytes[at + 2] * 0x1_0000 + bytes[at + 3] * 0x100_0000;
}
