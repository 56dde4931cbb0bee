import { require } from "./damage.ts";
import { varint } from "./read_thrift.ts";

/**
 * Decompresses Snappy's raw format (`format_description.txt` of google/snappy) to exactly `size` bytes. Every element must
 * have its bytes and fit into the announced size, so that time and memory are bounded by the sizes.
 */
export function snappyDecompress(bytes: Uint8Array, size: number): Uint8Array {
  const { value: announced, at: first } = varint(bytes, 0);
  require(announced === size, () => `compressed bytes announce ${announced} bytes, their page ${size}`);
  const output = new Uint8Array(size);
  let done = 0;
  for (let at = first; at < bytes.length;) {
    const tag = bytes[at++];
    const isLiteral = (tag & 3) === 0;
    // The length of a literal or the offset of a copy may follow the tag.
    const extra = isLiteral ? Math.max(0, (tag >> 2) - 59) : [0, 1, 2, 4][tag & 3];
    require(at + extra <= bytes.length, () => "compressed bytes end in the middle of an element");
    let number = 0;
    for (let i = 0; i < extra; i++) number += bytes[at++] * 2 ** (8 * i);
    const length = isLiteral
      ? 1 + (extra === 0 ? tag >> 2 : number)
      : (tag & 3) === 1
      ? 4 + (tag >> 2 & 7)
      : 1 + (tag >> 2);
    require(length <= size - done, () => `compressed bytes make more than the ${size} bytes announced`);
    if (isLiteral) {
      require(length <= bytes.length - at, () => "compressed bytes end in the middle of a literal");
      output.set(bytes.subarray(at, at + length), done);
      at += length;
    } else {
      const back = (tag & 3) === 1 ? (tag >> 5) * 0x100 + number : number;
      require(
        back > 0 && back <= done,
        () => `compressed bytes copy from ${back} bytes back, ${done} are available`,
      );
      if (back >= length) output.copyWithin(done, done - back, done - back + length);
      else for (let i = done; i < done + length; i++) output[i] = output[i - back];
    }
    done += length;
  }
  require(done === size, () => `compressed bytes make ${done} bytes, ${size} were announced`);
  return output;
}
