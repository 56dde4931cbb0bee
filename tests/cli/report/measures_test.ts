import assert from "node:assert/strict";
import { histogramOf } from "../../../cli/report/measures.ts";
import { bucketIndex } from "../../../engine/stats/buckets.ts";

Deno.test("The bounds of the last bucket are whole numbers that a double holds exactly", () => {
  const index = bucketIndex(Number.MAX_SAFE_INTEGER);
  const { buckets: [[low, high]] } = histogramOf({
    count: 1,
    indexes: Uint16Array.of(index),
    counts: Float64Array.of(1),
  });
  assert.ok(low < high && Number.isSafeInteger(high), `${low} to ${high}`);
});
