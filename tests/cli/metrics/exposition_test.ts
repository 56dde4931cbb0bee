import assert from "node:assert/strict";
import { OPEN_METRICS, PROMETHEUS_TEXT } from "../../../cli/metrics/exposition.ts";
import { type Metric, traceMetrics } from "../../../cli/metrics/mod.ts";
import { assertGolden } from "../../golden.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { observed, READ, WRITE } from "./observed.ts";
import { plainText } from "./plain_exposition.ts";

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
  assertGolden("metrics/open_metrics.txt", OPEN_METRICS.render(METRICS).join(""));
});

Deno.test("The older format has totals in the names of its families, and no end", () => {
  assertGolden("metrics/prometheus.txt", PROMETHEUS_TEXT.render(METRICS).join(""));
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
  assert.ok(OPEN_METRICS.render([metric]).join("").includes(line));
  assert.ok(PROMETHEUS_TEXT.render([metric]).join("").includes(line));
});

Deno.test("A metric without samples is left out", () => {
  const metric: Metric = { kind: "counter", name: "x", help: "Help", unit: null, samples: [] };
  assert.equal(OPEN_METRICS.render([metric]).join(""), "# EOF\n");
  assert.equal(PROMETHEUS_TEXT.render([metric]).join(""), "");
});

Deno.test("Any metrics are written as line by line", () => {
  const next = random(testSeed());
  const whole = (limit: number) => Math.floor(next() * limit);
  const values = [0, 1, 1e-7, 0.1 + 0.2, 1e21, 2 ** 53, 123456789.25, Infinity];
  const value = () => next() < 0.5 ? whole(1e6) : values[whole(values.length)];
  const text = () => Array.from({ length: whole(6) }, () => 'a"\\\n\ud800\udc00é,{}= '[whole(14)]).join("");
  const drawLabels = () =>
    Object.fromEntries(["comm", "on", "errno"].slice(whole(4)).map((name) => [name, text()]));
  for (let round = 0; round < 200; round++) {
    // The metrics of a table have their labels in common.
    const shared = Array.from({ length: whole(5) }, drawLabels);
    const bounds = [2.55e-7, 0.5, 1, 64].slice(0, whole(5));
    const samples = () => shared.map((labels) => ({ labels, value: value() }));
    const draw = (i: number): Metric => {
      const name = { name: `m${i}`, help: text() };
      const kind = (["info", "counter", "gauge", "histogram"] as const)[whole(4)];
      if (kind === "info") return { ...name, kind, labels: drawLabels() };
      if (kind !== "histogram") {
        return { ...name, kind, unit: next() < 0.5 ? null : "bytes", samples: samples() };
      }
      const histograms = shared.map((labels) => ({
        labels,
        counts: [...bounds, Infinity].map(() => whole(2 ** 40)),
        sum: value(),
      }));
      return { ...name, kind, unit: "seconds", bounds, samples: histograms };
    };
    const metrics = Array.from({ length: whole(6) }, (_, i) => draw(i));
    assert.equal(OPEN_METRICS.render(metrics).join(""), plainText(metrics, false));
    assert.equal(PROMETHEUS_TEXT.render(metrics).join(""), plainText(metrics, true));
  }
});

Deno.test("The text of many commands comes in pieces of whole lines, none of them long", () => {
  const samples = Array.from({ length: 300 }, (_, i) => ({
    labels: { comm: `command ${i}` },
    counts: Array.from({ length: 16 }, (_, bucket) => i * bucket),
    sum: i / 7,
  }));
  const bounds = Array.from({ length: 15 }, (_, i) => 2 ** i);
  const metrics: Metric[] = [
    { kind: "histogram", name: "x_seconds", help: "Help", unit: "seconds", bounds, samples },
  ];
  const pieces = OPEN_METRICS.render(metrics);
  const lengths = pieces.map(({ length }) => length);
  assert.ok(lengths.reduce((sum, length) => sum + length) > 200_000, `${lengths}`);
  assert.ok(Math.max(...lengths) < 50_000, `${lengths}`);
  assert.ok(pieces.every((piece) => piece.endsWith("\n")));
});
