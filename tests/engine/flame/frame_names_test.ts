import assert from "node:assert/strict";
import { FrameNames, OTHER_NAME, ROOT_NAME } from "../../../engine/flame/frame_names.ts";

Deno.test("A name has one number, and a traced one is never that of folded frames", () => {
  const names = new FrameNames();
  const a = names.number("a");
  assert.equal(names.number("a"), a);
  assert.deepEqual([names.number(""), names.texts[a], names.texts[OTHER_NAME]], [ROOT_NAME, "a", "[other]"]);
  assert.notEqual(names.number("[other]"), OTHER_NAME);
});

Deno.test("Names that are kept have new numbers, and the list of before stays as it was", () => {
  const names = new FrameNames();
  const [a, b, c] = ["a", "b", "c"].map((text) => names.number(text));
  const before = names.texts;
  const renumbered = names.keep([ROOT_NAME, c, OTHER_NAME, a, c]);
  assert.deepEqual([before[a], before[b], before[c]], ["a", "b", "c"]);
  assert.deepEqual([names.texts[renumbered[a]], names.texts[renumbered[c]]], ["a", "c"]);
  assert.deepEqual([renumbered[ROOT_NAME], renumbered[OTHER_NAME]], [ROOT_NAME, OTHER_NAME]);
  assert.equal(names.texts.length, 4);
  assert.deepEqual([names.number("c"), names.number("b")], [renumbered[c], 4]);
});
