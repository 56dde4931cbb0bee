import assert from "node:assert/strict";
import { CallRing } from "../../../engine/flight/call_ring.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import { flightBatches } from "./flight_batches.ts";

const MIB = 1024 ** 2;

/** What one block and the names of a batch may take more than the bound. */
const SLACK = 0.6 * MIB;

Deno.test("A ring takes no more memory than it may, whatever calls and names come", () => {
  const next = random(testSeed());
  const ring = new CallRing(MIB);
  const batches = flightBatches(next, 900, 100);
  let most = 0;
  for (let i = 0; i < 300; i++) {
    const batch = batches();
    // Every call may have a file of its own.
    for (let slot = 20; slot < 20 + 900 * next(); slot++) {
      batch.files.push({ slot, path: "/long".repeat(20) });
    }
    ring.name(batch);
    ring.push(batch, 0, batch.length, -Infinity);
    most = Math.max(most, ring.bytes);
  }
  assert.ok(most > MIB / 2 && most < MIB + SLACK, `${most} bytes`);
  assert.ok(ring.droppedEndNs > 0);
});

Deno.test("Names that come without calls take no more memory than they may, and the calls before them go", () => {
  const ring = new CallRing(MIB);
  const batch = batchOf([{ nr: 0, file: 1, enterNs: 5, durationNs: 2 }], {
    tasks: [taskName(1, 70)],
    files: [{ slot: 1, path: "/rare" }],
  });
  ring.name(batch);
  ring.push(batch, 0, 1, -Infinity);
  const files = Array.from({ length: 1000 }, (_, i) => ({ slot: 2 + i, path: "/long".repeat(20) }));
  for (let i = 0; i < 50; i++) {
    ring.name({ tasks: [], files });
    assert.ok(ring.bytes < 2 * MIB, `${ring.bytes} bytes`);
  }
  assert.deepEqual([[...ring.take(-Infinity)].length, ring.droppedEndNs], [0, 7]);
  ring.push(batch, 0, 1, -Infinity);
  const [names, taken] = ring.take(-Infinity);
  assert.deepEqual([names.files.length, names.tasks.length, taken.length], [1001, 1, 1]);
});

Deno.test("What is not wanted any more goes first, and is not dropped for lack of room", () => {
  const ring = new CallRing(MIB);
  for (let i = 0; i < 100; i++) {
    const calls = Array.from({ length: 1000 }, (_, j) => ({ nr: 0, enterNs: 1000 * i + j, durationNs: 0 }));
    const batch = batchOf(calls, { firstSeq: 1 + 1000 * i, tasks: i === 0 ? [taskName(1, 70)] : [] });
    ring.name(batch);
    ring.push(batch, 0, batch.length, 1000 * i - 500);
  }
  assert.equal(ring.droppedEndNs, -Infinity);
  assert.ok(ring.bytes < MIB);
});

Deno.test("What is taken out has every name that it needs, also of calls that were dropped", () => {
  const seed = testSeed();
  const next = random(seed);
  const ring = new CallRing(MIB);
  const batches = Array.from({ length: 200 }, flightBatches(next, 500, 100));
  const builder = new RowBuilder("x86_64");
  const all = batches.flatMap((batch) => {
    builder.apply(batch);
    ring.name(batch);
    ring.push(batch, 0, batch.length, -Infinity);
    return Array.from({ length: batch.length }, (_, i) => builder.row(i));
  });
  const reader = new RowBuilder("x86_64");
  const taken = [...ring.take(-Infinity)].flatMap((batch) => {
    reader.apply(batch);
    return Array.from({ length: batch.length }, (_, i) => reader.row(i));
  });
  assert.ok(taken.length > 5000 && taken.length < all.length, `${taken.length} of ${all.length}`);
  assert.deepEqual(taken, all.slice(-taken.length));
  assert.equal(ring.bytes, 0);
  assert.deepEqual([...ring.take(-Infinity)], []);
});

Deno.test("Names that apply from the first call of a block on are taken out with it", () => {
  const ring = new CallRing(100 * MIB);
  const calls = 8192;
  const paths = ["/a", "/b", "/c"];
  for (const [i, path] of paths.entries()) {
    const reads = Array.from({ length: calls }, () => ({ nr: 0, file: 1 }));
    const names = { tasks: i === 0 ? [taskName(1, 70)] : [], files: [{ slot: 1, path }] };
    const batch = batchOf(reads, { ...names, firstSeq: 1 + i * calls });
    ring.name(batch);
    ring.push(batch, 0, calls, -Infinity);
  }
  const reader = new RowBuilder("x86_64");
  const taken = new Map<string | null, number>();
  for (const batch of ring.take(-Infinity)) {
    reader.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      const { path } = reader.row(i);
      taken.set(path, (taken.get(path) ?? 0) + 1);
    }
  }
  assert.deepEqual([...taken], paths.map((path) => [path, calls]));
});

Deno.test("Names that came after the last call are kept for the next when calls are taken out, and take no room", () => {
  const ring = new CallRing(MIB);
  const read = (path: string) =>
    batchOf([{ nr: 0, file: 1 }], { tasks: [taskName(1, 70)], files: [{ slot: 1, path }] });
  for (const path of ["/a", "/b"]) {
    const batch = read(path);
    ring.name(batch);
    if (path === "/a") ring.push(batch, 0, 1, -Infinity);
  }
  assert.equal([...ring.take(-Infinity)].at(-1)!.length, 1);
  assert.equal(ring.bytes, 0);
  ring.push(read("/b"), 0, 1, -Infinity);
  assert.deepEqual([...ring.take(-Infinity)][0].files, [{ slot: 1, path: "/b" }]);
});
