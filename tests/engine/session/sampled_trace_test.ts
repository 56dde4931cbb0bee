/** A sampled trace on a kernel side that a test fills. */
import assert from "node:assert/strict";
import { machineArch } from "../../../engine/mod.ts";
import { prepareWith } from "../../../engine/session/prepare.ts";
import type { CallCells } from "../../../runtime/call_cells.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { emptyFilter } from "../../../runtime/filter/mod.ts";
import { syscallByName, syscallNumber } from "../../../runtime/syscalls/mod.ts";
import { waitFor } from "../../wait.ts";
import { taskName } from "../batches.ts";
import { plainCells } from "../cells.ts";
import { FakeCapture, sumsOf } from "./fake_capture.ts";

const [READ, WRITE] = ["read", "write"].map((name) => syscallNumber(machineArch(), syscallByName(name)!)!);

Deno.test("Calls without rows go to those that take sums, are counted by call, and the last look is after the end", async () => {
  let capture!: FakeCapture;
  const selection = { ...emptyFilter(), syscalls: ["read", "write"] };
  await using prepared = await prepareWith((options) => capture = new FakeCapture(options), {
    ...{ selection, ringBytes: 4096, command: null, sampling: { read: 0 } },
  });
  let [rows, summed] = [0, 0];
  const reader = { keepsColumns: false as const, canIngest: true, room: () => Promise.resolve() };
  const running = prepared.attach().run([
    { ...reader, ingest: (batch: EventBatch) => void (rows += batch.length) },
    {
      ...reader,
      ingest: () => {},
      ingestCells: (sums: CallCells) =>
        Promise.resolve(void (summed += plainCells(sums).reduce((sum, c) => sum + c.calls, 0))),
    },
  ], null);
  capture.record([{ nr: WRITE }], { tasks: [taskName(1, 70)] });
  capture.sums = sumsOf([READ, 5], [WRITE, 2]);
  await waitFor(() => running.figures().calls === 8 || null, { what: "eight calls", timeoutMs: 60_000 });
  assert.deepEqual(running.figures().summed, { read: 5, write: 2 });
  capture.onDisable = () => capture.sums = sumsOf([READ, 3]);
  const ended = await running.stop();
  assert.deepEqual([ended.calls, ended.summed], [11, { read: 8, write: 2 }]);
  assert.deepEqual([rows, summed], [1, 10]);
});

Deno.test("Sums of a filter are handed on before the next one's", async () => {
  let capture!: FakeCapture;
  const selection = { ...emptyFilter(), syscalls: ["read", "write"] };
  await using prepared = await prepareWith((options) => capture = new FakeCapture(options), {
    ...{ selection, ringBytes: 4096, command: null, sampling: { FS: 0 } },
  });
  const counted: number[] = [];
  const running = prepared.attach().run([{
    keepsColumns: false,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest: () => {},
    ingestCells: (sums) => Promise.resolve(void counted.push(...plainCells(sums).map(({ calls }) => calls))),
  }], null);
  await running.betweenLooks(async () => {
    capture.sumsOfLast = sumsOf([READ, 4]);
    assert.equal(await running.swapFilter({ ...selection, syscalls: ["write"] }), 2);
    assert.deepEqual(counted, [4]);
  });
  capture.sums = sumsOf([WRITE, 6]);
  await running.stop();
  assert.deepEqual(counted, [4, 6]);
});

Deno.test("While the ring is busy the calls with most rows get a rate, and figures have the highest", async () => {
  let capture!: FakeCapture;
  const selection = { ...emptyFilter(), syscalls: ["read", "write"] };
  await using prepared = await prepareWith((options) => capture = new FakeCapture(options), {
    ...{ selection, ringBytes: 4096, command: null, sampling: { write: 0 }, autoSamples: true },
  });
  const attached = prepared.attach();
  assert.deepEqual(attached.figures().raised, {});
  capture.record([{ nr: READ }, { nr: READ }, { nr: WRITE }], { tasks: [taskName(1, 70)] });
  capture.pendingBytes = 3000;
  const running = attached.run([], null);
  const raised = await waitFor(() => capture.rates.size > 0 && running.figures().raised, {
    what: "a rate",
    timeoutMs: 60_000,
  });
  capture.pendingBytes = 0;
  await running.stop();
  assert.deepEqual([...capture.rates], [[READ, 4]]);
  assert.deepEqual(raised, { read: 4 });
});

Deno.test("Slow calls have rows by what consumers say, and all calls at a new baseline", async () => {
  let capture!: FakeCapture;
  const selection = { ...emptyFilter(), syscalls: ["read"] };
  await using prepared = await prepareWith((options) => capture = new FakeCapture(options), {
    ...{ selection, ringBytes: 4096, command: null, addsUp: true },
  });
  assert.ok(capture.addsUp);
  const order: string[] = [];
  const taker = {
    ...{ keepsColumns: false as const, canIngest: true, room: () => Promise.resolve() },
    ingest: ({ length }: EventBatch) => void order.push(`${length} rows`),
    ingestCells: ({ columns: { calls: [calls] } }: CallCells) =>
      Promise.resolve(void order.push(`sum of ${calls}`)),
  };
  const running = prepared.attach().run([
    { ...taker, slow: { filesNs: 40, waitingNs: Infinity } },
    { ...taker, ingest: () => {}, ingestCells: () => Promise.resolve() },
  ], null);
  await waitFor(() => capture.slow.filesNs === 40, { what: "the limit", timeoutMs: 60_000 });
  capture.record([{ nr: READ }], { tasks: [taskName(1, 70)] });
  capture.sums = sumsOf([READ, 5]);
  const slow = await running.cut(() => {
    order.push("cut");
    return Promise.resolve(capture.slow);
  });
  assert.deepEqual(slow, { filesNs: 0, waitingNs: 0 });
  assert.deepEqual(order, ["1 rows", "sum of 5", "cut"]);
  await waitFor(() => capture.slow.filesNs === 40, { what: "the limit again", timeoutMs: 60_000 });
  await running.stop();
  await assert.rejects(running.cut(() => Promise.resolve()), { message: "The trace has ended" });
});
