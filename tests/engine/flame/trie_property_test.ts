import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import {
  type FlameProfile,
  TRIE_FIELDS,
  TRIE_METRICS,
  type TrieField,
  type TrieMetric,
  type TrieNode,
} from "../../../runtime/flame.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { random, testSeed } from "../batches.ts";
import { callCells, cellsOf } from "../cells.ts";
import { randomBatches } from "../random_batches.ts";
import { PlainRows } from "../stats/plain_count.ts";
import { assertFolded, plainOf, PlainTrie } from "./plain_trie.ts";

const MAX_NODES = [4, 5, 40, 300, 2_000, 100_000];

/** A source of batches whose sums are exact in a double. */
function smallBatches(next: () => number): () => EventBatch {
  const batches = randomBatches(next, { files: 200, processes: 10, stepNs: 1_000 });
  return () => {
    const batch = batches();
    const { durationNs, restarts, flags } = batch.columns;
    for (let i = 0; i < batch.length; i++) {
      durationNs[i] %= 1e9;
      restarts[i] = next() < 0.02 ? 1 : 0;
      if (next() < 0.02) flags[i] |= next() < 0.5 ? 2 : 4;
    }
    return batch;
  };
}

function someFields(next: () => number): TrieField[] {
  const shuffled = TRIE_FIELDS.map((field) => ({ field, key: next() })).sort((a, b) => a.key - b.key);
  return shuffled.slice(0, 1 + Math.floor(next() * shuffled.length)).map(({ field }) => field);
}

function total(profile: FlameProfile, metric: TrieMetric): number {
  return profile.own[metric].reduce((sum, value) => sum + value, 0);
}

for (const maxNodes of MAX_NODES) {
  Deno.test(`With at most ${maxNodes} nodes totals are exact under any order of changes`, () => {
    const next = random(testSeed());
    const batches = smallBatches(next);
    const fields = someFields(next);
    const trie = new FlameTrie({ arch: "x86_64", fields, metric: "count", maxNodes });
    const plain = new PlainTrie(fields);
    const changes: (() => void)[] = [
      () => (trie.reset(), plain.reset()),
      () => {
        const other = someFields(next);
        trie.reconfigure(other);
        plain.reset(other);
      },
      () => {
        const metric = TRIE_METRICS[Math.floor(next() * TRIE_METRICS.length)];
        if (metric !== trie.countField()) plain.reset();
        trie.setCountField(metric);
      },
    ];
    for (let round = 0; round < 40; round++) {
      if (next() < 0.2) changes[Math.floor(next() * changes.length)]();
      const batch = batches();
      const version = trie.version();
      trie.ingest(batch);
      plain.add(batch);
      assert.equal(trie.version() > version, batch.length > 0);
      if (next() < 0.7) continue;
      const profile = trie.profile();
      assert.ok(profile.length <= maxNodes);
      assert.deepEqual(profile.fields, plain.fields);
      assertFolded(plainOf(profile), plain.root);
      assert.equal(trie.tree().root.t, plain.root.total[trie.countField()]);
    }
  });
}

Deno.test("The trie's totals are the report's", () => {
  const next = random(testSeed());
  const batches = smallBatches(next);
  const trie = new FlameTrie({ arch: "x86_64", fields: ["path"], metric: "count", maxNodes: 100 });
  const stats = new StatsEngine({ arch: "x86_64", ...STATS_LIMITS });
  const rows = new PlainRows();
  for (let i = 0; i < 10; i++) {
    const batch = batches();
    trie.ingest(batch);
    stats.ingest(batch);
    rows.add(batch);
  }
  const { calls, totalNs } = stats.snapshot();
  const profile = trie.profile();
  assert.deepEqual([total(profile, "count"), total(profile, "duration")], [calls, Number(totalNs)]);
  assert.equal(total(profile, "bytes"), rows.rows.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));
});

Deno.test("Calls given as sums count as the same calls given one by one do", () => {
  const next = random(testSeed());
  const batches = smallBatches(next);
  const config = {
    arch: "x86_64" as const,
    fields: someFields(next),
    metric: "count" as const,
    maxNodes: 500,
  };
  const [rows, sums, mixed] = [new FlameTrie(config), new FlameTrie(config), new FlameTrie(config)];
  const plain = new PlainTrie(config.fields);
  for (let i = 0; i < 20; i++) {
    const batch = batches();
    batch.columns.restarts.fill(0); // a call that was started again always is a row
    const { tasks, files } = batch;
    const cells = callCells({ cells: cellsOf(batch), sinceNs: 0, timeNs: 0, tasks, files });
    plain.add(batch);
    rows.ingest(batch);
    sums.ingestCells(cells);
    if (next() < 0.5) mixed.ingest(batch);
    else mixed.ingestCells(cells);
  }
  for (const trie of [rows, sums, mixed]) {
    const profile = trie.profile();
    assert.ok(profile.length <= config.maxNodes);
    assertFolded(plainOf(profile), plain.root);
  }
});

Deno.test("A tree has exact totals and leaves out only what is small", () => {
  const next = random(testSeed());
  for (const metric of TRIE_METRICS) {
    const batches = smallBatches(next);
    const fields: TrieField[] = ["comm", "path", "tid", "syscall"];
    const trie = new FlameTrie({ arch: "x86_64", fields, metric, maxNodes: 100_000 });
    for (let i = 0; i < 8; i++) trie.ingest(batches());
    const all = plainOf(trie.profile());
    const { root } = trie.tree();
    const check = (found: TrieNode, wanted: typeof all, depth: number) => {
      assert.deepEqual([found.t, found.v], [wanted.total[metric], wanted.own[metric]]);
      const children = [...wanted.children].map(([key, child]) => ({
        n: key.slice(key.indexOf(":") + 1),
        child,
      }));
      const large = children.filter(({ child }) =>
        child.total[metric] > 0 && 1_000 * child.total[metric] >= root.t
      );
      const kept = found.c?.length ?? 0;
      assert.equal(kept, large.length === 0 && children.length > 0 && depth < 2 ? 1 : large.length);
      for (const node of found.c ?? []) {
        const same = children.filter(({ n, child }) => n === node.n && child.total[metric] === node.t);
        assert.ok(same.length > 0);
        if (same.length === 1) check(node, same[0].child, depth + 1);
      }
    };
    check(root, all, 0);
  }
});
