import assert from "node:assert/strict";
import { StatsHost } from "../../../engine/workers/stats_host.ts";
import { columnsBuffer } from "../../../runtime/event_batch.ts";
import { PROTOCOL_VERSION, type StatsConfig, type StatsRequest } from "../../../runtime/messages.ts";
import { batchOf, taskName } from "../batches.ts";
import { callCells } from "../cells.ts";

const NONE = { indexes: [], counts: [] };

const CONFIG: StatsConfig = { arch: "x86_64", maxFiles: 10, maxProcesses: 10, maxSlowest: 1 };
const HELLO: StatsRequest = { kind: "hello", id: 1, protocol: PROTOCOL_VERSION, config: CONFIG };

function failure(host: StatsHost, request: StatsRequest): string {
  const { reply } = host.answer(request);
  assert.equal(reply.kind, "failed");
  assert.equal(reply.id, request.id);
  return reply.kind === "failed" ? reply.error.message : "";
}

Deno.test("A batch is counted and its buffer given back", () => {
  const host = new StatsHost();
  assert.deepEqual(host.answer(HELLO).reply, { kind: "done", id: 1 });
  const batch = batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] });
  const { reply, transfer } = host.answer({ kind: "ingest", id: 2, batch });
  const buffer = columnsBuffer(batch.columns);
  assert.ok(reply.kind === "done" && reply.buffer === buffer && transfer[0] === buffer);
  const { reply: answer } = host.answer({ kind: "snapshot", id: 3 });
  assert.ok(answer.kind === "snapshot" && answer.snapshot.calls === 1);
  host.answer({ kind: "reset", id: 4 });
  const { reply: later } = host.answer({ kind: "snapshot", id: 5 });
  assert.ok(later.kind === "snapshot" && later.snapshot.calls === 0);
});

Deno.test("A snapshot that resets has each call once, with the next one", () => {
  const host = new StatsHost();
  host.answer(HELLO);
  const callsOf = (id: number, reset: boolean) => {
    const { reply } = host.answer({ kind: "snapshot", id, reset });
    return reply.kind === "snapshot" ? reply.snapshot.calls : null;
  };
  host.answer({
    kind: "ingest",
    id: 2,
    batch: batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 70)] }),
  });
  assert.equal(callsOf(3, true), 2);
  host.answer({ kind: "ingest", id: 4, batch: batchOf([{ nr: 0 }]) });
  assert.equal(callsOf(5, false), 1);
  assert.equal(callsOf(6, true), 1);
  assert.equal(callsOf(7, true), 0);
});

Deno.test("Sums are answered in buffers that are given away", () => {
  const host = new StatsHost();
  host.answer({ ...HELLO, config: { ...CONFIG, by: [["comm"]] } });
  host.answer({ kind: "ingest", id: 2, batch: batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] }) });
  const { reply, transfer } = host.answer({ kind: "sums", id: 3, latencyEnds: [500] });
  assert.ok(reply.kind === "sums");
  const { syscalls, commands } = reply.sums;
  assert.deepEqual([syscalls.names, commands?.names], [[{ syscall: "read", family: "FS" }], ["task70"]]);
  assert.deepEqual(transfer, [syscalls.values.buffer, commands?.values.buffer]);
});

Deno.test("Cells are counted", () => {
  const host = new StatsHost();
  host.answer(HELLO);
  const cell = {
    nr: 0,
    task: 1,
    file: 0,
    oldFile: 0,
    errno: 0,
    hasFd: false,
    flags: 0,
    calls: 5,
    returned: 2,
    bytes: 8,
    totalNs: 30,
    gapNs: 0,
    tinyNs: 0,
    maxNs: 20,
  };
  const buckets = {
    latency: { indexes: [10, 20], counts: [1, 1] },
    gap: NONE,
    size: NONE,
  };
  const cells = callCells({
    cells: [{ ...cell, ...buckets }],
    sinceNs: 0,
    timeNs: 0,
    tasks: [taskName(1, 70)],
    files: [],
  });
  assert.deepEqual(host.answer({ kind: "ingest_cells", id: 2, cells }).reply, { kind: "done", id: 2 });
  const { reply } = host.answer({ kind: "snapshot", id: 3 });
  assert.ok(reply.kind === "snapshot" && reply.snapshot.calls === 5 && reply.snapshot.totalNs === 30);
});

Deno.test("Another protocol, a missing hello, bad limits and unknown kinds are answered with what is wrong", () => {
  assert.match(
    failure(new StatsHost(), { ...HELLO, protocol: 99 }),
    /the message protocol is 99, it must be 5/,
  );
  assert.match(failure(new StatsHost(), { kind: "snapshot", id: 7 }), /the first message must be `hello`/);
  assert.match(failure(new StatsHost(), { ...HELLO, config: { ...CONFIG, maxFiles: 0 } }), /the limit is 0/);
  const host = new StatsHost();
  host.answer(HELLO);
  assert.match(failure(host, { kind: "dance", id: 8 } as unknown as StatsRequest), /its kind is dance/);
  assert.match(failure(host, { kind: "ingest", id: 9, batch: batchOf([{ nr: 0, task: 4 }]) }), /slot 4/);
});
