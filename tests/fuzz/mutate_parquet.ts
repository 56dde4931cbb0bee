/** Parquet files made anew from a whole one, with damage below the checksums and the lengths that would give it away. */
import { Buffer } from "node:buffer";
import { gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Codec, ConvertedType, Encoding, PageType, Repetition } from "../../engine/parquet/format.ts";
import { ThriftStruct } from "../../engine/parquet/read_thrift.ts";
import { struct, type Value } from "../../engine/parquet/write_thrift.ts";
import { RECORDING_KEY } from "../../runtime/recording.ts";
import type { Draw } from "./draw.ts";
import { mutateBytes } from "./mutate_bytes.ts";
import { mutateJson } from "./mutate_json.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const EXTREMES = [-1, 0, 1, 7, 127, 2 ** 15, 2 ** 24, 2 ** 31 - 1, -(2 ** 31)];

const COMPRESS: Record<number, (bytes: Bytes) => Bytes> = {
  [Codec.UNCOMPRESSED]: (bytes) => bytes,
  [Codec.ZSTD]: (bytes) => new Uint8Array(zstdCompressSync(bytes)),
  [Codec.GZIP]: (bytes) => new Uint8Array(gzipSync(bytes)),
  [Codec.SNAPPY]: snappyLiterals,
};

const NEVER = 2 ** 32;

/** How often something is damaged: one in so many. */
interface Odds {
  number: number;
  body: number;
}

/** The file again, with pages, page headers and footer that may say anything. */
export function mutateParquet(file: Bytes, draw: Draw): Bytes {
  const odds: Odds = draw.pick([{ number: 400, body: NEVER }, { number: NEVER, body: 40 }, {
    number: 2_000,
    body: 200,
  }]);
  /** The number, or another one. */
  const number = (value: number) =>
    draw.oneIn(odds.number) ? draw.pick([...EXTREMES, value + 1, value - 1]) : value;
  const long = (value: number) => BigInt(number(value));
  const footerBytes = new DataView(file.buffer).getUint32(file.length - 8, true);
  const footer = new ThriftStruct(file.slice(file.length - 8 - footerBytes, file.length - 8), 0);
  const parts: Bytes[] = [file.slice(0, 4)];
  let at = 4;
  const groups = footer.structs(4, (group) => {
    const columns = group.structs(1, (chunk) => {
      const facts = chunk.struct(3)!;
      const begin = facts.integer(11) ?? facts.integer(9)!;
      const bytes = file.subarray(begin, begin + facts.integer(7)!);
      const codec = draw.oneIn(20) ? draw.pick([0, 1, 2, 6, number(6)]) : Codec.ZSTD;
      const start = at;
      let dictionary: number | undefined;
      for (let place = 0; place < bytes.length;) {
        const header = new ThriftStruct(bytes, place);
        place = header.end + header.integer(3)!;
        const page = pageAgain(header, bytes.slice(header.end, place), codec, number, draw, odds);
        if (header.integer(1) === PageType.DICTIONARY) dictionary = at;
        parts.push(page);
        at += page.length;
      }
      return struct({
        3: struct({
          1: number(facts.integer(1)!),
          3: facts.texts(3)!,
          4: codec,
          5: long(facts.integer(5)!),
          7: long(at - start),
          9: long(dictionary === undefined ? start : Math.max(start, facts.integer(9)! - begin + start)),
          11: dictionary === undefined ? undefined : long(dictionary),
        }),
      });
    })!;
    return struct({ 1: columns, 3: long(group.integer(3)!) });
  })!;
  const schema = footer.structs(2, (element) => {
    const optional = <V extends Value>(value: number | undefined, make: (value: number) => V) =>
      value === undefined ? undefined : make(value);
    return struct({
      1: optional(element.integer(1), number),
      3: draw.oneIn(odds.number)
        ? draw.pick(Object.values(Repetition))
        : optional(element.integer(3), number),
      4: element.text(4)!,
      5: optional(element.integer(5), number),
      6: draw.oneIn(odds.number)
        ? draw.pick(Object.values(ConvertedType))
        : optional(element.integer(6), (value) => value),
    });
  })!;
  const metadata = footer.structs(5, (pair) => {
    const value = pair.text(2)!;
    if (pair.text(1) !== RECORDING_KEY || !draw.oneIn(4)) return struct({ 1: pair.text(1)!, 2: value });
    return struct({ 1: RECORDING_KEY, 2: mutateJson(value, draw) });
  })!;
  const named = draw.oneIn(10) ? [] : metadata;
  const end = struct({ 1: 2, 2: schema, 3: long(footer.integer(3)!), 4: groups, 5: named }).bytes;
  const tail = new Uint8Array(8);
  new DataView(tail.buffer).setUint32(0, end.length, true);
  tail.set(new TextEncoder().encode("PAR1"), 4);
  return concat([...parts, new Uint8Array(end), tail]);
}

function pageAgain(
  header: ThriftStruct,
  body: Bytes,
  codec: number,
  number: (value: number) => number,
  draw: Draw,
  odds: Odds,
): Bytes {
  let plain = header.integer(2) === 0 ? new Uint8Array(0) : new Uint8Array(zstdDecompressSync(body));
  if (draw.oneIn(odds.body)) plain = mutateBytes(plain, draw, plain);
  const stored = COMPRESS[codec]?.(plain) ?? plain;
  const [kind, facts] = [
    header.integer(1)!,
    header.struct(header.integer(1) === PageType.DICTIONARY ? 7 : 5)!,
  ];
  const encoding = draw.oneIn(odds.body)
    ? draw.pick(Object.values(Encoding))
    : facts.integer(2) ?? Encoding.PLAIN;
  const rows = number(facts.integer(1)!);
  const page = struct(
    kind === PageType.DICTIONARY
      ? { 1: kind, 2: number(plain.length), 3: number(stored.length), 7: struct({ 1: rows, 2: encoding }) }
      : draw.oneIn(20)
      ? {
        1: PageType.DATA_V2,
        2: number(plain.length),
        3: number(stored.length),
        8: struct({ 1: rows, 2: 0, 3: rows, 4: encoding, 5: number(0), 6: number(0), 7: draw.oneIn(2) }),
      }
      : {
        1: number(kind),
        2: number(plain.length),
        3: number(stored.length),
        5: struct({ 1: rows, 2: encoding, 3: Encoding.RLE, 4: Encoding.RLE }),
      },
  );
  return concat([page.bytes, stored]);
}

/** Snappy without any copies: a literal for each 60 bytes. */
function snappyLiterals(bytes: Bytes): Bytes {
  const parts: Uint8Array[] = [];
  const head: number[] = [];
  for (let size = bytes.length;; size >>>= 7) {
    head.push(size < 0x80 ? size : size & 0x7f | 0x80);
    if (size < 0x80) break;
  }
  parts.push(Uint8Array.from(head));
  for (let at = 0; at < bytes.length; at += 60) {
    const literal = bytes.subarray(at, at + 60);
    parts.push(Uint8Array.of(literal.length - 1 << 2), literal);
  }
  return concat(parts);
}

function concat(parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(Buffer.concat(parts));
}
