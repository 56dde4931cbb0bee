import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { StatsFlameClient } from "../../../engine/workers/stats_flame_client.ts";
import { IorError } from "../../../runtime/errors.ts";
import { ALL_SLOW } from "../../../runtime/messages.ts";
import type { StatsFlameConfig } from "../../../runtime/stats_flame_messages.ts";
import { batchOf, taskName } from "../batches.ts";
import { callCells } from "../cells.ts";

const CONFIG: StatsFlameConfig = {
  stats: { arch: "x86_64", maxFiles: 100, maxProcesses: 100, maxSlowest: 2, by: [["comm"]] },
  flame: { arch: "x86_64", fields: ["comm", "path"], metric: "duration", maxNodes: 1_000 },
};

const NONE = { indexes: [], counts: [] };

/** Slot 1 has another name in every batch. */
function sampleBatch(calls: number) {
  return batchOf(
    Array.from({ length: calls }, (_, i) => ({ nr: i % 3, durationNs: 10 * i, file: 1 + i % 2 })),
    { tasks: [taskName(1, 70 + calls)], files: [{ slot: 1, path: `/a${calls}` }, { slot: 2, path: "/b" }] },
  );
}

/** Sums of calls of a task that only they name. */
function sampleCells(returned: number) {
  return callCells({
    cells: [{
      nr: 0,
      task: 2,
      file: 0,
      oldFile: 0,
      errno: 0,
      hasFd: false,
      flags: 0,
      calls: 3,
      returned,
      bytes: 8,
      totalNs: 30,
      gapNs: 0,
      tinyNs: 0,
      maxNs: 20,
      latency: { indexes: [10], counts: [3] },
      gap: NONE,
      size: NONE,
    }],
    sinceNs: 0,
    timeNs: 1,
    tasks: [taskName(2, 7)],
    files: [],
  });
}

function failsWith(promise: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof IorError && message.test(error.message));
}

Deno.test("One worker counts what the engine counts and has the trie that the same batches make", async () => {
  await using client = await StatsFlameClient.start(CONFIG);
  const engine = new StatsEngine(CONFIG.stats);
  const trie = new FlameTrie(CONFIG.flame);
  assert.deepEqual(client.slow, ALL_SLOW);
  for (let i = 0; i < 30; i++) {
    const batch = sampleBatch(i + 1);
    engine.ingest(batch);
    trie.ingest(batch);
    const capacity = batch.columns.nr.length;
    await client.room();
    const counted = client.ingest(batch);
    assert.equal(batch.columns.nr.length, 0, "The columns were transferred");
    assert.equal((await counted)?.nr.length, capacity);
    engine.ingestCells(sampleCells(3));
    trie.ingestCells(sampleCells(3));
    await client.ingestCells(sampleCells(3));
  }
  assert.deepEqual(await client.snapshot(), engine.snapshot());
  const request = { tables: ["files"] } as const;
  assert.deepEqual(await client.snapshot(request), engine.snapshot(request));
  assert.deepEqual(await client.sums([100, 500]), engine.sums([100, 500]));
  assert.deepEqual(await client.profile(), trie.profile());
  assert.deepEqual(client.slow, engine.slow);
  assert.notDeepEqual(client.slow, ALL_SLOW);
});

Deno.test("A limit of either that is not possible is refused at the start", async () => {
  const { stats, flame } = CONFIG;
  await failsWith(
    StatsFlameClient.start({ stats: { ...stats, maxFiles: 1 }, flame }),
    /Cannot count files: the limit is 1, it must be/,
  );
  await failsWith(
    StatsFlameClient.start({ stats, flame: { ...flame, maxNodes: 1 } }),
    /Cannot keep 1 nodes of a flamegraph/,
  );
});

Deno.test("What cannot be counted ends the client of both: their numbers would be wrong", async () => {
  await using client = await StatsFlameClient.start(CONFIG);
  client.ingest(batchOf([{ nr: 0, task: 9 }]));
  await failsWith(client.profile(), /Cannot name a task: slot 9/);
  await using other = await StatsFlameClient.start(CONFIG);
  await failsWith(other.ingestCells(sampleCells(9)), /Cannot count a cell/);
  await failsWith(other.snapshot(), /Cannot count a cell/);
});
