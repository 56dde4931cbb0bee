import assert from "node:assert/strict";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { RecorderHost } from "../../../engine/workers/recorder_host.ts";
import { columnsBuffer } from "../../../runtime/event_batch.ts";
import { PROTOCOL_VERSION } from "../../../runtime/messages.ts";
import type { RecorderRequest } from "../../../runtime/recorder_messages.ts";
import { batchOf, taskName } from "../batches.ts";
import { header, scratch, STARTED_NS } from "../recording/fixture.ts";

function hello(path: string): Extract<RecorderRequest, { kind: "hello" }> {
  const config = { arch: "x86_64", target: { kind: "file", path }, owner: null } as const;
  return { kind: "hello", id: 1, protocol: PROTOCOL_VERSION, config };
}

const START: RecorderRequest = {
  kind: "start",
  id: 2,
  start: { startedWallNs: STARTED_NS, header: header() },
};

async function failure(host: RecorderHost, request: RecorderRequest): Promise<string> {
  const { reply } = await host.answer(request);
  assert.equal(reply.kind, "failed");
  assert.equal(reply.id, request.id);
  return reply.kind === "failed" ? reply.error.message : "";
}

Deno.test("A batch is written and its buffer given back", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const host = new RecorderHost();
  assert.deepEqual((await host.answer(hello(path))).reply, { kind: "done", id: 1 });
  assert.deepEqual((await host.answer(START)).reply, { kind: "done", id: 2 });
  const batch = batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 70)] });
  const { reply, transfer } = await host.answer({ kind: "ingest", id: 3, batch });
  const buffer = columnsBuffer(batch.columns);
  assert.ok(reply.kind === "done" && reply.buffer === buffer && transfer[0] === buffer);
  host.tick();
  const status = { path, rows: 2, dropped: 0, lastError: null };
  assert.deepEqual((await host.answer({ kind: "status", id: 4 })).reply, { kind: "status", id: 4, status });
  const known = header({ wall_ns: 9 });
  assert.deepEqual((await host.answer({ kind: "update", id: 5, header: known })).reply, {
    kind: "done",
    id: 5,
  });
  const end = { header: known, running: [] };
  assert.deepEqual((await host.answer({ kind: "stop", id: 6, end })).reply, {
    kind: "status",
    id: 6,
    status,
  });
  assert.equal((await openRecording([path])).header.wall_ns, 9);
});

Deno.test("What is given up leaves nothing behind", async () => {
  using folder = scratch();
  const host = new RecorderHost();
  await host.answer(hello(folder.path("a.parquet")));
  assert.deepEqual((await host.answer({ kind: "discard", id: 2 })).reply, { kind: "done", id: 2 });
  assert.deepEqual([...Deno.readDirSync(folder.path(""))], []);
});

Deno.test("Another protocol, a missing hello, a bad name and unknown kinds are answered with what is wrong", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  assert.match(
    await failure(new RecorderHost(), { ...hello(path), protocol: 99 }),
    new RegExp(`the message protocol is 99, it must be ${PROTOCOL_VERSION}`),
  );
  assert.match(
    await failure(new RecorderHost(), { kind: "status", id: 7 }),
    /the first message must be `hello`/,
  );
  assert.match(
    await failure(new RecorderHost(), hello(folder.path("no/a"))),
    /Cannot write .*no\/a: no such file/,
  );
  const host = new RecorderHost();
  await host.answer(hello(path));
  assert.match(
    await failure(host, { kind: "dance", id: 8 } as unknown as RecorderRequest),
    /its kind is dance/,
  );
  assert.match(
    await failure(host, { kind: "ingest", id: 9, batch: batchOf([{ nr: 0 }]) }),
    /Cannot record: the recording was not started/,
  );
  await host.answer({ kind: "discard", id: 10 });
});
