/** What the engine does with what the interface lends it, on the real kernel. */
import assert from "node:assert/strict";
import { emptyTraceContext, LiveSession, StreamRing } from "../../engine/mod.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import type { StreamSource, TraceRuntimeBindings } from "../../runtime/contracts.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";

Deno.test("The rows of a trace are in the ring that is lent to it, and go on in number when it starts again", async () => {
  const ring = new StreamRing();
  const sequencer = new RowSequencer();
  const sources: StreamSource[] = [];
  const nothing = () => {};
  const bindings: TraceRuntimeBindings = {
    streamBuffer: () => ring,
    recorder: () => null,
    streamSequencer: () => sequencer,
    filterEpoch: () => 7,
    setEventStreamSource: (source) => void sources.push(source),
    setDashboardSnapshotSource: nothing,
    setLiveTrie: nothing,
    setProbeManager: nothing,
    setLiveFilterSetter: nothing,
  };
  const context = emptyTraceContext().withBindings(bindings)
    .withFilter({ ...emptyFilter(), syscalls: ["execve"] });
  for (const run of [1, 2]) {
    await using session = await LiveSession.start(context, {
      ringBytes: 1024 * 1024,
      durationNs: null,
      command: {
        argv: ["/bin/true"],
        stdoutToStderr: false,
        user: null,
        environment: Deno.env.toObject(),
      },
      consumers: () => Promise.resolve([]),
    });
    await session.ended;
    const rows = ring.snapshot();
    assert.equal(rows.length, run);
    const last = rows[run - 1];
    assert.ok("syscall" in last);
    assert.deepEqual([last.seq, last.syscall, last.path, last.epoch], [run, "execve", "/bin/true", 7]);
    assert.equal(sources[run - 1], ring);
  }
});
