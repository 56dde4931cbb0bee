import assert from "node:assert/strict";
import { foldingOrder, leastActiveFirst } from "../../../engine/flame/activity_order.ts";
import { random, testSeed } from "../batches.ts";

Deno.test("The least active come first, of equal ones the last", () => {
  assert.deepEqual([...leastActiveFirst(Int32Array.of(5, 1, 3, 1, 5))], [3, 1, 2, 4, 0]);
  assert.deepEqual([...leastActiveFirst(Int32Array.of(7, 7, 7))], [2, 1, 0]);
  assert.deepEqual([...leastActiveFirst(new Int32Array(0))], []);
});

for (const range of [2, 2_048, 2_049, 5_000_000, 2 ** 31 - 1]) {
  Deno.test(`The order is that of a plain sort for activities up to ${range}`, () => {
    const next = random(testSeed());
    const activity = Int32Array.from({ length: 3_000 }, () => Math.floor(next() * range));
    activity[7] = range;
    const expected = Array.from(activity.keys()).sort((a, b) => activity[a] - activity[b] || b - a);
    assert.deepEqual([...leastActiveFirst(activity)], expected);
  });
}

Deno.test("Of the less active half the deepest are folded first, then the others by activity", () => {
  const activity = Int32Array.of(9, 3, 3, 8, 3, 9);
  const depth = Int32Array.of(0, 1, 2, 1, 1, 2);
  assert.deepEqual([...foldingOrder(activity, depth)], [2, 4, 1, 3, 5, 0]);
});
