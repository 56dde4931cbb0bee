import assert from "node:assert/strict";
import { FileUses, Use } from "../../../engine/stats/uses.ts";

Deno.test("Calls of a use on one file are counted beyond 2^32, and it stays their place", () => {
  const uses = new FileUses(10);
  const file = { row: 1, path: "/log", directory: "/" };
  for (let i = 0; i < 4; i++) uses.add(file.row, Use.tiny_write, 2 ** 30, 1);
  assert.deepEqual(uses.toData([file]), [{
    use: "tiny_write",
    calls: 2 ** 32,
    totalNs: 4,
    files: 1,
    place: { path: "/log", directory: false, calls: 2 ** 32 },
  }]);
});
