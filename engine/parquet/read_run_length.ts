import { require } from "./damage.ts";

/**
 * Reads `out.length` numbers of `bits` bits from Parquet's mix of runs and packed groups of eight, from `at` on. Reads no
 * byte at or after `end` and no more numbers than asked for, whatever the bytes claim.
 */
export function readRunLength(
  bytes: Uint8Array,
  at: number,
  end: number,
  bits: number,
  out: Uint32Array | Uint8Array,
): void {
  require(bits <= 32, () => `a page has numbers of ${bits} bits, at most 32 are possible`);
  const width = Math.ceil(bits / 8);
  for (let done = 0; done < out.length;) {
    let head = 0;
    let shift = 1;
    while (true) {
      require(at < end, () => `a page ends after ${done} of ${out.length} numbers`);
      const byte = bytes[at++];
      head += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
      shift *= 0x80;
      require(shift < 2 ** 42, () => "a run in a page has no length");
    }
    const count = Math.floor(head / 2);
    if (head % 2 === 1) {
      const numbers = Math.min(8 * count, out.length - done);
      require(
        at + Math.ceil(numbers * bits / 8) <= end,
        () => "packed numbers extend past the end of their page",
      );
      unpack(bytes, at, bits, out, done, numbers);
      at += count * bits;
      done += numbers;
      require(numbers > 0, () => "a page has an empty run");
    } else {
      require(at + width <= end, () => "a run extends past the end of its page");
      let value = 0;
      for (let i = 0; i < width; i++) value += bytes[at++] * 2 ** (8 * i);
      require(count > 0, () => "a page has an empty run");
      out.fill(value, done, done + Math.min(count, out.length - done));
      done += Math.min(count, out.length - done);
    }
  }
}

/** Unpacks `count` numbers, with a fast path for whole bytes, which ior writes. */
function unpack(
  bytes: Uint8Array,
  at: number,
  bits: number,
  out: Uint32Array | Uint8Array,
  from: number,
  count: number,
): void {
  if (bits === 8) return out.set(bytes.subarray(at, at + count), from);
  if (bits === 16) {
    for (let i = 0; i < count; i++, at += 2) out[from + i] = bytes[at] | bytes[at + 1] << 8;
    return;
  }
  if (bits === 1) {
    for (let i = 0; i < count; i++) out[from + i] = bytes[at + (i >> 3)] >> (i & 7) & 1;
    return;
  }
  let held = 0;
  let heldBits = 0;
  const over = 2 ** bits;
  for (let i = 0; i < count; i++) {
    // At most 39 bits are in hand: doubles hold them, 32-bit shifts do not.
    while (heldBits < bits) {
      held += bytes[at++] * 2 ** heldBits;
      heldBits += 8;
    }
    const rest = Math.floor(held / over);
    out[from + i] = held - rest * over;
    held = rest;
    heldBits -= bits;
  }
}
