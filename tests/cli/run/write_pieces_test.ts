import assert from "node:assert/strict";
import { writePieces } from "../../../cli/run/write_pieces.ts";
import type { Output } from "../../../cli/run/output.ts";

/** An output whose reader goes away after so many pieces, and what was written to it. */
function outputFor(pieces: number): { output: Output; written: string[]; waits: () => number } {
  const written: string[] = [];
  let waits = 0;
  const output: Output = {
    leavesPart: false,
    get closed() {
      return written.length >= pieces;
    },
    hasRoom: true,
    room: () => Promise.resolve(void waits++),
    write: (data) => void written.push(String(data)),
    finish: () => Promise.resolve(),
    abandon: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { output, written, waits: () => waits };
}

Deno.test("Pieces are written in order, and each waits for room", async () => {
  const { output, written, waits } = outputFor(Infinity);
  await writePieces(output, ["a", "b", "c"]);
  assert.deepEqual(written, ["a", "b", "c"]);
  assert.equal(waits(), 3);
});

Deno.test("No piece is made for a reader that has gone", async () => {
  let made = 0;
  const pieces = function* () {
    for (;;) yield String(++made);
  };
  const { output } = outputFor(2);
  await writePieces(output, pieces());
  assert.equal(made, 2);
});
