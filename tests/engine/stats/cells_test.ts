import assert from "node:assert/strict";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { StatsConfig } from "../../../runtime/messages.ts";
import { EventFlag, UNKNOWN_NAME, UNKNOWN_PIPE } from "../../../runtime/event_batch.ts";
import type { StatsSnapshot } from "../../../runtime/stats.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import { callCells, cellsOf } from "../cells.ts";
import { randomBatches } from "../random_batches.ts";

const CONFIG: StatsConfig = {
  arch: "x86_64",
  maxFiles: 2_000,
  maxProcesses: 2_000,
  maxSlowest: 0,
  by: [["process", "syscall"], ["dir", "errno"], ["file"]],
};

/**
 * What a snapshot has of calls that are only known as sums: no time of their own, and of a file's opens not how long the
 * first took.
 */
function withoutRows(snapshot: StatsSnapshot) {
  const { series: _series, uses, ...rest } = snapshot;
  return { ...rest, uses: uses.map((use) => use.use === "reopen" ? { ...use, totalNs: 0 } : use) };
}

Deno.test("Cells count as the calls they are the sums of", () => {
  const next = random(testSeed());
  const rows = new StatsEngine(CONFIG);
  const cells = new StatsEngine(CONFIG);
  const mixed = new StatsEngine(CONFIG);
  const nextBatch = randomBatches(next, { files: 40, processes: 10, stepNs: 1_000 });
  for (let i = 0; i < 10; i++) {
    const batch = nextBatch();
    // A sum of doubles is exact only below 2^53.
    for (let j = 0; j < batch.length; j++) batch.columns.durationNs[j] %= 2 ** 40;
    const { tasks, files } = batch;
    const sums = callCells({ cells: cellsOf(batch), sinceNs: 0, timeNs: 0, tasks, files });
    rows.ingest(batch);
    cells.ingestCells(sums);
    if (next() < 0.5) mixed.ingest(batch);
    else mixed.ingestCells(sums);
  }
  assert.deepEqual(withoutRows(cells.snapshot()), withoutRows(rows.snapshot()));
  assert.deepEqual(withoutRows(mixed.snapshot()), withoutRows(rows.snapshot()));
});

Deno.test("Cells count for the present moment", () => {
  const engine = new StatsEngine(CONFIG);
  const batch = batchOf([{ nr: 0, bytes: 7, gapNs: 3, file: 1 }], {
    tasks: [taskName(1, 70)],
    files: [{ slot: 1, path: "/a" }],
  });
  engine.ingestCells(callCells({
    cells: cellsOf(batch),
    sinceNs: 0,
    timeNs: 0,
    tasks: batch.tasks,
    files: batch.files,
  }));
  const { series, syscalls: [read] } = engine.snapshot();
  assert.deepEqual(series.slots.map(({ calls }) => calls), [1]);
  assert.deepEqual([read.readBytes, read.gap.count, read.size.count], [7, 1, 1]);
});

Deno.test("Cells of later looks count for later slots, also when no row comes", () => {
  const engine = new StatsEngine(CONFIG);
  const batch = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });
  const cells = cellsOf(batch);
  engine.ingestCells(callCells({ cells, sinceNs: 1e9, timeNs: 1e9, tasks: batch.tasks, files: [] }));
  engine.ingestCells(
    callCells({ cells: [...cells, ...cells], sinceNs: 2e9, timeNs: 2e9, tasks: [], files: [] }),
  );
  const { slots, intervalNs } = engine.snapshot().series;
  const counted = slots.map(({ calls }) => calls).filter((calls) => calls > 0);
  assert.deepEqual(counted, [1, 2]);
  assert.deepEqual([1e9, 2e9].map((ns) => slots[Math.floor(ns / intervalNs)].calls), [1, 2]);
});

Deno.test("A cell that is known to have begun later counts from then on", () => {
  const engine = new StatsEngine(CONFIG);
  const batch = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });
  const [cell] = cellsOf(batch);
  const cells = [{ ...cell, sinceNs: 1.9e9 }, cell];
  engine.ingestCells(callCells({ cells, sinceNs: 0.1e9, timeNs: 2e9, tasks: batch.tasks, files: [] }));
  const { slots, intervalNs } = engine.snapshot().series;
  const until = (ns: number) =>
    slots.slice(0, Math.floor(ns / intervalNs)).reduce((sum, { calls }) => sum + calls, 0);
  assert.ok(until(1.85e9) <= 1, `${until(1.85e9)} calls before the cell began`);
  assert.equal(slots.reduce((sum, { calls }) => sum + calls, 0), 2);
});

Deno.test("What is a pattern of one file is not counted of files that are not known, and no place is one", () => {
  const paths = [UNKNOWN_NAME, "/a", UNKNOWN_PIPE];
  const call = (name: string, times: number, file: number, bytes = NaN) =>
    Array.from({ length: times }, () => ({ nr: syscallByName(name)!.x86_64!, file, bytes, durationNs: 10 }));
  const batch = batchOf(
    [
      ...[call("openat", 50, 1), call("read", 50, 1, 3), call("write", 50, 1, 3), call("fsync", 20, 1)],
      ...[call("read", 2, 2, 3), call("fsync", 1, 2), call("read", 5, 3, 3)],
    ].flat(),
    { tasks: [taskName(1, 70)], files: paths.map((path, i) => ({ slot: i + 1, path })) },
  );
  const cells = cellsOf(batch).map((cell) => (
    { ...cell, flags: cell.file === 2 ? 0 : EventFlag.FILES_UNKNOWN }
  ));
  const engine = new StatsEngine(CONFIG);
  engine.ingestCells(callCells({ cells, sinceNs: 0, timeNs: 0, tasks: batch.tasks, files: batch.files }));
  const { uses, files, waiting, directories } = engine.snapshot();
  assert.deepEqual(uses.map(({ use, calls, files, place }) => [use, calls, files, place]), [
    ["tiny_read", 2, 1, null],
    ["sync", 21, 2, null],
  ]);
  assert.deepEqual(files.map(({ path, calls }) => [path, calls]), [[UNKNOWN_NAME, 170], ["/a", 3]]);
  assert.deepEqual(waiting.map(({ kind, calls }) => [kind, calls]), [["pipe", 5]]);
  assert.deepEqual(directories.map(({ path, calls }) => [path, calls]), [[UNKNOWN_NAME, 170], ["/", 3]]);
});

Deno.test("A cell whose numbers contradict each other is refused", () => {
  const engine = new StatsEngine(CONFIG);
  const batch = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });
  const [cell] = cellsOf(batch);
  const wrong = { ...cell, returned: 2 };
  assert.throws(
    () =>
      engine.ingestCells(callCells({ cells: [wrong], sinceNs: 0, timeNs: 0, tasks: batch.tasks, files: [] })),
    /it has 1 calls, 2 of them returned, and 1 are in its histogram/,
  );
});

Deno.test("What has grown between two looks counts evenly for the time between them", () => {
  const next = random(testSeed());
  const engine = new StatsEngine({ ...CONFIG, maxSlowest: 3 });
  const batch = randomBatches(next, { files: 4, processes: 2, stepNs: 1_000 })();
  for (let i = 0; i < batch.length; i++) batch.columns.durationNs[i] %= 2 ** 30;
  const cells = cellsOf(batch);
  const looks = 50;
  for (let look = 0; look < looks; look++) {
    const { tasks, files } = look === 0 ? batch : { tasks: [], files: [] };
    engine.ingestCells(callCells({ cells, sinceNs: look * 1e8, timeNs: (look + 1) * 1e8, tasks, files }));
  }
  const { series, ...total } = engine.snapshot();
  const sumOf = (value: (slot: (typeof series.slots)[number]) => number) =>
    series.slots.reduce((sum, slot) => sum + value(slot), 0);
  assert.equal(sumOf(({ calls }) => calls), total.calls);
  assert.equal(sumOf(({ errors }) => errors), total.errors);
  for (const field of ["totalNs", "readBytes", "writeBytes", "waitingNs"] as const) {
    assert.equal(sumOf((slot) => Number(slot[field])), Number(total[field]), field);
  }
  const used = Math.floor(looks * 1e8 / series.intervalNs);
  const each = total.calls / (looks * 1e8 / series.intervalNs);
  for (const { calls } of series.slots.slice(0, used)) {
    // Of few calls a slot has one more or less: they are not divided.
    assert.ok(calls > each / 2 - 1 && calls < each * 2 + 1, `${calls} calls in a slot, ${each} in each`);
  }
});

Deno.test("Calls that may be among the slowest are all until there are enough, then those slower than the last of them", () => {
  const engine = new StatsEngine({ ...CONFIG, maxSlowest: 2 });
  const [pipe, file] = [{ slot: 1, path: "pipe:[5]" }, { slot: 2, path: "/a" }];
  const calls = (slot: number, ...latencies: number[]) =>
    engine.ingest(batchOf(latencies.map((durationNs) => ({ nr: 0, file: slot, durationNs })), {
      tasks: [taskName(1, 70)],
      files: [pipe, file],
    }));
  assert.deepEqual(engine.slow, { filesNs: 0, waitingNs: 0 });
  calls(1, 300, 400, 500);
  assert.deepEqual(engine.slow, { filesNs: 0, waitingNs: 401 });
  calls(2, 20);
  assert.deepEqual(engine.slow, { filesNs: 0, waitingNs: Infinity });
  calls(2, 30, 10);
  assert.deepEqual(engine.slow, { filesNs: 21, waitingNs: Infinity });
  engine.reset();
  assert.deepEqual(engine.slow, { filesNs: 0, waitingNs: 0 });
});
