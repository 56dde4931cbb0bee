import assert from "node:assert/strict";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { ROW_GROUP_ROWS } from "../../../engine/recording/row_group.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import {
  assertSameCounts,
  assertSameRows,
  batchesOf,
  header,
  record,
  replayed,
  rowsOf,
  scratch,
  tracedBatches,
} from "./fixture.ts";

const SEED = testSeed();

Deno.test("What is read from a file is what was written, row by row, and counts the same", async () => {
  using folder = scratch();
  for (let round = 0; round < 5; round++) {
    const make = tracedBatches(random(SEED + round));
    const batches = Array.from({ length: 40 }, make);
    const path = folder.path(`${round}.parquet`);
    const { rows, dropped, lastError } = await record(path, batches);
    const live = rowsOf(batches);
    assert.deepEqual({ rows, dropped, lastError }, { rows: live.length, dropped: 0, lastError: null });
    assertSameRows(await replayed(path), live);
    assertSameCounts(await batchesOf(path), batches);
  }
});

Deno.test("More rows than a row group has are read in their order", async () => {
  using folder = scratch();
  const next = random(SEED);
  const make = tracedBatches(next, 16_384);
  const batches: EventBatch[] = [];
  for (let rows = 0; rows < 1.2 * ROW_GROUP_ROWS;) {
    batches.push(make());
    rows += batches.at(-1)!.length;
  }
  const path = folder.path("long.parquet");
  await record(path, batches);
  assertSameRows(await replayed(path), rowsOf(batches));
  assertSameCounts(await batchesOf(path), batches);
});

Deno.test("A directory of segments reads as one file does", async () => {
  using folder = scratch();
  const batches = Array.from({ length: 60 }, tracedBatches(random(SEED)));
  let nowMs = 0;
  const target = {
    kind: "directory",
    path: folder.path("segments"),
    segmentRows: 4_000,
    segmentBytes: 1e9,
    segmentNs: 3e9,
    keep: null,
  } as const;
  await record(target, batches, { nowMs: () => nowMs += 100 });
  const recording = await openRecording([folder.path("segments")]);
  assert.deepEqual(
    [recording.complete, recording.notes, recording.header],
    [true, [], header()],
  );
  assertSameRows(rowsOf(await Array.fromAsync(recording.batches())), rowsOf(batches));
  assertSameCounts(await batchesOf(folder.path("segments")), batches);
});

Deno.test("Slots begin again when more names are in use than the kernel side has, and rows keep their names", async () => {
  using folder = scratch();
  // Every call has a file that no call had before.
  const batches = Array.from(
    { length: 9 },
    (_, b) =>
      batchOf(Array.from({ length: 8_192 }, (_, i) => ({ nr: 0, file: i + 1, durationNs: 10 })), {
        firstSeq: 1 + b * 8_192,
        tasks: b === 0 ? [taskName(1, 70)] : [],
        files: Array.from({ length: 8_192 }, (_, i) => ({ slot: i + 1, path: `/data/${b}/${i}` })),
      }),
  );
  const path = folder.path("names.parquet");
  await record(path, batches);
  const read = await batchesOf(path);
  const slots = read.flatMap(({ files }) => files.map(({ slot }) => slot));
  assert.ok(Math.max(...slots.slice(0, 70_000)) < 65_536 + 16_384 * 2);
  assertSameRows(rowsOf(read), rowsOf(batches));
});

Deno.test("A process is named by the order in which its threads got their names, as live", async () => {
  using folder = scratch();
  const [leaderless, pid] = [71, 70];
  const task = (slot: number, comm: string, tid = leaderless) => taskName(slot, pid, { tid, comm });
  // One thread goes from one name to another and back; the second one calls in between.
  const batches = [
    batchOf([{ nr: 0, task: 1 }, { nr: 0, task: 2 }], { tasks: [task(1, "first"), task(2, "other", 72)] }),
    batchOf([{ nr: 0, task: 3 }], { tasks: [task(3, "second")], firstSeq: 3 }),
    batchOf([{ nr: 0, task: 2 }, { nr: 0, task: 4 }], { tasks: [task(4, "first")], firstSeq: 4 }),
  ];
  const path = folder.path("names.parquet");
  await record(path, batches);
  assertSameCounts(await batchesOf(path), batches);
});

Deno.test("A process that was started years before the trace is read as it was written", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const processStartNs = -3 * 365 * 86_400 * 1e9;
  await record(path, [batchOf([{ nr: 0 }], { tasks: [taskName(1, 70, { processStartNs })] })]);
  const [{ tasks }] = await batchesOf(path);
  assert.equal(tasks[0].processStartNs, processStartNs);
});

Deno.test("A name that begins with a byte order mark keeps it", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const comms = ["\ufeffcat", "cat"];
  const tasks = comms.map((comm, i) => taskName(1 + i, 70 + i, { comm }));
  await record(path, [batchOf([{ nr: 0, task: 1 }, { nr: 0, task: 2 }], { tasks })]);
  assert.deepEqual((await replayed(path)).map(({ comm }) => comm), comms);
});

Deno.test("Many long names that begin alike are read, however small their file is", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const begin = "/0001".repeat(800);
  const batches = Array.from({ length: 4 }, (_, i) => {
    const names = Array.from({ length: 4000 }, (_, j) => ({ slot: 1 + j, path: `${begin}/${i}-${j}` }));
    const calls = names.map(({ slot }) => ({ nr: 0, file: slot }));
    const tasks = i === 0 ? [taskName(1, 70)] : [];
    return batchOf(calls, { tasks, files: names, firstSeq: 1 + i * names.length });
  });
  await record(path, batches);
  const wanted = rowsOf(batches);
  assert.ok(Deno.statSync(path).size < wanted.length * begin.length / 200);
  assertSameRows(await replayed(path), wanted);
});
