/** Values as another writer stores them, and bytes that cost more to read than they are. */
import assert from "node:assert/strict";
import { zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "npm:hyparquet-writer@0.17.0";
import { Damage } from "../../../engine/parquet/damage.ts";
import type { ColumnSpec } from "../../../engine/parquet/format.ts";
import {
  bytesOf,
  type Column,
  exactOf,
  numbersOf,
  readColumn,
  textsOf,
} from "../../../engine/parquet/read_column.ts";
import { type ByteSource, readFooter } from "../../../engine/parquet/read_footer.ts";
import { pageBudget } from "../../../engine/parquet/read_pages.ts";
import { snappyDecompress } from "../../../engine/parquet/read_snappy.ts";
import { ThriftStruct, varint } from "../../../engine/parquet/read_thrift.ts";
import type { EncodedColumn } from "../../../engine/parquet/write_column.ts";
import { ParquetWriter } from "../../../engine/parquet/write_file.ts";
import { random, testSeed } from "../batches.ts";

const SEED = testSeed();

function sourceOf(bytes: Uint8Array): ByteSource {
  const at = (from: number, length: number) => new Uint8Array(bytes.slice(from, from + length));
  return { size: bytes.length, read: (from, length) => Promise.resolve(at(from, length)) };
}

/** The only column of a file of one row group. */
async function columnOf(bytes: Uint8Array): Promise<Column> {
  const source = sourceOf(bytes);
  const { groups: [group] } = await readFooter(source, new Set(["a"]));
  return (await readColumn(source, group, "a", pageBudget(source.size)))!;
}

/** A file of one column, by the other library. */
function written(data: unknown[], type: string, encoding: string, pageSize?: number): Uint8Array {
  const column = { name: "a", data, type, encoding } as Parameters<
    typeof parquetWriteBuffer
  >[0]["columnData"][0];
  return new Uint8Array(parquetWriteBuffer({ columnData: [column], pageSize }));
}

const COUNTS = [1, 2, 127, 128, 129, 1_000];

Deno.test("Numbers that are stored as differences are read, those of 64 bits exactly", async () => {
  const next = random(SEED);
  for (const count of COUNTS) {
    for (const scale of [0, 1, 200, 2 ** 31, 2 ** 62]) {
      const longs = Array.from({ length: count }, () => BigInt(Math.floor((next() - 0.5) * scale)) - 1n);
      const { words } = exactOf(await columnOf(written(longs, "INT64", "DELTA_BINARY_PACKED")));
      assert.deepEqual([...new BigInt64Array(words.buffer)], longs, `${count} values below ${scale}`);
    }
    const whole = Array.from({ length: count }, () => Math.floor(next() * 2 ** 32) - 2 ** 31);
    assert.deepEqual([...numbersOf(await columnOf(written(whole, "INT32", "DELTA_BINARY_PACKED")))], whole);
  }
});

Deno.test("Texts that are stored by their lengths, or by what they share, are read, also without a value", async () => {
  const next = random(SEED);
  for (const encoding of ["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "PLAIN"]) {
    for (const count of COUNTS) {
      const texts = Array.from(
        { length: count },
        () => next() < 0.2 ? null : `/usr/${"é".repeat(Math.floor(next() * 9))}/${Math.floor(next() * 99)}`,
      );
      const { codes, values } = textsOf(await columnOf(written(texts, "STRING", encoding, 500)));
      assert.deepEqual([...codes].map((code) => values[code]), texts, `${count} texts as ${encoding}`);
    }
  }
});

Deno.test("Bytes of Snappy become what they were, or are refused within their size", () => {
  const text = new TextEncoder().encode("abcdefgh");
  // The text, then 12 bytes from 8 before, then 4 from 1 before.
  const whole = Uint8Array.of(24, 7 << 2, ...text, 11 << 2 | 2, 8, 0, 1, 1);
  assert.equal(new TextDecoder().decode(snappyDecompress(whole, 24)), "abcdefghabcdefghabcddddd");
  const wrong: [bytes: number[], size: number, message: RegExp][] = [
    [[...whole], 23, /announce 24 bytes, their page 23/],
    [[8, 0xfc, 0xff, 0xff, 0xff, 0xff], 8, /more than the 8 bytes announced/], // a length of -1 for some
    [[8, 0xf0], 8, /end in the middle of an element/],
    [[8, 7 << 2, 1, 2], 8, /end in the middle of a literal/],
    [[8, 1, 1], 8, /copy from 1 bytes back, 0 are available/],
    [[8, 0, 65, 1, 0], 8, /copy from 0 bytes back/],
    [[8, 0, 65], 8, /make 1 bytes, 8 were announced/],
    [[], 0, /a number has no end/],
  ];
  for (const [bytes, size, message] of wrong) {
    assert.throws(() => snappyDecompress(Uint8Array.from(bytes), size), (error) => {
      assert.ok(error instanceof Damage);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("A file whose first Snappy literal has a length below zero for some is refused", async () => {
  const bytes = written(Array.from({ length: 200 }, (_, i) => i * 7919), "INT32", "PLAIN");
  const page = new ThriftStruct(bytes, 4);
  // The lengths of levels, which stand before what is compressed.
  const levels = page.struct(8);
  const body = page.end + (levels?.integer(5) ?? 0) + (levels?.integer(6) ?? 0);
  const size = varint(bytes, body);
  assert.equal(bytes[size.at] & 3, 0, "the page begins with a literal");
  assert.equal(numbersOf(await columnOf(bytes)).length, 200);
  bytes.set([0xfc, 0xff, 0xff, 0xff, 0xff], size.at); // 32 bits of ones follow the tag
  await assert.rejects(columnOf(bytes), (error) => {
    assert.ok(error instanceof Damage);
    assert.match(error.message, /compressed bytes make more than the \d+ bytes announced/);
    return true;
  });
});

Deno.test("Differences that are cut, or announce what is not there, are refused", async () => {
  const next = random(SEED);
  const bytes = written(
    Array.from({ length: 300 }, () => BigInt(Math.floor(next() * 2 ** 40))),
    "INT64",
    "DELTA_BINARY_PACKED",
  );
  const footer = new DataView(bytes.buffer).getUint32(bytes.length - 8, true) + 8;
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const damaged = bytes.slice();
    damaged[Math.floor(next() * (bytes.length - footer))] ^= 1 << Math.floor(next() * 8);
    try {
      exactOf(await columnOf(damaged));
    } catch (error) {
      assert.ok(error instanceof Damage, String(error));
      refused++;
    }
  }
  assert.ok(refused > 0);
});

/** A file of one column by our own writer. */
function ours(column: ColumnSpec, groups: [rows: number, values: EncodedColumn][]): Uint8Array {
  const parts: Uint8Array[] = [];
  const size = () => parts.reduce((sum, { length }) => sum + length, 0);
  const writer = new ParquetWriter({
    get bytes() {
      return size();
    },
    append: (bytes) => void parts.push(bytes.slice()),
    truncate: () => assert.fail("There is room"),
  }, [column]);
  for (const [rows, values] of groups) writer.append(rows, () => values);
  writer.finish(() => ({}), "test");
  const whole = new Uint8Array(size());
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const BARE = { levels: null, nulls: 0, dictionary: null, bounds: null };

Deno.test("A file that becomes much more than it is, page by page or all together, is refused", async () => {
  // One long text again and again, which compresses to nothing.
  const text = new Uint8Array(200_004).fill(65);
  new DataView(text.buffer).setUint32(0, 200_000, true);
  const values = new Uint8Array(150 * text.length);
  for (let i = 0; i < 150; i++) values.set(text, i * text.length);
  assert.ok(zstdCompressSync(values).length < 40_000);
  const one = ours({ name: "a", type: "text" }, [[150, { ...BARE, values }]]);
  await assert.rejects(columnOf(one), /the size of a page is 30000600 \(column a\)/);

  const some = values.subarray(0, 40 * text.length);
  const many = sourceOf(ours({ name: "a", type: "text" }, Array(4).fill([40, { ...BARE, values: some }])));
  const { groups } = await readFooter(many, new Set(["a"]));
  const budget = pageBudget(many.size);
  await assert.rejects(async () => {
    for (const group of groups) bytesOf((await readColumn(many, group, "a", budget))!);
  }, /the size of a page is 8000160 \(column a\)/);
});

Deno.test("A file of more rows than its bytes can be is refused", async () => {
  // One value and a run of it: a few bytes for any number of rows.
  const values = Uint8Array.of(8, 0x80, 0x80, 0x80, 0x80, 0x01, 0);
  const dictionary = { bytes: new Uint8Array(8), count: 1 };
  const few = ours({ name: "a", type: "int64" }, [[131_072, { ...BARE, dictionary, values }]]);
  assert.equal(numbersOf(await columnOf(few)).length, 131_072);
  const many = ours({ name: "a", type: "int64" }, [[4_000_000, { ...BARE, dictionary, values }]]);
  await assert.rejects(columnOf(many), /its number of rows is 4000000/);
});
