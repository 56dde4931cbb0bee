import assert from "node:assert/strict";
import { Damage } from "../../../engine/parquet/damage.ts";
import { readRunLength } from "../../../engine/parquet/read_run_length.ts";
import { ThriftStruct } from "../../../engine/parquet/read_thrift.ts";
import {
  encodeDictionary,
  INT32,
  INT64,
  TEXT,
  UINT32,
  type ValueCodec,
} from "../../../engine/parquet/write_dictionary.ts";
import { Bitmap, levelsOf } from "../../../engine/parquet/write_levels.ts";
import { Int32Column, Int64Column } from "../../../engine/parquet/write_numbers.ts";
import { struct } from "../../../engine/parquet/write_thrift.ts";
import { random, testSeed } from "../batches.ts";

const SEED = testSeed();

function damaged(work: () => void, message: RegExp): void {
  assert.throws(work, (error) => error instanceof Damage && message.test(error.message));
}

Deno.test("Levels are one run where all rows are alike, and read back as they were", () => {
  const next = random(SEED);
  for (const length of [1, 7, 8, 9, 1_000]) {
    for (const share of [0, 0.5, 1]) {
      const bitmap = new Bitmap(1_000);
      const wanted = Uint8Array.from({ length }, () => next() < share ? 1 : 0);
      for (const bit of wanted) bitmap.push(bit as 0 | 1);
      const levels = levelsOf(bitmap);
      if (share !== 0.5) assert.ok(levels.length <= 4);
      const found = new Uint8Array(length);
      readRunLength(levels, 0, levels.length, 1, found);
      assert.deepEqual(found, wanted);
      bitmap.clear();
      assert.deepEqual([bitmap.length, bitmap.ones, bitmap.bytes.some((byte) => byte !== 0)], [0, 0, false]);
    }
  }
});

Deno.test("Positions in a dictionary take as many bytes as it needs, and nulls take none", () => {
  for (const [count, bits] of [[1, 8], [256, 8], [257, 16], [65_536, 16], [65_537, 24]]) {
    const values = [null, ...Array.from({ length: count }, (_, i) => `name ${i}`)];
    const codes = Uint32Array.from({ length: 2 * count + 3 }, (_, i) => i % (count + 1));
    const column = encodeDictionary(codes, codes.length, values, TEXT, true);
    assert.equal(column.values[0], bits);
    assert.equal(column.dictionary!.count, count);
    const stored = codes.filter((code) => code !== 0);
    assert.equal(column.nulls, codes.length - stored.length);
    const found = new Uint32Array(stored.length);
    readRunLength(column.values, 1, column.values.length, bits, found);
    assert.deepEqual(found, stored.map((code) => code - 1));
  }
});

Deno.test("Values that no row has are in no dictionary, and equal ones are there once", () => {
  const column = encodeDictionary(Uint8Array.of(1, 3, 4, 3), 4, [null, "b", "unused", "a", "b"], TEXT, false);
  assert.equal(column.dictionary!.count, 2);
  assert.deepEqual(column.bounds!.map((bytes) => new TextDecoder().decode(bytes)), ["a", "b"]);
});

Deno.test("Texts are stored after their length in bytes, with the first and the last by their bytes as bounds", () => {
  const stored = (values: string[]) => {
    const { dictionary, bounds } = encodeDictionary(Uint8Array.of(0, 1), 2, values, TEXT, false);
    return [dictionary!.bytes, bounds?.map((bytes) => new TextDecoder().decode(bytes)) ?? null];
  };
  assert.deepEqual(stored(["b", "ab"]), [Uint8Array.of(1, 0, 0, 0, 98, 2, 0, 0, 0, 97, 98), ["ab", "b"]]);
  assert.deepEqual(stored(["", "a\0"]), [Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0, 97, 0), ["", "a\0"]]);
  assert.deepEqual(stored(["b", "é"]), [Uint8Array.of(1, 0, 0, 0, 98, 2, 0, 0, 0, 0xc3, 0xa9), ["b", "é"]]);
  // By their units of 16 bits these two are the other way round.
  assert.deepEqual(stored(["\u{10000}", "\uffff"])[1], ["\uffff", "\u{10000}"]);
  for (const letter of ["a", "é"]) assert.equal(stored(["a", letter.repeat(129)])[1], null);
});

Deno.test("Numbers are stored in their width, with the smallest and the largest as bounds", () => {
  const stored = (values: number[], codec: ValueCodec<number>) => {
    const { dictionary, bounds } = encodeDictionary(Uint8Array.of(0, 1, 2), 3, values, codec, false);
    return [dictionary!.bytes, ...bounds!].map((bytes) => bytes.toHex());
  };
  const [low, one, high] = ["feffffff", "01000000", "ffffff7f"];
  assert.deepEqual(stored([1, -2, 2 ** 31 - 1], INT32), [one + low + high, low, high]);
  assert.deepEqual(stored([1, 2 ** 32 - 2, 2 ** 31 - 1], UINT32), [one + low + high, one, low]);
  const [less, zero, more] = ["ffffffffffffffff", "0".repeat(16), "0000000000002000"];
  assert.deepEqual(stored([NaN, -1, 2 ** 53], INT64), [zero + less + more, less, more]);
});

Deno.test("A column of which no row has a value has no dictionary", () => {
  const { levels, nulls, dictionary, values, bounds } = encodeDictionary(
    Uint8Array.of(0, 0),
    2,
    [null, "a"],
    TEXT,
    true,
  );
  assert.deepEqual([levels, nulls, dictionary, values, bounds], [
    Uint8Array.of(4, 0),
    2,
    null,
    new Uint8Array(),
    null,
  ]);
});

Deno.test("Runs and packed groups of every width are read, by the bits that the format has", () => {
  const next = random(SEED);
  for (let bits = 1; bits <= 32; bits++) {
    const packed = Array.from({ length: 16 }, () => Math.floor(next() * 2 ** bits));
    const bytes: number[] = [2 << 1 | 1];
    let all = 0n;
    for (const [i, value] of packed.entries()) all |= BigInt(value) << BigInt(i * bits);
    for (let i = 0; i < 2 * bits; i++) bytes.push(Number(all >> BigInt(8 * i) & 0xffn));
    const run = Math.floor(next() * 2 ** bits);
    bytes.push(300 << 1 & 0x7f | 0x80, 300 >> 6);
    for (let i = 0; i < Math.ceil(bits / 8); i++) bytes.push(Math.floor(run / 2 ** (8 * i)) & 0xff);
    const found = new Uint32Array(316);
    readRunLength(Uint8Array.from(bytes), 0, bytes.length, bits, found);
    assert.deepEqual([...found], [...packed, ...Array(300).fill(run)], `${bits} bits`);
  }
});

Deno.test("Runs that go over their page, or say nothing, are refused", () => {
  const read = (bytes: number[], length: number, bits = 8) =>
    readRunLength(Uint8Array.from(bytes), 0, bytes.length, bits, new Uint32Array(length));
  damaged(() => read([], 1), /a page ends after 0 of 1 numbers/);
  damaged(() => read([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1), /a run in a page has no length/);
  damaged(() => read([3, 1, 2], 8), /packed numbers extend past the end/);
  damaged(() => read([20], 8), /a run extends past the end/);
  damaged(() => read([0, 1], 8), /an empty run/);
  damaged(() => read([1], 8), /an empty run/);
  damaged(() => read([2, 1], 1, 33), /numbers of 33 bits, at most 32/);
  read([0xfe, 0xff, 0xff, 0xff, 0x0f, 7], 5); // longer than asked for
});

const longs = (bytes: Uint8Array) => [...new BigInt64Array(bytes.slice().buffer)].map(Number);

Deno.test("Whole numbers of doubles become 64 bits, and may be mapped to others", () => {
  const values = [0, 1, -1, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), 2 ** 53, -(2 ** 53), 123_456_789_012_345];
  const column = new Int64Column(16, true);
  column.addNumbers(Float64Array.of(NaN, ...values, Infinity), 0, values.length + 2);
  const { nulls, values: bytes, bounds } = column.encode(values.length + 2);
  assert.equal(nulls, 2);
  assert.deepEqual(longs(bytes), values);
  assert.equal(bounds, null, "a bound beyond 2^53 is left out");
  const half = (value: number) => Math.floor(value / 2);
  const mapped = column.encodeMapped(half);
  assert.deepEqual(longs(mapped.values), values.map(half));
  assert.deepEqual(mapped.bounds!.map((bound) => longs(bound)[0]), [-(2 ** 52), 2 ** 52]);
});

Deno.test("Numbers that follow each other have their bounds, a column without values has none", () => {
  const column = new Int64Column(16, false);
  assert.equal(column.encode(0).bounds, null);
  column.addSequence(2 ** 32 - 2, 4);
  const { values, bounds, levels } = column.encode(4);
  assert.deepEqual(longs(values), [2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]);
  assert.equal(levels, null);
  assert.deepEqual(bounds!.map((bound) => longs(bound)[0]), [2 ** 32 - 2, 2 ** 32 + 1]);
});

Deno.test("A number that stands for none is a null, unless a flag says that it was given", () => {
  const column = new Int32Column(8, -9, 4);
  column.add(Int32Array.of(3, -9, -1, -9), Uint8Array.of(0, 1, 0, 5), 0, 4);
  const { nulls, values, bounds } = column.encode();
  assert.deepEqual([nulls, [...new Int32Array(values.slice().buffer)]], [1, [3, -1, -9]]);
  assert.deepEqual(bounds!.map((bound) => new Int32Array(bound.slice().buffer)[0]), [-9, 3]);
});

Deno.test("Values of a struct of Thrift are read back, of each kind, with fields far apart", () => {
  const { bytes } = struct({
    1: 5,
    2: -(2 ** 31),
    3: 2n ** 52n - 1n,
    4: -(2n ** 52n - 1n),
    5: "ä",
    6: ["a", "b"],
    7: true,
    8: false,
    9: undefined,
    15: struct({ 14: -1 }),
    16: Array.from({ length: 20 }, (_, i) => struct({ 1: i })),
    17: [],
  });
  const read = new ThriftStruct(bytes, 0);
  assert.equal(read.end, bytes.length);
  assert.deepEqual([1, 2, 3, 4, 5].map((id) => read.integer(id)), [
    5,
    -(2 ** 31),
    2 ** 52 - 1,
    -(2 ** 52 - 1),
    undefined,
  ]);
  assert.deepEqual([read.text(5), read.texts(6), read.text(1)], ["ä", ["a", "b"], undefined]);
  assert.deepEqual([7, 8, 9].map((id) => read.boolean(id)), [true, false, undefined]);
  assert.equal(read.struct(15)!.integer(14), -1);
  assert.deepEqual(read.structs(16, (one) => one.integer(1)), Array.from({ length: 20 }, (_, i) => i));
  assert.deepEqual(read.structs(17, () => 0), []);
  assert.equal(read.structs(6, () => 0), undefined);
});

Deno.test("A struct of Thrift is followed to its end, and none that goes beyond it", () => {
  const read = (bytes: Uint8Array) => () => new ThriftStruct(bytes, 0);
  // field 1: i32 5; field 2: binary "ab"; field 3: list of two structs; field 20: true
  const whole = Uint8Array.of(0x15, 10, 0x18, 2, 97, 98, 0x19, 0x2c, 0x15, 2, 0, 0, 0x01, 40, 0);
  assert.equal(read(whole)().end, whole.length);
  assert.equal(read(whole)().boolean(20), true);
  for (let length = 0; length < whole.length; length++) {
    damaged(read(whole.subarray(0, length)), /has no end|are left/);
  }
  damaged(read(Uint8Array.of(0x18, 0xff, 0xff, 0xff, 0xff, 0x07, 0)), /a length is \d+, 1 bytes are left/);
  damaged(read(Uint8Array.of(0x19, 0xf5, 0xff, 0xff, 0xff, 0x07, 0)), /a length is/);
  damaged(read(new Uint8Array(40).fill(0x1c)), /nested deeper than 16/);
  damaged(read(Uint8Array.of(0x15, ...Array(12).fill(0x80), 0)), /longer than 10 bytes/);
  damaged(read(Uint8Array.of(0x1d, 0)), /a field has the type 13/);
});
