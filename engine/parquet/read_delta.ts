/** Values stored as differences: see `Encodings.md` of the Parquet format. */
import { require } from "./damage.ts";
import { varint } from "./read_thrift.ts";

/** Reads `count` whole numbers from `at` on, and returns where they end. */
export function readDeltaNumbers(
  bytes: Uint8Array,
  at: number,
  count: number,
): { values: BigInt64Array; at: number } {
  const head: number[] = [];
  while (head.length < 3) {
    const number = varint(bytes, at);
    head.push(number.value);
    at = number.at;
  }
  const [blockSize, blockParts, announced] = head;
  const partSize = blockSize / blockParts;
  require(announced === count, () => `a page has ${announced} numbers, it must have ${count}`);
  require(
    partSize > 0 && partSize <= 2 ** 20 && partSize % 8 === 0,
    () => `differences come in ${blockParts} parts of ${blockSize}`,
  );
  const values = new BigInt64Array(count);
  let value: bigint;
  ({ value, at } = longZigzag(bytes, at));
  if (count > 0) values[0] = value;
  for (let done = 1; done < count;) {
    let least: bigint;
    ({ value: least, at } = longZigzag(bytes, at));
    require(at + blockParts <= bytes.length, () => "differences end before their page does");
    const widths = bytes.subarray(at, at += blockParts);
    for (let part = 0; part < blockParts && done < count; part++) {
      const bits = widths[part];
      require(
        bits <= 64 && at + bits * partSize / 8 <= bytes.length,
        () => "differences extend past the end of their page",
      );
      const most = Math.min(partSize, count - done);
      for (let i = 0; i < most; i++) {
        value += least + bitsAt(bytes, at, i * bits, bits);
        values[done++] = value;
        value = values[done - 1]; // it wraps at 64 bits
      }
      at += bits * partSize / 8;
    }
  }
  return { values, at };
}

/** Reads `count` byte arrays whose lengths come first, as parts of the page. */
export function readDeltaLengths(bytes: Uint8Array, from: number, count: number): Uint8Array[] {
  const { values: lengths, at: first } = readDeltaNumbers(bytes, from, count);
  let at = first;
  return Array.from(lengths, (length) => {
    require(
      length >= 0n && at + Number(length) <= bytes.length,
      () => "a text extends past the end of its page",
    );
    return bytes.subarray(at, at += Number(length));
  });
}

/** Reads `count` byte arrays, each with a prefix of the one before, of at most `mostBytes` bytes in total. */
export function readDeltaTexts(bytes: Uint8Array, count: number, mostBytes: number): Uint8Array[] {
  const { values: shared, at } = readDeltaNumbers(bytes, 0, count);
  let before = new Uint8Array(0);
  let total = 0;
  return readDeltaLengths(bytes, at, count).map((rest, i) => {
    const begin = Number(shared[i]);
    require(
      begin >= 0 && begin <= before.length,
      () => `a text repeats ${begin} bytes of a text of ${before.length}`,
    );
    total += begin + rest.length;
    require(total <= mostBytes, () => `the texts of a page have more than ${mostBytes} bytes`);
    const text = new Uint8Array(begin + rest.length);
    text.set(before.subarray(0, begin));
    text.set(rest, begin);
    return before = text;
  });
}

/** The number of `bits` bits that begins `from` bits after `at`. */
function bitsAt(bytes: Uint8Array, at: number, from: number, bits: number): bigint {
  let number = 0n;
  let got = 0;
  for (let byte = at + (from >> 3), skip = from & 7; got < bits; byte++, skip = 0) {
    number |= BigInt(bytes[byte] >> skip) << BigInt(got);
    got += 8 - skip;
  }
  return BigInt.asUintN(bits, number);
}

function longZigzag(bytes: Uint8Array, at: number): { value: bigint; at: number } {
  const { at: end } = varint(bytes, at);
  let number = 0n;
  for (let i = end - 1; i >= at; i--) number = number << 7n | BigInt(bytes[i] & 0x7f);
  return { value: BigInt.asIntN(64, number >> 1n ^ -(number & 1n)), at: end };
}
