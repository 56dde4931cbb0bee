import assert from "node:assert/strict";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { StatsClient } from "../../../engine/workers/stats_client.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../../engine/workers/worker_channel.ts";
import { IorError } from "../../../runtime/errors.ts";
import { PROTOCOL_VERSION, type StatsConfig } from "../../../runtime/messages.ts";
import { waitFor } from "../../wait.ts";
import { batchOf, taskName } from "../batches.ts";
import { callCells } from "../cells.ts";

const NONE = { indexes: [], counts: [] };

const CONFIG: StatsConfig = {
  arch: "x86_64",
  maxFiles: 100,
  maxProcesses: 100,
  maxSlowest: 2,
  by: [["process", "file"]],
};

/** Long enough for the answer of a worker that runs, on a loaded machine too. */
const SILENCE_MS = 4000;

function fixture(name: string): () => Worker {
  return () => new Worker(new URL(`./fixtures/${name}.ts`, import.meta.url), { type: "module" });
}

/** Creates a worker, and waits until it runs: on a loaded machine its start takes longer than it may be silent here. */
async function running(createWorker: () => Worker): Promise<() => Worker> {
  const worker = createWorker();
  const { promise, resolve } = Promise.withResolvers<unknown>();
  worker.addEventListener("message", resolve, { once: true });
  worker.postMessage({ kind: "hello", id: 0, protocol: PROTOCOL_VERSION, config: CONFIG });
  await promise;
  return () => worker;
}

function sampleBatch(calls = 20) {
  return batchOf(
    Array.from(
      { length: calls },
      (_, i) => ({ nr: i % 3, durationNs: 10 * i, file: 1 + i % 2, ret: BigInt(-(i % 2)) }),
    ),
    { tasks: [taskName(1, 70)], files: [{ slot: 1, path: "/a" }, { slot: 2, path: "/b" }] },
  );
}

function failsWith(promise: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof IorError && message.test(error.message));
}

Deno.test("The worker counts what the engine counts, and gives the buffers back", async () => {
  await using client = await StatsClient.start(CONFIG);
  const engine = new StatsEngine(CONFIG);
  for (let i = 0; i < 30; i++) {
    const batch = sampleBatch(i + 1);
    engine.ingest(batch);
    const capacity = batch.columns.nr.length;
    await client.room();
    const counted = client.ingest(batch);
    assert.equal(batch.columns.nr.length, 0, "The columns were transferred");
    assert.equal((await counted)?.nr.length, capacity);
  }
  assert.deepEqual(await client.snapshot(), engine.snapshot());
  const request = { tables: ["files", "groups"], groupsOf: [] } as const;
  assert.deepEqual(await client.snapshot(request), engine.snapshot(request));
  await client.reset();
  assert.equal((await client.snapshot()).calls, 0);
});

Deno.test("Snapshots that reset share no call and miss none, also with batches under way", async () => {
  await using client = await StatsClient.start(CONFIG);
  const snapshots = [];
  for (let i = 0; i < 6; i++) {
    await client.room();
    client.ingest(sampleBatch(i + 1));
    if (i % 2 === 1) snapshots.push(client.snapshotAndReset());
  }
  assert.deepEqual((await Promise.all(snapshots)).map(({ calls }) => calls), [1 + 2, 3 + 4, 5 + 6]);
  assert.equal((await client.snapshot()).calls, 0);
});

Deno.test("Cells that cannot be counted end the client", async () => {
  await using client = await StatsClient.start(CONFIG);
  const cell = {
    nr: 0,
    task: 1,
    file: 0,
    oldFile: 0,
    errno: 0,
    hasFd: false,
    flags: 0,
    calls: 1,
    returned: 1,
    bytes: 0,
    totalNs: 3,
    gapNs: 0,
    tinyNs: 0,
    maxNs: 3,
  };
  const buckets = {
    latency: { indexes: [3], counts: [1] },
    gap: NONE,
    size: NONE,
  };
  await client.ingestCells(callCells({
    cells: [{ ...cell, ...buckets }],
    sinceNs: 0,
    timeNs: 0,
    tasks: [taskName(1, 70)],
    files: [],
  }));
  assert.equal((await client.snapshot()).calls, 1);
  const wrong = { ...cell, ...buckets, returned: 9 };
  await failsWith(
    client.ingestCells(callCells({ cells: [wrong], sinceNs: 0, timeNs: 0, tasks: [], files: [] })),
    /Cannot count a cell/,
  );
  await failsWith(client.snapshot(), /Cannot count a cell/);
});

Deno.test("Only so many batches are in flight, and room comes when one is answered", async () => {
  await using client = await StatsClient.start(CONFIG);
  for (let i = 0; i < MAX_BATCHES_IN_FLIGHT; i++) {
    assert.ok(client.canIngest);
    client.ingest(sampleBatch());
  }
  assert.ok(!client.canIngest);
  await failsWith(client.ingest(sampleBatch()), /Cannot send a batch to the stats worker: 8 are unanswered/);
  await client.room();
  assert.ok(client.canIngest);
  assert.equal((await client.snapshot()).calls, 20 * MAX_BATCHES_IN_FLIGHT);
});

Deno.test("A worker of another version is refused at the start", async () => {
  await failsWith(
    StatsClient.start(CONFIG, { createWorker: fixture("old_worker") }),
    /the message protocol is 999, it must be 5/,
  );
});

Deno.test("A limit that is not possible is refused at the start", async () => {
  await failsWith(
    StatsClient.start({ ...CONFIG, maxFiles: 1 }),
    /Cannot count files: the limit is 1, it must be/,
  );
});

Deno.test("A worker that cannot be loaded is an error, not the end of the process", async () => {
  await failsWith(
    StatsClient.start(CONFIG, { createWorker: fixture("missing") }),
    /The stats worker died: /,
  );
});

Deno.test("A worker that dies rejects everything pending and everything later with its reason", async () => {
  await using client = await StatsClient.start(CONFIG, { createWorker: fixture("throwing_worker") });
  const pending = [client.ingest(sampleBatch()), client.snapshot(), client.reset()];
  for (const promise of pending) await failsWith(promise, /The stats worker died: .*out of paper/);
  assert.ok(!client.canIngest);
  for (const later of [client.ingest(sampleBatch()), client.snapshot(), client.room()]) {
    await failsWith(later, /The stats worker died: .*out of paper/);
  }
});

Deno.test("A worker that answers no more ends the client with its limit, whatever is waited for", async () => {
  await using client = await StatsClient.start(CONFIG, {
    createWorker: await running(fixture("silent_worker")),
    maxSilenceMs: SILENCE_MS,
  });
  const pending = [client.snapshot(), client.ingest(sampleBatch())];
  for (const promise of pending) await failsWith(promise, /^The stats worker hangs: no answer for 4 s$/);
  for (const later of [client.snapshot(), client.room()]) await failsWith(later, /hangs/);
});

Deno.test("A worker is silent for as long as it likes while nothing is asked of it", async () => {
  const entry = new URL("../../../engine/workers/stats_worker.ts", import.meta.url);
  await using client = await StatsClient.start(CONFIG, {
    createWorker: await running(() => new Worker(entry, { type: "module" })),
    maxSilenceMs: SILENCE_MS,
  });
  const began = performance.now();
  await waitFor(() => performance.now() - began > 1.5 * SILENCE_MS, {
    timeoutMs: 60_000,
    what: "more than the limit",
  });
  assert.ok(client.canIngest);
});

Deno.test("A worker that is ended midway rejects everything pending and everything later", async () => {
  const client = await StatsClient.start(CONFIG, { createWorker: fixture("silent_worker") });
  const pending: Promise<unknown>[] = Array.from(
    { length: MAX_BATCHES_IN_FLIGHT },
    () => client.ingest(sampleBatch()),
  );
  pending.push(client.room(), client.snapshot());
  client.close();
  client.close();
  for (const promise of pending) await failsWith(promise, /The stats worker was closed/);
  await failsWith(client.snapshot(), /The stats worker was closed/);
});

Deno.test("A batch that cannot be counted ends the client: its numbers would be wrong", async () => {
  await using client = await StatsClient.start(CONFIG);
  await failsWith(client.ingest(batchOf([{ nr: 0, task: 9 }])), /Cannot name a task: slot 9/);
  await failsWith(client.snapshot(), /Cannot name a task: slot 9/);
});

Deno.test("A failure nobody waits for is seen by the next call", async () => {
  await using client = await StatsClient.start(CONFIG);
  client.ingest(batchOf([{ nr: 0, task: 9 }]));
  await failsWith(client.snapshot(), /Cannot name a task: slot 9/);
});
