import assert from "node:assert/strict";
import { judgeChange, quantileInterval, type Side } from "../../../cli/compare/noise.ts";
import { COMPARED_MEASURES } from "../../../cli/compare/mod.ts";
import { bucketHigh, bucketIndex, bucketLow } from "../../../engine/stats/buckets.ts";
import type { ReportHistogram } from "../../../runtime/report.ts";
import { random } from "../../engine/batches.ts";
import { measures } from "../advice/advice_report.ts";

/** Seeds are fixed here: what is tested is how often chance fools the rule. */
const SEED = 20_260_203;

function histogram(values: readonly number[]): ReportHistogram {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketIndex(value), (counts.get(bucketIndex(value)) ?? 0) + 1);
  const indexes = [...counts.keys()].sort((a, b) => a - b);
  return {
    relative_error: 1 / 64,
    buckets: indexes.map((index) => [bucketLow(index), bucketHigh(index), counts.get(index)!]),
  };
}

function exponential(next: () => number, mean: number): number {
  return Math.round(-mean * Math.log(1 - next()));
}

/** A row of these latencies, without or with their histogram. */
function sideOf(latencies: readonly number[], withHistogram = true): Side {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? null;
  const total = latencies.reduce((sum, ns) => sum + ns, 0);
  return {
    ...measures({ calls: latencies.length }),
    total_ns: total,
    mean_ns: latencies.length === 0 ? null : Math.round(total / latencies.length),
    p50_ns: at(0.5),
    p90_ns: at(0.9),
    p99_ns: at(0.99),
    max_ns: at(1),
    ...(withHistogram ? { latency: histogram(latencies) } : {}),
  };
}

function calls(calls: number, errors = 0): Side {
  return measures({ calls, errors });
}

Deno.test("A count is beyond the noise from three times the root of both on, and from 2 % on", () => {
  const verdict = (a: number, b: number) => judgeChange("calls", calls(a), calls(b));
  assert.equal(verdict(100, 100), "within_noise");
  assert.equal(verdict(100, 144), "within_noise");
  assert.equal(verdict(100, 150), "beyond_noise");
  assert.equal(verdict(150, 100), "beyond_noise");
  assert.equal(verdict(0, 10), "beyond_noise");
  assert.equal(verdict(10, 0), "beyond_noise");
  assert.equal(verdict(1_000_000, 1_019_000), "within_noise", "more than chance, less than 2 %");
  assert.equal(verdict(1_000_000, 1_021_000), "beyond_noise");
});

Deno.test("Errors are judged by their own number, of rows with enough calls", () => {
  const verdict = (a: number, b: number) => judgeChange("errors", calls(1_000, a), calls(1_000, b));
  assert.equal(verdict(0, 9), "within_noise");
  assert.equal(verdict(0, 10), "beyond_noise");
  assert.equal(verdict(0, 0), "within_noise");
});

Deno.test("Rows with fewer than ten calls on both sides are not judged, whatever changed", () => {
  const [few, more] = [sideOf([1, 2, 3]), sideOf(Array(9).fill(1_000_000))];
  for (const measure of COMPARED_MEASURES) {
    assert.equal(judgeChange(measure, few, more), "too_few_calls", measure);
  }
});

Deno.test("A measure that one side does not have is not judged", () => {
  const none = calls(0);
  assert.equal(judgeChange("p99_ns", none, sideOf(Array(1_000).fill(5))), "unknown");
  assert.equal(judgeChange("mean_ns", sideOf(Array(1_000).fill(5)), none), "unknown");
});

Deno.test("The longest latency is one call, and never judged", () => {
  const [fast, slow] = [sideOf(Array(1_000).fill(5)), sideOf(Array(1_000).fill(5_000_000))];
  assert.equal(judgeChange("max_ns", fast, slow), "unknown");
});

Deno.test("A quantile without a histogram on both sides is not judged", () => {
  const [fast, slow] = [sideOf(Array(1_000).fill(5)), sideOf(Array(1_000).fill(5_000), false)];
  assert.equal(judgeChange("p50_ns", fast, slow), "unknown");
});

Deno.test("An interval of a quantile holds it about as often as it says, whatever the number of calls", () => {
  const next = random(SEED);
  for (const [n, q] of [[20, 0.5], [300, 0.5], [100, 0.9], [1_000, 0.9], [1_000, 0.99]]) {
    const truth = -10_000 * Math.log(1 - q);
    let held = 0;
    for (let round = 0; round < 200; round++) {
      const { low, high } = quantileInterval(
        histogram(Array.from({ length: n }, () => exponential(next, 10_000))),
        q,
      );
      if (low <= truth && truth < high) held++;
    }
    assert.ok(held >= 0.97 * 200, `${n} calls, ${q}: ${held} of 200`);
  }
});

Deno.test("An interval is open where there are too few calls to end it, and closed from the promised numbers on", () => {
  const interval = (n: number, q: number) => quantileInterval(histogram(Array(n).fill(1_000)), q);
  assert.deepEqual(quantileInterval(histogram([]), 0.5), { low: 0, high: Infinity });
  assert.deepEqual(interval(10, 0.5), { low: 0, high: Infinity });
  assert.deepEqual(interval(11, 0.5), { low: 992, high: 1_008 });
  for (const [q, first] of [[0.9, 79], [0.99, 846]]) {
    assert.equal(interval(first - 1, q).high, Infinity);
    assert.deepEqual(interval(first, q), { low: 992, high: 1_008 });
  }
  assert.ok(interval(300, 0.99).low > 0, "a lower limit is there long before");
});

Deno.test("Runs of the same thing are within the noise nearly always", () => {
  const next = random(SEED);
  const run = (withHistogram: boolean) =>
    sideOf(Array.from({ length: 2_000 }, () => exponential(next, 10_000)), withHistogram);
  let beyond = 0;
  let judged = 0;
  for (let round = 0; round < 200; round++) {
    const pair = [run(round % 2 === 0), run(round % 2 === 0)];
    for (const measure of ["total_ns", "mean_ns", "p50_ns", "p90_ns", "p99_ns"] as const) {
      const verdict = judgeChange(measure, pair[0], pair[1]);
      if (verdict === "beyond_noise") beyond++;
      if (verdict !== "unknown") judged++;
    }
  }
  assert.ok(judged >= 700, String(judged));
  assert.ok(beyond <= 3, String(beyond));
});

Deno.test("Twice the latency is beyond the noise in every measure of it, with two thousand calls", () => {
  const next = random(SEED);
  const run = (mean: number) => sideOf(Array.from({ length: 2_000 }, () => exponential(next, mean)));
  for (let round = 0; round < 20; round++) {
    for (const measure of ["total_ns", "mean_ns", "p50_ns", "p90_ns", "p99_ns"] as const) {
      assert.equal(judgeChange(measure, run(10_000), run(20_000)), "beyond_noise", measure);
    }
  }
});

Deno.test("A change that one long call makes is noise, with a histogram and without", () => {
  const usual = Array<number>(1_000).fill(1_000);
  for (const withHistogram of [true, false]) {
    const [before, after] = [sideOf(usual, withHistogram), sideOf([...usual, 10_000_000], withHistogram)];
    assert.equal(judgeChange("total_ns", before, after), "within_noise");
    assert.equal(judgeChange("mean_ns", before, after), "within_noise");
  }
});

Deno.test("Without a histogram the squares are the largest that they can be: less is beyond the noise, never more", () => {
  const next = random(SEED);
  for (let round = 0; round < 200; round++) {
    const [a, b] = [1, 1 + next()].map((factor) =>
      Array.from({ length: 100 }, () => exponential(next, 10_000 * factor))
    );
    if (judgeChange("total_ns", sideOf(a, false), sideOf(b, false)) === "beyond_noise") {
      assert.equal(judgeChange("total_ns", sideOf(a), sideOf(b)), "beyond_noise");
    }
  }
});

Deno.test("A mean needs thirty calls on each side", () => {
  const of = (n: number, ns: number) => sideOf(Array(n).fill(ns));
  assert.equal(judgeChange("mean_ns", of(29, 100), of(1_000, 900)), "too_few_calls");
  assert.equal(judgeChange("mean_ns", of(30, 100), of(1_000, 900)), "beyond_noise");
});

Deno.test("Bytes vary as their sizes do: those of the histogram, and else as an exponential distribution", () => {
  const bytes = (sum: number, size?: ReportHistogram): Side => ({ ...calls(1_000), read_bytes: sum, size });
  const equal = histogram(Array(1_000).fill(4_096));
  const one = histogram([...Array(999).fill(1), 4_000_000]);
  assert.equal(judgeChange("read_bytes", bytes(4_096_000, equal), bytes(5_000_000, equal)), "beyond_noise");
  assert.equal(judgeChange("read_bytes", bytes(4_000_999, one), bytes(8_001_000, one)), "within_noise");
  assert.equal(judgeChange("read_bytes", bytes(4_000_000), bytes(4_700_000)), "within_noise");
  assert.equal(judgeChange("read_bytes", bytes(4_000_000), bytes(6_000_000)), "beyond_noise");
  assert.equal(judgeChange("write_bytes", bytes(1), bytes(2)), "within_noise", "none written on both sides");
  assert.equal(
    judgeChange("read_bytes", { ...calls(1_000), read_bytes: 2n ** 60n }, bytes(1)),
    "beyond_noise",
  );
});
