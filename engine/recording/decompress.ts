import { require } from "../parquet/damage.ts";

// Not imported by name: a bundle would load it whenever ior starts.
const { constants, createGunzip, createZstdDecompress } = await import("node:zlib");

/** Maximum growth of compressed bytes: rows of one program in a loop grow a hundredfold, far below this. */
const MOST_GROWTH = { few: 16 * 1024 * 1024, perByte: 1_000 };

/** The formats by their first bytes. A truncated stream is read up to its end, as truncated text is. */
const FORMS = [
  {
    magic: [0x1f, 0x8b],
    isOfFrames: false,
    create: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    isOfFrames: true,
    create: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_continue }),
  },
];

/** True for bytes that begin as gzip or Zstandard. */
export function isCompressed(begin: Uint8Array): boolean {
  return formOf(begin) !== undefined;
}

/** Decompresses a gzip or Zstandard stream; any other stays unchanged. Throws `Damage` when it grows too much. */
export async function* plainBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = withFirst(stream);
  const { value: begin } = await chunks.next();
  const form = begin && formOf(begin);
  if (form === undefined) return yield* chunks;
  let taken = 0;
  let made = 0;
  let rest: Uint8Array = new Uint8Array(0);
  // A decompressor takes nothing behind a Zstandard frame that ends within a chunk: pzstd and cat make files of several.
  do {
    const unpacker = form.create();
    const over = new Promise<void>((resolve) => unpacker.once("end", resolve).once("close", resolve));
    const feeding = (async () => {
      while (true) {
        if (rest.length === 0) {
          const { value, done } = await chunks.next();
          if (done) return unpacker.end();
          rest = value;
          taken += rest.length;
        }
        const before = unpacker.bytesWritten;
        await Promise.race([new Promise<void>((resolve) => unpacker.write(rest, () => resolve())), over]);
        rest = rest.subarray(unpacker.bytesWritten - before);
        if (unpacker.destroyed || rest.length > 0) return;
      }
    })().catch((error) => unpacker.destroy(error));
    try {
      for await (const bytes of unpacker) {
        made += bytes.length;
        require(
          made <= MOST_GROWTH.few + MOST_GROWTH.perByte * taken,
          () => `${taken} compressed bytes grow more than ${MOST_GROWTH.perByte} times`,
        );
        yield bytes;
      }
    } finally {
      unpacker.destroy();
      await feeding;
    }
  } while (rest.length > 0 && form.isOfFrames);
}

/** The chunks of a stream, the first of them twice: once to inspect. */
async function* withFirst(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let isFirst = true;
  for await (const bytes of stream) {
    if (isFirst) yield bytes;
    isFirst = false;
    yield bytes;
  }
}

function formOf(begin: Uint8Array) {
  return FORMS.find(({ magic }) => magic.every((byte, i) => begin[i] === byte));
}
