import assert from "node:assert/strict";
import { longer } from "../../runtime/longer.ts";

Deno.test("a longer column has what the column had, zeros behind, and a quarter more room", () => {
  const grown = longer(Int32Array.of(1, 2, 3, 4), 2);
  assert.deepEqual(grown, Int32Array.of(1, 2, 3, 4, 0));
  assert.deepEqual(longer(new Float64Array(0), 3), new Float64Array(3));
  assert.deepEqual(longer(Uint8Array.of(9), 4), Uint8Array.of(9, 0, 0, 0));
});
