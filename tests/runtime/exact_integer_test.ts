import assert from "node:assert/strict";
import { exactDifference, exactInteger, exactSum } from "../../runtime/exact_integer.ts";

const LARGEST = Number.MAX_SAFE_INTEGER;

Deno.test("An integer is a number up to 2^53 and a bigint from there on, on both sides of 0", () => {
  for (const value of [0, 1, -1, LARGEST, -LARGEST]) assert.equal(exactInteger(BigInt(value)), value);
  for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 64n - 1n]) assert.equal(exactInteger(value), value);
});

Deno.test("Sums and differences are exact beyond 2^53, and numbers again below", () => {
  assert.equal(exactSum([]), 0);
  assert.equal(exactSum([LARGEST, 1, 1]), 9_007_199_254_740_993n);
  assert.equal(exactSum([2n ** 53n, -5]), 2 ** 53 - 5);
  assert.equal(exactDifference(9_007_199_254_740_993n, 9_007_199_254_740_992n), 1);
  assert.equal(exactDifference(-LARGEST, 2), -9_007_199_254_740_993n);
});
