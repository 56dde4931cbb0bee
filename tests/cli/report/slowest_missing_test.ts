import assert from "node:assert/strict";
import { missedSince, slowestMissing } from "../../../cli/report/slowest_missing.ts";
import type { StreamRow } from "../../../runtime/row.ts";

const rows = (...latencies: number[]) => ({
  slowest: latencies.map((latencyNs) => ({ latencyNs }) as StreamRow),
});

Deno.test("Missing among the slowest are at most those that may be slower than the last of them", () => {
  const missed = new Uint32Array(64);
  [missed[4], missed[9], missed[10], missed[20]] = [1, 10, 100, 1000];
  assert.equal(slowestMissing(missed, rows(5000, 1500), 3), 1111, "there is room");
  assert.equal(slowestMissing(missed, rows(5000, 1500), 2), 1100);
  assert.equal(slowestMissing(missed, rows(5000, 2048), 2), 1000);
  assert.equal(slowestMissing(null, rows(), 2), 0, "all are rows");
});

Deno.test("What was missed in an interval is what was not missed before", () => {
  const [before, now] = [Uint32Array.of(1, 2), Uint32Array.of(1, 5)];
  assert.deepEqual(missedSince(now, before), Uint32Array.of(0, 3));
  assert.deepEqual(missedSince(now, null), now);
  assert.equal(missedSince(null, null), null);
});
