/** Damage of every sort to bytes of any form. */
import type { Draw } from "./draw.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Largest input made: a repeated block does not grow it without end. */
const MOST_BYTES = 256 * 1024;

/** Bytes that begin or end something in many forms. */
const EDGES = [0, 1, 2, 0x0a, 0x22, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xed, 0xf8, 0xfe, 0xff];

/** Numbers at the edges of what lengths and counts are stored in. */
const EXTREMES = [
  0n,
  1n,
  2n ** 7n,
  2n ** 15n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  -1n,
];

const MUTATIONS: readonly ((bytes: Bytes, draw: Draw, other: Bytes) => Bytes)[] = [
  function flipBit(bytes, { whole }) {
    bytes[whole(bytes.length)] ^= 1 << whole(8);
    return bytes;
  },
  function setByte(bytes, { whole, oneIn, pick }) {
    bytes[whole(bytes.length)] = oneIn(2) ? whole(256) : pick(EDGES);
    return bytes;
  },
  function setNumber(bytes, { whole, pick }) {
    const number = new BigInt64Array([BigInt.asIntN(64, pick(EXTREMES))]);
    const stored = new Uint8Array(number.buffer, 0, pick([2, 4, 8]));
    const at = whole(bytes.length);
    bytes.set(stored.subarray(0, bytes.length - at), at);
    return bytes;
  },
  function setVarint(bytes, { whole }) {
    const at = whole(bytes.length);
    const end = Math.min(bytes.length, at + 1 + whole(10));
    for (let i = at; i < end - 1; i++) bytes[i] = 0x80 | whole(128);
    bytes[end - 1] &= 0x7f;
    return bytes;
  },
  (bytes, { whole }) => bytes.slice(0, whole(bytes.length + 1)),
  (bytes, { whole }) => bytes.slice(whole(bytes.length)),
  function remove(bytes, { whole }) {
    const at = whole(bytes.length);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + whole(64)));
  },
  function repeat(bytes, { whole, pick }) {
    const at = whole(bytes.length);
    const block = bytes.subarray(at, at + 1 + whole(pick([8, 64, 1024])));
    const times = Math.min(1 + whole(pick([2, 8, 2_000])), Math.ceil(MOST_BYTES / block.length));
    return join(bytes.subarray(0, at), ...Array<Bytes>(times).fill(block), bytes.subarray(at));
  },
  function splice(bytes, { whole }, other) {
    const from = whole(other.length);
    const at = whole(bytes.length);
    return join(
      bytes.subarray(0, at),
      other.subarray(from, from + whole(512)),
      bytes.subarray(at + whole(512)),
    );
  },
  (bytes, { whole }, other) =>
    join(bytes.subarray(0, whole(bytes.length)), other.subarray(whole(other.length))),
];

/** Bytes with some damage; `other` is what pieces come from. */
export function mutateBytes(bytes: Bytes, draw: Draw, other: Bytes): Bytes {
  let changed = bytes.slice();
  for (let times = 1 + draw.whole(4); times > 0 && changed.length > 0; times--) {
    changed = draw.pick(MUTATIONS)(changed, draw, other);
  }
  return changed.slice(0, MOST_BYTES);
}

function join(...parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
