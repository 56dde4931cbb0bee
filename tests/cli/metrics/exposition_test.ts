import assert from "node:assert/strict";
import { OPEN_METRICS, PROMETHEUS_TEXT } from "../../../cli/metrics/exposition.ts";
import { type Metric, traceMetrics } from "../../../cli/metrics/mod.ts";
import { assertGolden } from "../../golden.ts";
import { observed, READ, WRITE } from "./observed.ts";

const METRICS = traceMetrics(observed({
  cat: [{ nr: READ, durationNs: 1023, bytes: 40, ret: 40n, file: 1 }, {
    nr: READ,
    durationNs: 1024,
    ret: -2n,
  }],
  dd: [{ nr: WRITE, durationNs: 2e6, bytes: 512, ret: 512n, file: 2 }],
}, {
  recording: { path: "rec/", rows: 3, dropped: 1, lastError: "Cannot write rec/: no space left on device" },
  exports: { delivered: 2, failed: 1 },
  refused: new Map([["idle_time", 4]]),
}));

Deno.test("OpenMetrics: units, infos, and an end", () => {
  assertGolden("metrics/open_metrics.txt", OPEN_METRICS.render(METRICS));
});

Deno.test("The older format has totals in the names of its families, and no end", () => {
  assertGolden("metrics/prometheus.txt", PROMETHEUS_TEXT.render(METRICS));
});

Deno.test("A label can be any text", () => {
  const labels = { comm: 'a"b\\c\nd\ud800é' };
  const metric: Metric = {
    kind: "gauge",
    name: "x",
    help: "Help",
    unit: null,
    samples: [{ labels, value: 1 }],
  };
  const line = 'x{comm="a\\"b\\\\c\\nd\ufffdé"} 1\n';
  assert.ok(OPEN_METRICS.render([metric]).includes(line));
  assert.ok(PROMETHEUS_TEXT.render([metric]).includes(line));
});

Deno.test("A metric without samples is left out", () => {
  const metric: Metric = { kind: "counter", name: "x", help: "Help", unit: null, samples: [] };
  assert.equal(OPEN_METRICS.render([metric]), "# EOF\n");
  assert.equal(PROMETHEUS_TEXT.render([metric]), "");
});
