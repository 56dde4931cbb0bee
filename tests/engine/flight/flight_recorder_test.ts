import assert from "node:assert/strict";
import {
  FlightRecorder,
  type FlightWindow,
  type WindowSink,
} from "../../../engine/flight/flight_recorder.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { createColumns, type EventBatch } from "../../../runtime/event_batch.ts";
import { parseExpression } from "../../../runtime/expression/mod.ts";
import { lossOf } from "../../../runtime/loss.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import { flightBatches } from "./flight_batches.ts";

const LARGE = 1024 ** 3;
const NAMES = { tasks: [taskName(1, 70)] };
const NO_LOSS = lossOf({ ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 });

/** A row with what a recording has beside it. */
type Row = StreamRow & { startNs: number };

/** Windows as they were written; each reader begins without names, as the reader of a file does. */
class Windows implements WindowSink {
  readonly written: { rows: Row[]; window: FlightWindow }[] = [];
  readonly ended: FlightWindow[] = [];
  canIngest = true;
  #rows = new RowBuilder("x86_64");

  begin(window: FlightWindow): void {
    this.written.push({ rows: [], window });
    this.#rows = new RowBuilder("x86_64");
  }
  room(): Promise<void> {
    return Promise.resolve();
  }
  ingest(batch: EventBatch): Promise<void> {
    const { rows, window: { fromNs } } = this.written.at(-1)!;
    rows.push(
      ...rowsOf(this.#rows, batch).map((row) => (
        { ...row, timeNs: row.timeNs + fromNs, startNs: row.startNs + fromNs }
      )),
    );
    return Promise.resolve();
  }
  end(window: FlightWindow): Promise<void> {
    this.ended.push(window);
    return Promise.resolve();
  }
}

function rowsOf(builder: RowBuilder, batch: EventBatch): Row[] {
  builder.apply(batch);
  return Array.from({ length: batch.length }, (_, i) => (
    { ...builder.row(i), startNs: builder.task(batch.columns.task[i]).processStartNs }
  ));
}

function recorder(trigger: string, beforeNs: number, afterNs: number, bufferBytes = LARGE) {
  const windows = new Windows();
  const condition = parseExpression({ option: "--trigger", text: trigger, example: "" });
  const flight = new FlightRecorder(
    { trigger: condition, beforeNs, afterNs, bufferBytes },
    "x86_64",
    windows,
  );
  return { flight, windows };
}

/** Reads that take a microsecond and end at these times. */
function reads(endsNs: readonly number[], firstSeq: number, slowNs?: number) {
  return batchOf(
    endsNs.map((end) => {
      const durationNs = end === slowNs ? 500 : 1;
      return { nr: 0, enterNs: end - durationNs, durationNs };
    }),
    { firstSeq, ...(firstSeq === 1 && NAMES) },
  );
}

const endsOf = (rows: readonly Row[]) => rows.map((row) => row.timeNs + row.latencyNs!);

Deno.test("A window has the calls that ended from so long before a match to so long after it, and none else", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1000, 500);
  await flight.ingest(reads([4000, 4999, 5000, 5500], 1));
  await flight.ingest(reads([6000, 6400, 6500, 6501, 9000], 5, 6000));
  await flight.finish(10_000);
  assert.deepEqual(windows.written.map(({ rows }) => endsOf(rows)), [[5000, 5500, 6000, 6400, 6500]]);
  const [{ fromNs, untilNs, firstNs, matches, rows, isCut, call }] = windows.ended;
  assert.deepEqual({ fromNs, untilNs, firstNs, matches, rows, isCut, seq: call.seq }, {
    fromNs: 5000,
    untilNs: 6500,
    firstNs: 6000,
    matches: 1,
    rows: 5,
    isCut: false,
    seq: 5,
  });
});

Deno.test("A match within a window makes it longer, and a later one begins another where it ended", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1000, 500);
  await flight.ingest(reads([5000, 6000], 1, 6000));
  await flight.ingest(reads([6400], 3, 6400));
  await flight.ingest(reads([6850, 6901, 7000], 4, 7000));
  await flight.finish(7100);
  assert.deepEqual(windows.written.map(({ rows }) => endsOf(rows)), [[5000, 6000, 6400, 6850], [6901, 7000]]);
  assert.deepEqual(windows.ended.map(({ fromNs, untilNs, matches }) => [fromNs, untilNs, matches]), [
    [5000, 6900, 2],
    [6900, 7100, 1],
  ]);
});

Deno.test("A window ends by the clock when no calls come, but not while some may be on their way", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1000, 500);
  await flight.ingest(reads([6000], 1, 6000));
  for (const [timeNs, ended] of [[6400, 0], [6800, 0], [7000, 1]]) {
    flight.noteLoss(NO_LOSS, timeNs);
    assert.equal(windows.ended.length, ended, `at ${timeNs}`);
  }
  await flight.finish(9000);
  assert.deepEqual(windows.ended.map(({ untilNs }) => untilNs), [6500]);
});

Deno.test("A window knows what had been lost before it began", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1000, 500);
  flight.noteLoss(lossOf({ ...NO_LOSS.by!, ring_full: 3 }), 2000);
  flight.noteLoss(lossOf({ ...NO_LOSS.by!, ring_full: 7 }), 5500);
  await flight.ingest(reads([6000], 1, 6000));
  await flight.finish(6000);
  assert.equal(windows.ended[0].lossBefore.calls, 3);
});

Deno.test("A window knows what had been lost before it began when its calls come late, and while one before it ends", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1000, 500);
  const note = (count: number, timeNs: number) =>
    flight.noteLoss(lossOf({ ...NO_LOSS.by!, ring_full: count }), timeNs);
  for (let count = 1; count <= 90; count++) {
    note(count, 100 * count);
    // Each comes 800 nanoseconds after its end.
    if (count > 8) await flight.ingest(reads([100 * (count - 8)], count - 8));
  }
  await flight.ingest(reads([8300], 83, 8300));
  const ending = Promise.withResolvers<void>();
  windows.end = (window) => {
    windows.ended.push(window);
    return ending.promise;
  };
  await flight.ingest(reads([8900], 84));
  const taken = flight.ingest(reads([9900], 85, 9900));
  for (let count = 91; count <= 200; count++) note(count, 100 * count);
  ending.resolve();
  await taken;
  await flight.finish(9900);
  assert.deepEqual(windows.ended.map(({ fromNs, lossBefore }) => [fromNs, lossBefore.calls]), [
    [7300, 73],
    [8900, 89],
  ]);
});

Deno.test("A buffer that is too small for the time before a match cuts it, and says so", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1e9, 0, 1024 ** 2);
  const calls = 100_000;
  for (let first = 1; first <= calls; first += 1000) {
    await flight.ingest(reads(Array.from({ length: 1000 }, (_, i) => 1000 + first + i), first));
  }
  await flight.ingest(reads([200_000], calls + 1, 200_000));
  await flight.finish(200_000);
  const [{ rows, window }] = windows.written;
  assert.ok(window.isCut);
  assert.ok(rows.length > 5_000 && rows.length < 20_000, `${rows.length} rows`);
  // What is there has no hole, and the window begins where it does.
  assert.deepEqual(rows.map(({ seq }) => seq), rows.map((_, i) => rows[0].seq + i));
  assert.equal(rows.at(-1)!.seq, calls + 1);
  assert.equal(window.fromNs, endsOf(rows)[0] - 1);
});

Deno.test("While calls are handed on no batch is taken, and a failure of that shows where room is awaited", async () => {
  const { flight, windows } = recorder("latency > 100ns", 1000, 500);
  windows.canIngest = false;
  windows.room = () => Promise.reject(new Error("gone"));
  const taken = assert.rejects(flight.ingest(reads([6000], 1, 6000)), /gone/);
  assert.ok(!flight.canIngest);
  await assert.rejects(flight.room(), /gone/);
  await taken;
});

Deno.test("Whatever calls and names come, windows are those of a simple model, with every name of the moment", async () => {
  const seed = testSeed();
  for (let run = 0; run < 40; run++) {
    const next = random(seed + run);
    const [beforeNs, afterNs] = [Math.floor(next() * 40_000), Math.floor(next() * 20_000)];
    const { flight, windows } = recorder("errno = EIO", beforeNs, afterNs);
    const batches = Array.from({ length: 60 }, flightBatches(next, 60, 100));
    const builder = new RowBuilder("x86_64");
    const rows = batches.flatMap((batch) => rowsOf(builder, batch));
    for (const batch of batches) {
      // The columns are used again at once, as those of a trace.
      const columns = createColumns(batch.columns.nr.length);
      for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
        (columns[name] as Float64Array).set(batch.columns[name] as Float64Array);
      }
      await flight.room();
      (await flight.ingest({ ...batch, columns })).task.fill(0);
    }
    await flight.finish(Infinity);
    assert.deepEqual(windows.written.map(({ rows }) => rows), model(rows, beforeNs, afterNs), `run ${run}`);
  }
});

/** The rows of each window. */
function model(rows: readonly Row[], beforeNs: number, afterNs: number): Row[][] {
  const found: Row[][] = [];
  let [kept, untilNs, isOpen]: [Row[], number, boolean] = [[], 0, false];
  for (const row of rows) {
    const endNs = row.timeNs + row.latencyNs!;
    if (isOpen && endNs > untilNs) [isOpen, kept] = [false, []];
    if (isOpen) found.at(-1)!.push(row);
    else kept.push(row);
    if (row.errno !== "EIO") continue;
    if (!isOpen) found.push(kept.filter((before) => before.timeNs + before.latencyNs! >= endNs - beforeNs));
    [isOpen, untilNs] = [true, endNs + afterNs];
  }
  return found;
}
