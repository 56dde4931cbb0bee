import assert from "node:assert/strict";
import { RowSequencer } from "../../engine/sequencer.ts";
import { STREAM_RING_ROWS, StreamRing } from "../../engine/stream_ring.ts";
import type { EventSink } from "../../runtime/contracts.ts";
import type { StreamRow, WarningRow } from "../../runtime/row.ts";
import { random, testSeed } from "./batches.ts";

function warning(seq: number): WarningRow {
  return { seq, timeNs: 10 * seq, warning: `row ${seq}` };
}

function seqs(ring: EventSink): number[] {
  return ring.snapshot().map(({ seq }) => seq);
}

Deno.test("A stream ring keeps rows in their order until it is full, and then the newest", () => {
  const ring = new StreamRing(3) satisfies EventSink;
  assert.deepEqual([ring.length, seqs(ring)], [0, []]);
  const held = [[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6, 7]];
  for (const [i, wanted] of held.entries()) {
    ring.push(warning(i + 1));
    assert.deepEqual([ring.length, seqs(ring)], [wanted.length, wanted]);
  }
  assert.equal(ring.capacity, 3);
});

Deno.test("A stream ring of one row holds the last one", () => {
  const ring = new StreamRing(1);
  for (let seq = 1; seq <= 3; seq++) {
    ring.push(warning(seq));
    assert.deepEqual(seqs(ring), [seq]);
  }
});

Deno.test("A stream ring holds ten thousand rows unless told otherwise, and what is gone shows in their numbers", () => {
  const ring = new StreamRing();
  const sequencer = new RowSequencer();
  for (let i = 0; i < STREAM_RING_ROWS + 2_500; i++) ring.push(warning(sequencer.take(1)));
  const rows = ring.snapshot();
  assert.equal(STREAM_RING_ROWS, 10_000);
  assert.equal(rows.length, 10_000);
  assert.deepEqual([rows[0].seq, rows.at(-1)!.seq], [2_501, 12_500]);
  assert.ok(rows.every((row, i) => row.seq === rows[0].seq + i));
});

Deno.test("Rows of calls and warnings are kept as they are, and a snapshot does not change afterwards", () => {
  const ring = new StreamRing(2);
  const call = { seq: 1, timeNs: 5, syscall: "read" } as StreamRow;
  ring.push(call);
  const before = ring.snapshot();
  ring.push(warning(2));
  ring.push(warning(3));
  assert.equal(before.length, 1);
  assert.equal(before[0], call);
  before.length = 0;
  assert.deepEqual(seqs(ring), [2, 3]);
});

Deno.test("A stream ring knows how many of its rows are warnings", () => {
  const ring = new StreamRing(3);
  const counts = [warning(1), { seq: 2 } as StreamRow, warning(3), { seq: 4 } as StreamRow].map((row) => {
    ring.push(row);
    return ring.warnings;
  });
  assert.deepEqual(counts, [1, 1, 2, 1]);
  ring.retain(() => false);
  assert.deepEqual([ring.length, ring.warnings], [1, 1]);
  ring.clear();
  assert.equal(ring.warnings, 0);
});

Deno.test("A stream ring that was cleared starts anew and keeps no row", () => {
  const ring = new StreamRing(3);
  for (let seq = 1; seq <= 4; seq++) ring.push(warning(seq));
  ring.clear();
  assert.deepEqual([ring.length, seqs(ring)], [0, []]);
  for (let seq = 9; seq <= 10; seq++) ring.push(warning(seq));
  assert.deepEqual(seqs(ring), [9, 10]);
});

Deno.test("A stream ring is the end of the list of all rows, whatever its size and whenever it is cleared", () => {
  const next = random(testSeed());
  for (let round = 0; round < 200; round++) {
    const capacity = 1 + Math.floor(next() * 20);
    const ring = new StreamRing(capacity);
    let all: number[] = [];
    for (let seq = 1; seq <= 100; seq++) {
      if (next() < 0.02) {
        ring.clear();
        all = [];
      }
      ring.push(warning(seq));
      all.push(seq);
      assert.deepEqual(seqs(ring), all.slice(-capacity));
      assert.equal(ring.length, Math.min(all.length, capacity));
    }
  }
});

Deno.test("A stream ring without room for a row is refused", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    assert.throws(() => new StreamRing(capacity), RangeError, String(capacity));
  }
});
