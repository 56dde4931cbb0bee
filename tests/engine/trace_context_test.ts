import assert from "node:assert/strict";
import { RowSequencer } from "../../engine/sequencer.ts";
import { emptyTraceContext } from "../../engine/trace_context.ts";
import type { TraceRuntimeBindings } from "../../runtime/contracts.ts";
import { emptySelection } from "../../runtime/selection.ts";

function bindings(epoch: number): TraceRuntimeBindings {
  return {
    setDashboardSnapshotSource: () => {},
    setEventStreamSource: () => {},
    setLiveTrie: () => {},
    setProbeManager: () => {},
    setLiveFilterSetter: () => {},
    streamBuffer: () => null,
    recorder: () => null,
    streamSequencer: () => new RowSequencer(),
    filterEpoch: () => epoch,
  };
}

Deno.test("an empty context has neither bindings nor filter", () => {
  const context = emptyTraceContext();
  assert.equal(context.bindings(), undefined);
  assert.equal(context.publisher(), undefined);
  assert.equal(context.filter(), undefined);
});

Deno.test("a context is never changed: each addition is a new one", () => {
  const empty = emptyTraceContext();
  const filtered = empty.withFilter({ ...emptySelection(), pids: [1] });
  const bound = filtered.withBindings(bindings(1));
  const other = bound.withFilter({ ...emptySelection(), pids: [2] });
  assert.equal(empty.filter(), undefined);
  assert.equal(filtered.bindings(), undefined);
  assert.deepEqual(bound.filter()?.pids, [1]);
  assert.deepEqual(other.filter()?.pids, [2]);
  assert.deepEqual(bound.filter()?.pids, [1]);
  assert.equal(other.bindings(), bound.bindings());
});

Deno.test("the filter is copied on the way in", () => {
  const selection = { ...emptySelection(), pids: [1], comms: ["a"] };
  const context = emptyTraceContext().withFilter(selection);
  selection.pids.push(2);
  selection.comms[0] = "b";
  selection.follow = false;
  assert.deepEqual(context.filter(), { ...emptySelection(), pids: [1], comms: ["a"] });
});

Deno.test("the filter is copied on the way out", () => {
  const context = emptyTraceContext().withFilter({ ...emptySelection(), pids: [1] });
  const first = context.filter()!;
  first.pids.push(2);
  first.follow = false;
  assert.deepEqual(context.filter(), { ...emptySelection(), pids: [1] });
  assert.notEqual(context.filter(), context.filter());
});

Deno.test("bindings are handed through as they are, the publisher is their narrower side", () => {
  const both = bindings(3);
  const context = emptyTraceContext().withBindings(both);
  assert.equal(context.bindings(), both);
  assert.equal(context.publisher(), both);
  assert.equal(context.bindings()?.filterEpoch(), 3);
});
