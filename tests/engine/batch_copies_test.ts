import assert from "node:assert/strict";
import { BatchCopies, NUMBER_COLUMNS } from "../../engine/batch_copies.ts";
import { createColumns, type EventBatch, type EventColumns } from "../../runtime/event_batch.ts";
import { random, testSeed } from "./batches.ts";
import { randomBatches } from "./random_batches.ts";

/** Keeps what it is given, as a worker does. */
function keeper() {
  const batches: EventBatch[] = [];
  let closed = false;
  return {
    batches,
    isClosed: () => closed,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest: (batch: EventBatch) => void batches.push(batch),
    [Symbol.asyncDispose]: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

function calls({ columns, length }: EventBatch) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, [...column.subarray(0, length)]]),
  );
}

Deno.test("The columns of numbers are all columns but the returned value", () => {
  assert.deepEqual([...NUMBER_COLUMNS, "ret"].sort(), Object.keys(createColumns(8)).sort());
});

Deno.test("A consumer that keeps batches has copies, and the batch stays as it was", async () => {
  const nextBatch = randomBatches(random(testSeed()), { files: 9, processes: 3, stepNs: 10 });
  const inner = keeper();
  const emptied: EventColumns[] = [];
  await using copies = new BatchCopies(inner, emptied);
  for (let i = 0; i < 5; i++) {
    const batch = nextBatch();
    const before = calls(batch);
    copies.ingest(batch);
    const copy = inner.batches.at(-1)!;
    assert.notEqual(copy.columns, batch.columns);
    assert.deepEqual(calls(copy), before);
    copy.columns.nr.fill(-1);
    copy.columns.ret.fill(-1n);
    assert.deepEqual(calls(batch), before);
    assert.deepEqual([copy.tasks, copy.files, copy.firstSeq], [batch.tasks, batch.files, batch.firstSeq]);
  }
});

Deno.test("Columns that come back are filled again when they are as long, and others are not", () => {
  const inner = keeper();
  const emptied: EventColumns[] = [];
  const copies = new BatchCopies(inner, emptied);
  const [same, other] = [createColumns(16), createColumns(8)];
  emptied.push(same);
  const batch: EventBatch = {
    length: 2,
    firstSeq: 1,
    epoch: 1,
    columns: createColumns(16),
    tasks: [],
    files: [],
  };
  copies.ingest(batch);
  assert.equal(inner.batches[0].columns, same);
  emptied.push(other);
  copies.ingest(batch);
  assert.notEqual(inner.batches[1].columns, other);
  assert.equal(inner.batches[1].columns.nr.length, 16);
});

Deno.test("Copies end with their consumer, and have room when it has", async () => {
  const inner = keeper();
  {
    await using copies = new BatchCopies(inner, []);
    assert.equal(copies.canIngest, true);
    inner.canIngest = false;
    assert.equal(copies.canIngest, false);
    await copies.room();
  }
  assert.ok(inner.isClosed());
});
