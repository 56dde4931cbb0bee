import assert from "node:assert/strict";
import { RowSequencer } from "../../engine/sequencer.ts";
import { emptyTraceContext } from "../../engine/trace_context.ts";
import type { TraceRuntimeBindings } from "../../runtime/contracts.ts";
import type { Expression } from "../../runtime/expression/mod.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";

function bindings(epoch: number): TraceRuntimeBindings {
  return {
    setDashboardSnapshotSource: () => {},
    setEventStreamSource: () => {},
    setFileSessionSource: () => {},
    setMappedIoSource: () => {},
    setLiveTrie: () => {},
    setProbeManager: () => {},
    setLiveFilterSetter: () => {},
    setRowsSwitch: () => {},
    streamBuffer: () => null,
    recorder: () => null,
    streamSequencer: () => new RowSequencer(),
    filterEpoch: () => epoch,
  };
}

Deno.test("calls are copied on the way in and on the way out, and taken away again by null", () => {
  const calls = { syscalls: ["read"], unknownSyscalls: false };
  const context = emptyTraceContext().withFilter(emptyFilter()).withCalls(calls);
  calls.syscalls.push("write");
  context.calls()!.syscalls.push("close");
  assert.deepEqual(context.calls(), { syscalls: ["read"], unknownSyscalls: false });
  assert.deepEqual(context.filter(), emptyFilter());
  assert.equal(context.withCalls(null).calls(), undefined);
});

Deno.test("an empty context has neither bindings nor filter nor calls", () => {
  const context = emptyTraceContext();
  assert.equal(context.calls(), undefined);
  assert.equal(context.bindings(), undefined);
  assert.equal(context.publisher(), undefined);
  assert.equal(context.filter(), undefined);
});

Deno.test("a context is never changed: each addition is a new one", () => {
  const empty = emptyTraceContext();
  const filtered = empty.withFilter({ ...emptyFilter(), pids: [1] });
  const bound = filtered.withBindings(bindings(1));
  const other = bound.withFilter({ ...emptyFilter(), pids: [2] });
  assert.equal(empty.filter(), undefined);
  assert.equal(filtered.bindings(), undefined);
  assert.deepEqual(bound.filter()?.pids, [1]);
  assert.deepEqual(other.filter()?.pids, [2]);
  assert.deepEqual(bound.filter()?.pids, [1]);
  assert.equal(other.bindings(), bound.bindings());
});

Deno.test("the filter is copied on the way in", () => {
  const condition = (comm: string): Expression => ({
    kind: "text",
    field: "comm",
    operator: "~",
    values: [comm],
  });
  const where = condition("a");
  const filter = { ...emptyFilter(), pids: [1], where };
  const context = emptyTraceContext().withFilter(filter);
  filter.pids.push(2);
  Object.assign(where, condition("b"));
  filter.follow = false;
  assert.deepEqual(context.filter(), { ...emptyFilter(), pids: [1], where: condition("a") });
});

Deno.test("the filter is copied on the way out", () => {
  const context = emptyTraceContext().withFilter({ ...emptyFilter(), pids: [1] });
  const first = context.filter()!;
  first.pids.push(2);
  first.follow = false;
  assert.deepEqual(context.filter(), { ...emptyFilter(), pids: [1] });
  assert.notEqual(context.filter(), context.filter());
});

Deno.test("bindings are handed through as they are, the publisher is their narrower side", () => {
  const both = bindings(3);
  const context = emptyTraceContext().withBindings(both);
  assert.equal(context.bindings(), both);
  assert.equal(context.publisher(), both);
  assert.equal(context.bindings()?.filterEpoch(), 3);
});
