import assert from "node:assert/strict";
import { type Metric, type Observed, traceMetrics } from "../../../cli/metrics/mod.ts";
import { UNKNOWN_LOSS } from "../../../runtime/loss.ts";
import { header } from "../../engine/recording/fixture.ts";
import { engine, observed, READ, WRITE } from "./observed.ts";

/** The values of a metric, by the values of its labels. */
function valuesOf(metrics: readonly Metric[], name: string): Record<string, number> {
  const metric = metrics.find((metric) => metric.name === name);
  if (metric === undefined || metric.kind === "info") return {};
  if (metric.kind === "histogram") {
    return Object.fromEntries(
      metric.samples.map((
        { labels, counts },
      ) => [Object.values(labels).join(), counts.reduce((a, b) => a + b)]),
    );
  }
  return Object.fromEntries(metric.samples.map(({ labels, value }) => [Object.values(labels).join(), value]));
}

Deno.test("Calls, bytes, errors and time are those of the statistics", () => {
  const metrics = traceMetrics(observed({
    cat: [
      { nr: READ, durationNs: 1000, bytes: 40, ret: 40n, file: 1 },
      { nr: READ, durationNs: 3000, ret: -9n },
      { nr: READ, durationNs: 5000, bytes: 2, ret: 2n, file: 2 },
    ],
    dd: [{ nr: WRITE, durationNs: 7000, bytes: 8, ret: 8n, file: 1 }],
  }));
  assert.deepEqual(valuesOf(metrics, "ior_syscalls"), { "read,FS": 3, "write,FS": 1 });
  assert.deepEqual(valuesOf(metrics, "ior_syscall_errors"), { "read,FS": 1 });
  assert.deepEqual(valuesOf(metrics, "ior_errors"), { EBADF: 1 });
  assert.deepEqual(valuesOf(metrics, "ior_read_bytes"), { "read,FS": 42 });
  assert.deepEqual(valuesOf(metrics, "ior_written_bytes"), { "write,FS": 8 });
  assert.deepEqual(valuesOf(metrics, "ior_syscall_waiting_seconds"), { "read,FS": 5e-6 });
  assert.deepEqual(valuesOf(metrics, "ior_syscall_duration_seconds"), { "read,FS": 3, "write,FS": 1 });
  assert.deepEqual(valuesOf(metrics, "ior_command_syscalls"), { cat: 3, dd: 1 });
  assert.deepEqual(valuesOf(metrics, "ior_command_duration_seconds"), { cat: 3, dd: 1 });
  const time = valuesOf(metrics, "ior_time_seconds");
  assert.ok(Math.abs(time.files + time.waiting + time.other - 16e-6) < 1e-12 && time.waiting === 5e-6);
});

Deno.test("Commands beyond the limit are the others, as is one of that name, and a counter says so", () => {
  const call = [{ nr: READ }];
  const metrics = traceMetrics(observed({ other: call, b: call, c: call, d: call }, {}, engine(2)));
  assert.deepEqual(valuesOf(metrics, "ior_command_syscalls"), { other: 3, b: 1 });
  assert.deepEqual(valuesOf(metrics, "ior_command_duration_seconds"), { other: 3, b: 1 });
  assert.deepEqual(valuesOf(metrics, "ior_folded_syscalls"), { comm: 2 });
});

Deno.test("No counter falls, whatever is counted", () => {
  const stats = engine(3);
  let before: Observed | null = null;
  const counters = (metrics: readonly Metric[]) =>
    metrics.flatMap((metric) =>
      metric.kind === "counter" || metric.kind === "histogram"
        ? Object.entries(valuesOf(metrics, metric.name)).map(([key, value]) =>
          [`${metric.name} ${key}`, value] as const
        )
        : []
    );
  for (let round = 0; round < 20; round++) {
    const now: Observed = observed(
      { [`c${round}`]: [{ nr: round, file: 1 }], a: [{ nr: READ, ret: -2n }] },
      {},
      stats,
    );
    const values = new Map(counters(traceMetrics(now)));
    for (const [name, value] of before === null ? [] : counters(traceMetrics(before))) {
      assert.ok(values.get(name)! >= value, name);
    }
    before = now;
  }
});

Deno.test("Loss that cannot be read is not zero", () => {
  const lost = (loss: Observed["header"]["loss"]) => traceMetrics(observed({}, { header: header({ loss }) }));
  const some = lost({
    state: "some",
    calls: 5,
    by: { ring_full: 5, storage_full: 0, skipped: 0, compat_32bit: 0 },
  });
  assert.equal(valuesOf(some, "ior_lost_syscalls").ring_full, 5);
  assert.deepEqual(valuesOf(some, "ior_loss_known"), { "": 1 });
  assert.deepEqual(valuesOf(lost(UNKNOWN_LOSS), "ior_lost_syscalls"), {});
  assert.deepEqual(valuesOf(lost(UNKNOWN_LOSS), "ior_loss_known"), { "": 0 });
  assert.deepEqual(valuesOf(some, "ior_unnamed_syscalls"), { "": 0 });
  assert.deepEqual(valuesOf(lost({ ...UNKNOWN_LOSS, unnamed: 7 }), "ior_unnamed_syscalls"), { "": 7 });
});

Deno.test("Requests to io_uring of all processes that are not traced are one counter", () => {
  const io_uring_requests = [{ pid: 7, requests: 3 }, { pid: 8, requests: 4 }];
  const metrics = traceMetrics(observed({}, { header: header({ io_uring_requests }) }));
  assert.deepEqual(valuesOf(metrics, "ior_untraced_io_uring_requests"), { "": 7 });
});

Deno.test("docs/fleet.md names every metric, and none that there is not", () => {
  const text = Deno.readTextFileSync(new URL("../../../docs/fleet.md", import.meta.url));
  const golden = Deno.readTextFileSync(new URL("../../golden/metrics/open_metrics.txt", import.meta.url));
  const names = new Set(Array.from(golden.matchAll(/^(\w+)[{ ]/gm), ([, name]) => name));
  const named = new Set(Array.from(text.matchAll(/\b(?:ior|process)_[a-z_]+\b/g), ([name]) => name));
  const histogram = (name: string) => name.replace(/_(?:bucket|count|sum)$/, "");
  const known = new Set([...names, ...[...names].map(histogram)]);
  assert.deepEqual([...named].filter((name) => !known.has(name)), []);
  // Those of commands and of the recording are named by the first ones.
  const alike = /^ior_(?:command|recording)_/;
  assert.deepEqual([...names].filter((name) => !alike.test(name) && !named.has(histogram(name))), []);
});
