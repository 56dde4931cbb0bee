import assert from "node:assert/strict";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { recordedFiles } from "../../../engine/recording/recorded_files.ts";
import { PlaySession } from "../../../engine/replay/play_starter.ts";
import { Playback } from "../../../engine/replay/playback.ts";
import type { Publication } from "../../../engine/session/publication.ts";
import { batchOf, taskName } from "../batches.ts";
import { header, record, scratch } from "../recording/fixture.ts";

Deno.test("The loss of a recording is unknown from when a segment is gone that should have been played", async () => {
  using folder = scratch();
  const limits = { segmentRows: 2, segmentBytes: 1e12, segmentNs: 1e15, keep: null };
  const calls = [0, 1, 2, 3, 4, 5].map((i) => ({ nr: 0, enterNs: 1_000 * i, durationNs: 10 }));
  const target = { kind: "directory" as const, path: folder.path("d"), ...limits };
  await record(target, [batchOf(calls, { tasks: [taskName(1, 70)] })]);
  const recording = await openRecording([target.path]);
  const targets = { consumers: [], reset: () => Promise.resolve() };
  const playback = new Playback(recording, () => null, targets, 1e9);
  const publication = { endControls() {} } as Publication;
  await using session = new PlaySession(playback, recording, publication, new AsyncDisposableStack());
  await playback.seek(10);
  assert.deepEqual([session.progress().calls, session.progress().loss.state], [1, "none"]);
  Deno.removeSync((await recordedFiles([target.path])).paths[1]);
  await playback.seek(1e9);
  assert.deepEqual([session.progress().calls, session.progress().loss.state], [4, "unknown"]);
  await playback.end();
});

Deno.test("A recording that cannot be read on ends its session with the reason, also when it is moved on again", async () => {
  const broken = new Error("damaged");
  const recording = {
    header: header(),
    startedWallNs: 0n,
    async *batches() {
      yield batchOf([0, 100].map((enterNs) => ({ nr: 0, enterNs, durationNs: 10 })), {
        tasks: [taskName(1, 70)],
      });
      throw broken;
    },
    recycle() {},
  };
  const targets = { consumers: [], reset: () => Promise.resolve() };
  const playback = new Playback(recording, () => null, targets, 1e9);
  const publication = { endControls() {} } as Publication;
  await using session = new PlaySession(playback, recording, publication, new AsyncDisposableStack());
  await session.player.seek(10);
  await assert.rejects(() => session.player.seek(200), broken);
  await session.player.seek(300).catch(() => {});
  await assert.rejects(session.ended, broken);
});
