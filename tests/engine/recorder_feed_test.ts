import assert from "node:assert/strict";
import { RecorderFeed } from "../../engine/recorder_feed.ts";
import type { Recorder } from "../../runtime/contracts.ts";
import { batchOf } from "./batches.ts";

/** A recorder of which only the room matters. */
function recorderWith(canIngest: boolean, room: () => Promise<void>): Recorder {
  const status = { path: "a", rows: 0, dropped: 0, lastError: null };
  return {
    canIngest,
    room,
    start() {},
    stop: () => status,
    status: () => status,
    ingest: () => Promise.resolve(null),
  };
}

Deno.test("Without a recorder there is always room, and columns come back at once", async () => {
  const feed = new RecorderFeed(() => null);
  assert.ok(feed.canIngest);
  await feed.room();
  const batch = batchOf([{ nr: 0 }]);
  assert.equal(await feed.ingest(batch), batch.columns);
});

Deno.test("The room is that of the recorder, and what it makes of columns as well", async () => {
  let asked = 0;
  const recorder = recorderWith(false, () => {
    asked++;
    return Promise.resolve();
  });
  const feed = new RecorderFeed(() => recorder);
  assert.ok(!feed.canIngest);
  await feed.room();
  assert.equal(asked, 1);
  assert.equal(await feed.ingest(batchOf([{ nr: 0 }])), null);
});
