import assert from "node:assert/strict";
import { bucketOfRank, middleOf, quantileRank } from "../../runtime/quantile.ts";

Deno.test("The rank of a quantile is the nearest one, and none is below the first value", () => {
  const ranks = [[10, 0.5], [11, 0.5], [100, 0.99], [1, 0.99], [7, 0], [7, 1]].map(([n, q]) =>
    quantileRank(n, q)
  );
  assert.deepEqual(ranks, [5, 6, 99, 1, 1, 7]);
  for (const q of [-0.1, 1.1, NaN]) assert.throws(() => quantileRank(1, q), /must be from 0 to 1/);
});

Deno.test("A rank is in the first bucket that has so many values up to its end", () => {
  assert.deepEqual([1, 2, 3, 5, 6].map((rank) => bucketOfRank([2, 0, 3], rank)), [0, 0, 2, 2, -1]);
  assert.equal(bucketOfRank([], 1), -1);
});

Deno.test("The middle of a bucket is one of its integers", () => {
  assert.deepEqual([middleOf(7, 8), middleOf(64, 66), middleOf(128, 132)], [7, 64, 129]);
});
