import assert from "node:assert/strict";
import { RowSequencer } from "../../engine/sequencer.ts";

Deno.test("rows are numbered from 1 on without a hole", () => {
  const sequencer = new RowSequencer();
  assert.deepEqual([3, 1, 0, 5, 1].map((count) => sequencer.take(count)), [1, 4, 5, 5, 10]);
});

Deno.test("numbers are exact beyond 32 bits", () => {
  const sequencer = new RowSequencer();
  sequencer.take(2 ** 40);
  assert.equal(sequencer.take(1), 2 ** 40 + 1);
  assert.equal(sequencer.take(1), 2 ** 40 + 2);
});
