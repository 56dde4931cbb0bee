import assert from "node:assert/strict";
import { StreamFeed } from "../../engine/stream_feed.ts";
import { STREAM_RING_ROWS, StreamRing } from "../../engine/stream_ring.ts";
import { lossOf } from "../../runtime/loss.ts";
import { LOSS_KINDS } from "../../runtime/loss.ts";
import { batchOf, taskName } from "./batches.ts";

const losses = (ringFull: number) =>
  lossOf({
    ...Object.fromEntries(LOSS_KINDS.map((kind) => [kind, 0])) as Record<typeof LOSS_KINDS[number], number>,
    ring_full: ringFull,
  });

Deno.test("The ring has the rows of a trace, and of more than it keeps the newest", () => {
  const ring = new StreamRing();
  const feed = new StreamFeed("x86_64", ring);
  feed.ingest(batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 7)] }));
  const seen = () => feed.snapshot().map((row) => "syscall" in row ? [row.seq, row.syscall] : [row.seq]);
  assert.deepEqual(seen(), [[1, "read"], [2, "write"]]);
  const many = Array.from({ length: STREAM_RING_ROWS + 5 }, () => ({ nr: 3 }));
  feed.ingest(batchOf(many, { firstSeq: 3 }));
  assert.equal(feed.length, STREAM_RING_ROWS);
  assert.deepEqual([seen()[0], seen().at(-1)], [[8, "close"], [STREAM_RING_ROWS + 7, "close"]]);
});

Deno.test("A loss is a warning in its place in time, said once for each time that more is lost", () => {
  const ring = new StreamRing();
  const feed = new StreamFeed("x86_64", ring);
  feed.noteLoss(losses(0), 5);
  feed.ingest(batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 7)] }));
  feed.noteLoss(losses(3), 10);
  feed.noteLoss(losses(3), 20);
  feed.noteLoss(losses(4), 30);
  const warnings = ring.snapshot().filter((row) => "warning" in row);
  assert.deepEqual(warnings, [
    { seq: 2, timeNs: 10, warning: "3 calls were lost, 3 so far" },
    { seq: 2, timeNs: 30, warning: "1 call was lost, 4 so far" },
  ]);
});

Deno.test("There is always room in the ring", async () => {
  const feed = new StreamFeed("x86_64", new StreamRing());
  assert.ok(feed.canIngest);
  await feed.room();
});

Deno.test("Rows are made when somebody looks, with the names that their calls had", () => {
  const ring = new StreamRing();
  const feed = new StreamFeed("x86_64", ring);
  const seen = () => feed.snapshot().flatMap((row) => "syscall" in row ? [[row.seq, row.pid]] : []);
  feed.ingest(batchOf([{ nr: 0 }], { tasks: [taskName(1, 7)] }));
  feed.ingest(batchOf([{ nr: 0 }], { firstSeq: 2, tasks: [taskName(1, 8)] }));
  assert.equal(ring.length, 0);
  assert.deepEqual(seen(), [[1, 7], [2, 8]]);
  assert.deepEqual(seen(), [[1, 7], [2, 8]], "once each");
  // The call that is let go has named the task of those that stay.
  feed.ingest(batchOf([{ nr: 0 }], { firstSeq: 3, tasks: [taskName(1, 9)] }));
  feed.ingest(batchOf(Array.from({ length: STREAM_RING_ROWS }, () => ({ nr: 3 })), { firstSeq: 4 }));
  assert.deepEqual([seen()[0], seen().length], [[4, 9], STREAM_RING_ROWS]);
});

Deno.test("Batches of names alone do not wait, and name the calls behind them and none before", () => {
  const ring = new StreamRing();
  const feed = new StreamFeed("x86_64", ring);
  feed.ingest(batchOf([{ nr: 0 }], { tasks: [taskName(1, 7)] }));
  assert.equal(ring.length, 0, "the call waits");
  for (let i = 0; i < 100; i++) feed.ingest(batchOf([], { firstSeq: 2, tasks: [taskName(1, 8 + i)] }));
  assert.equal(ring.length, 1, "nothing waits");
  feed.ingest(batchOf([{ nr: 0 }], { firstSeq: 2 }));
  assert.deepEqual(feed.snapshot().flatMap((row) => "pid" in row ? [row.pid] : []), [7, 107]);
});

Deno.test("A filter judges the rows that are not made yet as well", () => {
  const feed = new StreamFeed("x86_64", new StreamRing());
  feed.ingest(batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 7)] }));
  feed.retain(({ syscall }) => syscall === "write");
  assert.deepEqual(feed.snapshot().map(({ seq }) => seq), [2]);
});
