import { once } from "node:events";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { require } from "../parquet/damage.ts";

/** What bytes become at most: rows of one program in a loop become a hundred times as many, never so many. */
const MOST_GROWTH = { few: 16 * 1024 * 1024, perByte: 1_000 };

/** The forms by the bytes they begin with. What was cut is read up to there, as a text that was cut. */
const FORMS = [
  { magic: [0x1f, 0x8b], create: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }) },
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    create: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_continue }),
  },
];

/** True for bytes that begin as gzip or Zstandard do. */
export function isCompressed(begin: Uint8Array): boolean {
  return formOf(begin) !== undefined;
}

/** The bytes of a stream as they were before gzip or Zstandard; others as they are. Throws `Damage` when they never end. */
export async function* plainBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = withFirst(stream);
  const { value: begin } = await chunks.next();
  const form = begin && formOf(begin);
  if (form === undefined) return yield* chunks;
  let taken = 0;
  let made = 0;
  const unpacker = form.create();
  const feeding = (async () => {
    for await (const bytes of chunks) {
      taken += bytes.length;
      if (!unpacker.write(bytes)) await Promise.race([once(unpacker, "drain"), once(unpacker, "close")]);
      if (unpacker.destroyed) return;
    }
    unpacker.end();
  })().catch((error) => unpacker.destroy(error));
  try {
    for await (const bytes of unpacker) {
      made += bytes.length;
      require(
        made <= MOST_GROWTH.few + MOST_GROWTH.perByte * taken,
        () => `${taken} compressed bytes become more than ${MOST_GROWTH.perByte} times as many`,
      );
      yield bytes;
    }
  } finally {
    unpacker.destroy();
    await feeding;
  }
}

/** The chunks of a stream, the first of them twice: once to look at. */
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
