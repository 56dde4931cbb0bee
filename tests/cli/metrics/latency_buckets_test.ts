import assert from "node:assert/strict";
import { countLatencies, LATENCY_BOUNDS } from "../../../cli/metrics/latency_buckets.ts";
import { bucketIndex } from "../../../engine/stats/buckets.ts";

Deno.test("Every latency counts in the bucket whose bounds it lies between, exactly", () => {
  const boundsNs = LATENCY_BOUNDS.map((bound) => Math.round(bound * 1e9));
  const values = [
    ...boundsNs.flatMap((ns) => [ns - 1, ns, ns + 1]),
    0,
    1,
    2 ** 50,
  ];
  for (const value of values) {
    const counts = countLatencies({
      indexes: Uint16Array.of(bucketIndex(value)),
      counts: Float64Array.of(1),
    });
    const wanted = boundsNs.findIndex((bound) => value <= bound);
    assert.equal(counts.indexOf(1), wanted === -1 ? boundsNs.length : wanted, `${value} ns`);
  }
});

Deno.test("What was counted is counted once", () => {
  const indexes = Uint16Array.from([3, 60, 200, 201, 500, 1500]);
  const counts = countLatencies({ indexes, counts: Float64Array.of(1, 2, 3, 4, 5, 6) });
  assert.equal(counts.length, LATENCY_BOUNDS.length + 1);
  assert.equal(counts.reduce((sum, count) => sum + count), 21);
});
