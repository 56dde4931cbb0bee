import assert from "node:assert/strict";
import { copyOfBatch, NUMBER_COLUMNS } from "../../engine/batch_copies.ts";
import { FanOut } from "../../engine/fan_out.ts";
import { createColumns, type EventBatch, type EventColumns } from "../../runtime/event_batch.ts";
import type { CallCells } from "../../runtime/call_cells.ts";
import { random, testSeed } from "./batches.ts";
import { callCells } from "./cells.ts";
import { randomBatches } from "./random_batches.ts";

const someBatches = () => randomBatches(random(testSeed()), { files: 9, processes: 3, stepNs: 10 });

function calls({ columns, length }: EventBatch) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, [...column.subarray(0, length)]]),
  );
}

/** Keeps what it is given, as a worker does: the columns are spoiled at once, and come back when they are asked for. */
function keeper() {
  const seen: ReturnType<typeof calls>[] = [];
  const held: EventColumns[] = [];
  const back: (() => void)[] = [];
  return {
    keepsColumns: true as const,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest(batch: EventBatch) {
      seen.push(calls(batch));
      held.push(batch.columns);
      batch.columns.nr.fill(-1);
      batch.columns.ret.fill(-1n);
      return new Promise<EventColumns | null>((resolve) => back.push(() => resolve(batch.columns)));
    },
    seen,
    held,
    giveBack: () => back.splice(0).forEach((give) => give()),
  };
}

function reader() {
  const seen: ReturnType<typeof calls>[] = [];
  return {
    keepsColumns: false as const,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest: (batch: EventBatch) => void seen.push(calls(batch)),
    seen,
  };
}

const batchFed = (batch: EventBatch) => ({ kind: "batch" as const, batch });

Deno.test("The columns of numbers are all columns but the returned value", () => {
  assert.deepEqual([...NUMBER_COLUMNS, "ret"].sort(), Object.keys(createColumns(8)).sort());
});

Deno.test("Every consumer sees every batch as it was, in any order of readers and keepers", async () => {
  const nextBatch = someBatches();
  const [first, second, between, last] = [keeper(), keeper(), reader(), keeper()];
  const fanOut = new FanOut([first, between, second, last], () => {});
  const wanted: unknown[] = [];
  for (let i = 0; i < 5; i++) {
    const batch = nextBatch();
    wanted.push(calls(batch));
    await fanOut.feed(batchFed(batch));
    assert.equal(last.held.at(-1), batch.columns, "the last keeper has the batch itself");
  }
  for (const { seen } of [first, second, between, last]) assert.deepEqual(seen, wanted);
});

Deno.test("Columns go back to where they come from once the last keeper is done, or at once when none keeps them", async () => {
  const nextBatch = someBatches();
  const recycled: EventColumns[] = [];
  const last = keeper();
  const fanOut = new FanOut([keeper(), last], (columns) => void recycled.push(columns));
  const batch = nextBatch();
  await fanOut.feed(batchFed(batch));
  assert.equal(recycled.length, 0);
  last.giveBack();
  await Promise.resolve();
  assert.deepEqual(recycled, [batch.columns]);
  const read = nextBatch();
  await new FanOut([reader()], (columns) => void recycled.push(columns)).feed(batchFed(read));
  assert.equal(recycled[1], read.columns);
});

Deno.test("Columns of copies are filled again when they are as long, and others are not", () => {
  const batch = (capacity: number): EventBatch => ({
    length: 2,
    firstSeq: 1,
    epoch: 1,
    columns: createColumns(capacity),
    tasks: [],
    files: [],
  });
  const [same, other] = [createColumns(16), createColumns(8)];
  assert.equal(copyOfBatch(batch(16), [same]).columns, same);
  const { columns } = copyOfBatch(batch(16), [other]);
  assert.notEqual(columns, other);
  assert.equal(columns.nr.length, 16);
});

Deno.test("The slowest consumer holds all of them back", async () => {
  const [fast, slow] = [reader(), { ...reader(), canIngest: false }];
  const room = Promise.withResolvers<void>();
  slow.room = () => room.promise;
  const feeding = new FanOut([slow, fast], () => {}).feed(batchFed(someBatches()()));
  await Promise.resolve();
  assert.equal(fast.seen.length, 0);
  room.resolve();
  await feeding;
  assert.deepEqual([fast.seen.length, slow.seen.length], [1, 1]);
});

Deno.test("A keeper that fails is no matter of this batch: the next wait for room has its reason", async () => {
  const dead = {
    keepsColumns: true as const,
    canIngest: true,
    room: () => Promise.reject(new Error("out of paper")),
    ingest: () => Promise.reject(new Error("out of paper")),
  };
  const fanOut = new FanOut([dead], () => assert.fail("nothing comes back"));
  await fanOut.feed(batchFed(someBatches()()));
  dead.canIngest = false;
  await assert.rejects(fanOut.feed(batchFed(someBatches()())), /out of paper/);
});

Deno.test("Sums reach all consumers, and are refused where one of them needs rows", async () => {
  const cells = callCells({ cells: [], sinceNs: 0, timeNs: 0, tasks: [], files: [] });
  const taken: CallCells[] = [];
  const ingestCells = (sums: CallCells) => Promise.resolve(void taken.push(sums));
  const fanOut = new FanOut([{ ...reader(), ingestCells }, { ...keeper(), ingestCells }], () => {});
  assert.ok(fanOut.takesSums);
  await fanOut.feed({ kind: "sums", cells });
  assert.deepEqual(taken, [cells, cells]);
  const withRows = new FanOut([{ ...reader(), ingestCells }, reader()], () => {});
  assert.ok(!withRows.takesSums);
  await assert.rejects(withRows.feed({ kind: "sums", cells }), /one of them needs rows/);
  assert.equal(taken.length, 2);
});

Deno.test("Sums of a sampled trace reach those that take them, and the others have the rows", async () => {
  const cells = callCells({ cells: [], sinceNs: 0, timeNs: 0, tasks: [], files: [] });
  const taken: CallCells[] = [];
  const ingestCells = (sums: CallCells) => Promise.resolve(void taken.push(sums));
  const rows = reader();
  await new FanOut([{ ...reader(), ingestCells }, rows], () => {}).feed({
    kind: "sums",
    cells,
    sampled: true,
  });
  assert.deepEqual(taken, [cells]);
  assert.equal(rows.seen.length, 0);
});
