import assert from "node:assert/strict";
import { LATENCY_BOUNDS, LATENCY_ENDS } from "../../../cli/metrics/latency_buckets.ts";
import { SumField } from "../../../runtime/metric_sums.ts";
import { batchOf, taskName } from "../../engine/batches.ts";
import { engine, READ } from "./observed.ts";

/** How many calls of these latencies count in each bucket. */
function countsOf(latenciesNs: readonly number[]): number[] {
  const stats = engine();
  stats.ingest(
    batchOf(latenciesNs.map((durationNs) => ({ nr: READ, durationNs })), { tasks: [taskName(1, 70)] }),
  );
  const { syscalls, width } = stats.sums(LATENCY_ENDS);
  return [...syscalls.values.subarray(SumField.LATENCIES, width)];
}

Deno.test("Every latency counts in the bucket whose bounds it lies between, exactly", () => {
  const boundsNs = LATENCY_BOUNDS.map((bound) => Math.round(bound * 1e9));
  const values = [
    ...boundsNs.flatMap((ns) => [ns - 1, ns, ns + 1]),
    0,
    1,
    2 ** 50,
  ];
  for (const value of values) {
    const wanted = boundsNs.findIndex((bound) => value <= bound);
    assert.equal(
      countsOf([value]).indexOf(1),
      wanted === -1 ? boundsNs.length : wanted,
      `${value} ns`,
    );
  }
});

Deno.test("What was counted is counted once", () => {
  const counts = countsOf([3, 60, 60, 500, 5e5, 5e5, 5e8, 5e12]);
  assert.equal(counts.length, LATENCY_BOUNDS.length + 1);
  assert.equal(counts.reduce((sum, count) => sum + count), 8);
});
