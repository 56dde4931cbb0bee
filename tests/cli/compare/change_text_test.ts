import assert from "node:assert/strict";
import { changeText } from "../../../cli/compare/change_text.ts";

Deno.test("What is left of a value is told from nothing, however little it is", () => {
  const text = (before: number, after: number) => changeText("count", { before, after }, false);
  assert.equal(text(200, 1), "-99.5%");
  assert.equal(text(1_000_000, 1), "-99.9%");
  assert.equal(text(200, 0), "-100%");
  assert.equal(text(200, 2), "-99%");
  assert.equal(text(10, 11), "+10%");
  assert.equal(text(1, 200), "200x");
});
