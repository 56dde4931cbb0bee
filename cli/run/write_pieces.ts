import type { Output } from "./output.ts";

/** Writes long data piece by piece, no faster than the reader takes it. Rejects when the output cannot be written. */
export async function writePieces(output: Output, pieces: Iterable<string | Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    output.write(piece);
    await output.room();
    if (output.closed) return;
  }
}
