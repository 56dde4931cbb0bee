import assert from "node:assert/strict";
import { RowQueue } from "../../../engine/library/row_queue.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { batchOf, taskName } from "../batches.ts";
import { heapInUse } from "../heap_in_use.ts";

/** More rows than any queue holds. */
const MANY = 20_000;

const batch = (calls: number, firstSeq: number) =>
  batchOf(Array.from({ length: calls }, () => ({ nr: 0 })), { tasks: [taskName(1, 42)], firstSeq });

async function seqs(rows: AsyncIterable<StreamRow>): Promise<number[]> {
  const found: number[] = [];
  for await (const { seq } of rows) found.push(seq);
  return found;
}

Deno.test("Rows come in their order, whether they wait for the reader or the reader for them", async () => {
  const queue = new RowQueue("x86_64");
  queue.ingest(batch(2, 1));
  const reading = seqs(queue.rows());
  await Promise.resolve();
  queue.ingest(batch(1, 3));
  queue.ingest(batch(1, 4));
  queue.end();
  assert.deepEqual(await reading, [1, 2, 3, 4]);
});

Deno.test("A full queue takes nothing until it is read", async () => {
  const queue = new RowQueue("x86_64");
  queue.ingest(batch(MANY, 1));
  assert.equal(queue.canIngest, false);
  const rows = queue.rows();
  const room = queue.room();
  for (let i = 1; i <= MANY; i++) assert.equal((await rows.next()).value!.seq, i);
  await room;
  assert.equal(queue.canIngest, true);
});

Deno.test("Who leaves the loop does not keep the trace waiting", async () => {
  const queue = new RowQueue("x86_64");
  queue.ingest(batch(MANY, 1));
  const room = queue.room();
  for await (const _ of queue.rows()) break;
  await room;
  queue.ingest(batch(MANY, MANY + 1));
  assert.equal(queue.canIngest, true);
});

Deno.test("Rows that nobody has begun to read can be left as well", async () => {
  const queue = new RowQueue("x86_64");
  queue.ingest(batch(MANY, 1));
  const room = queue.room();
  queue.leave();
  await room;
  queue.ingest(batch(1, MANY + 1));
  queue.end();
  assert.deepEqual(await seqs(queue.rows()), []);
});

Deno.test("A failure is thrown after the rows that wait", async () => {
  const queue = new RowQueue("x86_64");
  queue.ingest(batch(1, 1));
  queue.end(new Error("broken"));
  const rows = queue.rows();
  assert.equal((await rows.next()).value!.seq, 1);
  await assert.rejects(rows.next(), { message: "broken" });
});

Deno.test("What was read is not kept for a reader that is a little slower than the trace", async () => {
  const queue = new RowQueue("x86_64");
  const rows = queue.rows();
  const calls = batch(1000, 1);
  const before = heapInUse();
  queue.ingest(calls);
  for (let step = 0; step < 600; step++) {
    queue.ingest(calls);
    for (let i = 0; i < 999; i++) await rows.next();
  }
  // 600,000 rows take a multiple of that.
  const bytes = heapInUse() - before;
  assert.ok(bytes < 20e6, `${bytes} bytes`);
  assert.equal(queue.canIngest, true);
});
