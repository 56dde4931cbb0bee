import assert from "node:assert/strict";
import { otlpRequest, traceMetrics } from "../../../cli/metrics/mod.ts";
import { checkOtlp } from "./check_otlp.ts";
import { observed, READ } from "./observed.ts";

function requestOf(calls: Parameters<typeof observed>[0]) {
  return JSON.parse(otlpRequest({
    metrics: traceMetrics(observed(calls)),
    resource: { "service.name": "ior", "process.pid": 7 },
    version: "0.1.0",
    startNs: 1_700_000_000_000_000_001n,
    nowNs: 1_700_000_060_000_000_002n,
  }));
}

Deno.test("A request is the published mapping: every member known, 64-bit integers as text, times to the nanosecond", () => {
  const request = requestOf({ cat: [{ nr: READ, durationNs: 1023, bytes: 4, ret: 4n, file: 1 }] });
  const points = checkOtlp(request);
  assert.ok(points > 10, `${points} points`);
  const { resource, scopeMetrics: [{ scope, metrics }] } = request.resourceMetrics[0];
  assert.deepEqual(resource.attributes, [
    { key: "service.name", value: { stringValue: "ior" } },
    { key: "process.pid", value: { intValue: "7" } },
  ]);
  assert.deepEqual(scope, { name: "ior", version: "0.1.0" });
  const byName = Object.fromEntries(metrics.map((metric: { name: string }) => [metric.name, metric]));
  assert.deepEqual(byName.ior_read_bytes, {
    name: "ior_read_bytes",
    description: "Bytes read or received by system call",
    unit: "By",
    sum: {
      aggregationTemporality: 2,
      isMonotonic: true,
      dataPoints: [{
        attributes: [
          { key: "syscall", value: { stringValue: "read" } },
          { key: "family", value: { stringValue: "FS" } },
        ],
        startTimeUnixNano: "1700000000000000001",
        timeUnixNano: "1700000060000000002",
        asDouble: 4,
      }],
    },
  });
  const [{ count, sum, bucketCounts, explicitBounds }] =
    byName.ior_syscall_duration_seconds.histogram.dataPoints;
  assert.deepEqual([count, sum, bucketCounts.slice(0, 3)], ["1", 1.023e-6, ["0", "1", "0"]]);
  assert.deepEqual(explicitBounds.slice(0, 2), [2.55e-7, 1.023e-6]);
});

Deno.test("The check of requests finds a slip", () => {
  const slips: ((request: ReturnType<typeof requestOf>) => void)[] = [
    (request) => request.resource_metrics = [],
    (request) => request.resourceMetrics[0].scopeMetrics[0].metrics[0].unit = 1,
    (request) => {
      const { metrics } = request.resourceMetrics[0].scopeMetrics[0];
      const { sum } = metrics.find((metric: { sum?: unknown }) => metric.sum !== undefined);
      sum.dataPoints[0].timeUnixNano = 1;
    },
    (request) => {
      const { metrics } = request.resourceMetrics[0].scopeMetrics[0];
      const { histogram } = metrics.find((metric: { histogram?: unknown }) => metric.histogram !== undefined);
      histogram.dataPoints[0].bucketCounts.pop();
    },
  ];
  for (const slip of slips) {
    const request = requestOf({ cat: [{ nr: READ }] });
    checkOtlp(request);
    slip(request);
    assert.throws(() => checkOtlp(request), assert.AssertionError);
  }
});
