import assert from "node:assert/strict";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { BatchFilter } from "../../../engine/replay/batch_filter.ts";
import { endOf, Playback } from "../../../engine/replay/playback.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { emptyFilter } from "../../../runtime/filter/mod.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { batchOf, taskName } from "../batches.ts";

const [READ, WRITE] = [0, 1];

/** Calls that end at 10, 20, 35, 40 and 50 ns, in two batches; the last one is later than the trace. */
function batches(): EventBatch[] {
  return [
    batchOf([
      { nr: READ, enterNs: 5, durationNs: 5 },
      { nr: WRITE, enterNs: 10, durationNs: 10 },
      { nr: READ, enterNs: 35, durationNs: NaN },
    ], { tasks: [taskName(1, 10)] }),
    batchOf([
      { nr: WRITE, enterNs: 30, durationNs: 10 },
      { nr: READ, enterNs: 45, durationNs: 5 },
    ], { firstSeq: 4 }),
  ];
}

/** A playback over these calls, and what it has fed since the beginning. */
function played(header: Partial<ReportHeader> = {}, filter: () => BatchFilter | null = () => null) {
  let seen: string[] = [];
  let rows = new RowBuilder("x86_64");
  const consumer = {
    keepsColumns: false as const,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest(batch: EventBatch) {
      rows.apply(batch);
      for (let i = 0; i < batch.length; i++) seen.push(`${rows.row(i).seq} ${rows.row(i).syscall}`);
    },
  };
  const recording = {
    async *batches() {
      await Promise.resolve();
      yield* batches();
    },
    recycle: () => {},
    startedWallNs: 0n,
    header: header as ReportHeader,
  };
  const reset = () => {
    seen = [];
    rows = new RowBuilder("x86_64");
    return Promise.resolve();
  };
  const playback = new Playback(recording, filter, { consumers: [consumer], reset }, 48);
  return { recording, playback, seen: () => seen };
}

const ALL = ["1 read", "2 write", "3 read", "4 write", "5 read"];

Deno.test("A moment has the calls that had ended by then, in parts of batches", async () => {
  const { playback, seen } = played();
  for (const [atNs, calls] of [[0, 0], [9, 0], [10, 1], [34, 2], [35, 3], [39, 3], [40, 4]]) {
    await playback.seek(atNs);
    assert.deepEqual([playback.atNs, seen(), playback.calls], [atNs, ALL.slice(0, calls), calls]);
  }
});

Deno.test("The end has all calls, and no moment is beyond it", async () => {
  const { playback, seen } = played();
  await playback.seek(1e9);
  assert.deepEqual([playback.atNs, seen()], [48, ALL]);
});

Deno.test("An earlier moment counts from the beginning", async () => {
  const { playback, seen } = played();
  await playback.seek(48);
  await playback.seek(20);
  assert.deepEqual([playback.atNs, seen(), playback.calls], [20, ALL.slice(0, 2), 2]);
  await playback.seek(-5);
  assert.deepEqual([playback.atNs, seen()], [0, []]);
});

Deno.test("Another filter goes back to the first moment, and its calls are numbered without gaps", async () => {
  const { playback, seen } = played();
  await playback.seek(40);
  await playback.rewind(() => new BatchFilter({ ...emptyFilter(), syscalls: ["write"] }, "x86_64"));
  assert.deepEqual([playback.atNs, seen()], [0, []]);
  await playback.seek(40);
  assert.deepEqual(seen(), ["1 write", "2 write"]);
  await playback.seek(25);
  assert.deepEqual(seen(), ["1 write"]);
});

Deno.test("A recording that has lost its beginning is played from where it begins", async () => {
  const covers = { from: "1970-01-01T00:00:00.000000030Z", to: "1970-01-01T00:00:00.000000048Z" };
  const { playback } = played({ covers });
  assert.deepEqual([playback.startNs, playback.atNs, playback.endNs], [30, 30, 48]);
  await playback.seek(0);
  assert.equal(playback.atNs, 30);
});

Deno.test("A recording ends with its trace, or with its last call when it does not say", async () => {
  assert.equal(await endOf(played({ wall_ns: 70 }).recording), 70);
  assert.equal(await endOf(played({ wall_ns: 0 }).recording), 50);
});
