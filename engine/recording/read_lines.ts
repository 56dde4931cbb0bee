import { require } from "../parquet/damage.ts";

/** Bytes read at once. */
const CHUNK_BYTES = 256 * 1024;

/** Longest line: a row with two paths of 4096 bytes, each byte escaped, takes a twentieth of this. */
const MOST_LINE_CHARACTERS = 1024 * 1024;

/** Lines of a text, and whether the last one is truncated. */
export interface Lines {
  lines: string[];
  /** True when no line feed follows the last one. */
  cut: boolean;
}

/** Reads a stream as lines, some at a time. Throws `Damage` for a line that is too long to be a row. */
export async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    require(
      rest.length <= MOST_LINE_CHARACTERS,
      () => `a line has more than ${MOST_LINE_CHARACTERS} characters`,
    );
    if (lines.length > 0) yield { lines, cut: false };
  }
  rest += decoder.decode();
  if (rest !== "") yield { lines: [rest], cut: true };
}

/** The bytes of a file, some at a time. */
export async function* fileBytes(file: {
  size: number;
  read(at: number, length: number): Promise<Uint8Array>;
}): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size;) {
    const bytes = await file.read(at, CHUNK_BYTES);
    if (bytes.length === 0) return;
    yield bytes;
    at += bytes.length;
  }
}
