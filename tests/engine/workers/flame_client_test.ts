import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { FlameClient } from "../../../engine/workers/flame_client.ts";
import { MAX_BATCHES_IN_FLIGHT } from "../../../engine/workers/worker_channel.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { TrieField, TrieMetric } from "../../../runtime/flame.ts";
import type { FlameConfig } from "../../../runtime/flame_messages.ts";
import { batchOf, taskName } from "../batches.ts";

const CONFIG: FlameConfig = {
  arch: "x86_64",
  fields: ["comm", "path"],
  metric: "duration",
  maxNodes: 1_000,
};

function fixture(name: string): () => Worker {
  return () => new Worker(new URL(`./fixtures/${name}.ts`, import.meta.url), { type: "module" });
}

function sampleBatch(calls = 20) {
  return batchOf(
    Array.from({ length: calls }, (_, i) => ({ nr: i % 3, durationNs: 10 * i, file: 1 + i % 2 })),
    {
      tasks: [taskName(1, 70)],
      files: [{ slot: 1, path: "/a/b" }, { slot: 2, path: `/${"d/".repeat(2_000)}e` }],
    },
  );
}

function failsWith(promise: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof IorError && message.test(error.message));
}

Deno.test("The worker has the trie that the same batches make here, and gives the buffers back", async () => {
  await using client = await FlameClient.start(CONFIG);
  const trie = new FlameTrie(CONFIG);
  for (let i = 0; i < 30; i++) {
    const batch = sampleBatch(i + 1);
    trie.ingest(batch);
    const capacity = batch.columns.nr.length;
    await client.room();
    const counted = client.ingest(batch);
    assert.equal(batch.columns.nr.length, 0, "The columns were transferred");
    assert.equal((await counted)?.nr.length, capacity);
  }
  assert.deepEqual(await client.profile(), trie.profile());
  assert.deepEqual(await client.snapshotTree(), trie.tree());
  assert.deepEqual(await client.snapshotJson(), trie.json());
  assert.deepEqual(
    [await client.version(), await client.fields(), await client.countField()],
    [trie.version(), trie.fields(), trie.countField()],
  );
});

Deno.test("A snapshot has every batch sent before it and none sent later", async () => {
  await using client = await FlameClient.start({ ...CONFIG, metric: "count" });
  client.ingest(sampleBatch(3));
  const before = [client.snapshotTree(), client.snapshotTree()];
  client.ingest(sampleBatch(4));
  const after = client.snapshotJson();
  client.reset();
  const trees = await Promise.all(before);
  assert.deepEqual(trees.map(({ root }) => root.t), [3, 3]);
  const { version, json } = await after;
  assert.equal(JSON.parse(json).t, 7);
  assert.ok(version > trees[0].version && await client.version() > version);
});

Deno.test("Another configuration starts again, one that is not possible changes nothing and ends nothing", async () => {
  await using client = await FlameClient.start(CONFIG);
  await client.ingest(sampleBatch());
  await failsWith(client.reconfigure([]), /Cannot use the frames of a flamegraph: the list is empty/);
  await failsWith(client.reconfigure(["pid", "pid"]), /`pid` is listed twice/);
  await failsWith(client.setCountField("size" as TrieMetric), /Cannot count `size`/);
  assert.equal((await client.snapshotTree()).root.t, 1_900);
  const fields: TrieField[] = ["syscall", "flags"];
  await client.reconfigure(fields);
  await client.setCountField("count");
  await client.ingest(sampleBatch());
  assert.deepEqual([await client.fields(), await client.countField()], [fields, "count"]);
  assert.equal((await client.snapshotTree()).root.t, 20);
});

Deno.test("A configuration that is not possible is refused at the start", async () => {
  await failsWith(FlameClient.start({ ...CONFIG, maxNodes: 1 }), /Cannot keep 1 nodes of a flamegraph/);
});

Deno.test("A worker that cannot be loaded is an error, not the end of the process", async () => {
  await failsWith(
    FlameClient.start(CONFIG, { createWorker: fixture("missing") }),
    /The flame worker died: /,
  );
});

Deno.test("A flame worker that dies rejects everything pending and everything later with its reason", async () => {
  await using client = await FlameClient.start(CONFIG, { createWorker: fixture("throwing_worker") });
  const pending = [client.ingest(sampleBatch()), client.snapshotTree(), client.profile()];
  for (const promise of pending) await failsWith(promise, /The flame worker died: .*out of paper/);
  assert.ok(!client.canIngest);
  for (const later of [client.ingest(sampleBatch()), client.version(), client.room()]) {
    await failsWith(later, /The flame worker died: .*out of paper/);
  }
});

Deno.test("A flame worker that is ended midway rejects everything pending and everything later", async () => {
  const client = await FlameClient.start(CONFIG, { createWorker: fixture("silent_worker") });
  const pending: Promise<unknown>[] = Array.from(
    { length: MAX_BATCHES_IN_FLIGHT },
    () => client.ingest(sampleBatch()),
  );
  pending.push(client.room(), client.snapshotJson());
  client.close();
  for (const promise of pending) await failsWith(promise, /The flame worker was closed/);
  await failsWith(client.profile(), /The flame worker was closed/);
});

Deno.test("A batch that cannot be counted ends the flame client: its widths would be wrong", async () => {
  await using client = await FlameClient.start(CONFIG);
  client.ingest(batchOf([{ nr: 0, task: 9 }]));
  await failsWith(client.snapshotTree(), /Cannot name a task: slot 9/);
});
