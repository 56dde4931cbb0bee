import assert from "node:assert/strict";
import { openRecording } from "../../../engine/recording/open_recording.ts";
import { RecorderClient } from "../../../engine/workers/recorder_client.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../../engine/workers/worker_channel.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { RecorderConfig } from "../../../runtime/recorder_messages.ts";
import { waitFor } from "../../wait.ts";
import { batchOf, random, taskName } from "../batches.ts";
import { assertSameRows, header, rowsOf, scratch, STARTED_NS, tracedBatches } from "../recording/fixture.ts";

const START = { startedWallNs: STARTED_NS, header: header() };
const END = { header: header(), running: [] };

function configOf(path: string): RecorderConfig {
  return { arch: "x86_64", target: { kind: "file", path }, owner: null };
}

function fixture(name: string): () => Worker {
  return () => new Worker(new URL(`./fixtures/${name}.ts`, import.meta.url), { type: "module" });
}

const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name);

Deno.test("The worker writes what it is given, and gives the buffers back", async () => {
  using folder = scratch();
  const path = folder.path("a.parquet");
  const batches = Array.from({ length: 30 }, tracedBatches(random(11)));
  const rows = rowsOf(batches);
  await using client = await RecorderClient.open(configOf(path));
  await client.start(START);
  for (const batch of batches) {
    const capacity = batch.columns.nr.length;
    await client.room();
    const taken = client.ingest(batch);
    assert.equal(batch.columns.nr.length, 0, "The columns were transferred");
    assert.equal((await taken)?.nr.length, capacity);
  }
  const status = await client.stop(END);
  assert.deepEqual(status, { path, rows: rows.length, dropped: 0, lastError: null });
  const recording = await openRecording([path]);
  assertSameRows(rowsOf(await Array.fromAsync(recording.batches())), rows);
});

Deno.test("There is no room before the start, and room for some batches behind it", async () => {
  using folder = scratch();
  await using client = await RecorderClient.open(configOf(folder.path("a.parquet")));
  assert.ok(!client.canIngest);
  let hasRoom = false;
  const room = client.room().then(() => hasRoom = true);
  assert.equal((await client.status()).rows, 0);
  assert.ok(!hasRoom);
  await client.start(START);
  await room;
  for (let i = 0; i < MAX_BATCHES_IN_FLIGHT; i++) {
    assert.ok(client.canIngest);
    void client.ingest(batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)], firstSeq: i + 1 }));
  }
  assert.ok(!client.canIngest);
  await client.room();
  assert.ok(client.canIngest);
  assert.equal((await client.status()).rows, MAX_BATCHES_IN_FLIGHT);
});

Deno.test("A client that is given up before its start rejects who waits for room, and leaves nothing", async () => {
  using folder = scratch();
  const client = await RecorderClient.open(configOf(folder.path("a.parquet")));
  const room = assert.rejects(client.room(), /The recording was given up before it was started/);
  await client[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await room;
  assert.deepEqual(names(folder.path("")), []);
});

/** Files of a folder that this process has open; one that is incomplete may have no name. */
function openBelow(folder: string): string[] {
  return names("/proc/self/fd").map((fd) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // it has just been closed
    }
  }).filter((path) => path.startsWith(folder));
}

Deno.test("A client that is given up midway leaves nothing", async () => {
  using folder = scratch();
  {
    await using client = await RecorderClient.open(configOf(folder.path("a.parquet")));
    await client.start(START);
    await client.ingest(batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] }));
    assert.equal(openBelow(folder.path("")).length, 1);
  }
  assert.deepEqual([names(folder.path("")), openBelow(folder.path(""))], [[], []]);
});

Deno.test("A name that cannot be written to is refused before anything begins", async () => {
  using folder = scratch();
  await assert.rejects(
    RecorderClient.open(configOf(folder.path("none/a.parquet"))),
    (error) => error instanceof IorError && error.code === "usage" && /Cannot write/.test(error.message),
  );
});

Deno.test("A worker that dies ends the recording and not the trace: batches are counted and given back", async () => {
  using folder = scratch();
  let back = 0;
  await using client = await RecorderClient.open(configOf(folder.path("a.parquet")), {
    createWorker: fixture("throwing_worker"),
  });
  void client.start(START);
  const batch = () => batchOf([{ nr: 0 }, { nr: 1 }], { tasks: [taskName(1, 70)] });
  for (let i = 0; i < 20; i++) {
    await client.room();
    if (await client.ingest(batch()) !== null) back++;
  }
  assert.ok(client.canIngest);
  await client.update(header());
  for (const status of [await client.status(), await client.stop(END)]) {
    assert.equal(status.dropped, 40);
    assert.match(status.lastError!, /The recorder worker died: .*out of paper/);
  }
  assert.ok(back >= 19);
});

Deno.test("A segment ends after its time in a trace that has fallen silent", async () => {
  using folder = scratch();
  const limits = { segmentRows: 1e9, segmentBytes: 1e12, segmentNs: 1, keep: null };
  await using client = await RecorderClient.open({
    arch: "x86_64",
    target: { kind: "directory", path: folder.path("s"), ...limits },
    owner: null,
  });
  await client.start(START);
  await client.ingest(batchOf([{ nr: 0 }], { tasks: [taskName(1, 70)] }));
  const published = await waitFor(() => openRecording([folder.path("s")]).catch(() => null), {
    timeoutMs: 60_000,
    what: "the first segment",
  });
  assert.deepEqual([published.rows, published.complete], [1, false]);
});
