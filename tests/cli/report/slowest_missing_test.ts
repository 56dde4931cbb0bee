import assert from "node:assert/strict";
import { missedSince, MissedSlow, slowestMissing } from "../../../cli/report/slowest_missing.ts";
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

Deno.test("Each report is told of what was missed after the one before it", () => {
  const missed = new MissedSlow();
  const upTo = (calls: number) => new Uint32Array(64).fill(calls, 30, 31);
  assert.deepEqual([upTo(3), upTo(3), upTo(8)].map((now) => missed.since(now, rows(5))), [3, 0, 5]);
  assert.equal(missed.since(null, rows(5)), 0);
});
