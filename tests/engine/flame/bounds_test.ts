import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { Trie } from "../../../engine/flame/trie.ts";
import { createColumns } from "../../../runtime/event_batch.ts";
import { MAX_TRIE_NODES } from "../../../runtime/flame_messages.ts";
import { taskName } from "../batches.ts";

const CALLS = 4096;
const TASKS = 1_000;
const FILES = 1_000;

Deno.test("A million distinct stacks: the totals are exact, and there are no more nodes than the limit", () => {
  const trie = new FlameTrie({
    arch: "x86_64",
    fields: ["pid", "path"],
    metric: "count",
    maxNodes: MAX_TRIE_NODES,
  });
  const tasks = Array.from({ length: TASKS }, (_, i) => taskName(i + 1, i + 1));
  const files = Array.from({ length: FILES }, (_, i) => ({ slot: i + 1, path: `/data/${i % 30}/${i}` }));
  const columns = createColumns(CALLS);
  columns.durationNs.fill(3);
  columns.gapNs.fill(NaN);
  columns.bytes.fill(5);
  let stacks = 0;
  while (stacks < TASKS * FILES) {
    const length = Math.min(CALLS, TASKS * FILES - stacks);
    for (let i = 0; i < length; i++, stacks++) {
      columns.task[i] = 1 + Math.floor(stacks / FILES);
      columns.file[i] = 1 + stacks % FILES;
    }
    const names = stacks === length ? { tasks, files } : { tasks: [], files: [] };
    trie.ingest({ length, firstSeq: 1, epoch: 1, columns, ...names });
  }
  const { length, names, own, parent, name } = trie.profile();
  assert.ok(length <= MAX_TRIE_NODES && length > MAX_TRIE_NODES / 2, `${length} nodes`);
  assert.ok(names.length <= length);
  const sum = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  assert.deepEqual([sum(own.count), sum(own.duration), sum(own.bytes), sum(own.gap)], [1e6, 3e6, 5e6, 0]);
  const isOther = (i: number) => names[name[i]] === "[other]";
  const nodes = Array.from({ length: length - 1 }, (_, i) => i + 1);
  assert.ok(nodes.some(isOther));
  // What is deepest is folded first, so every process is still there.
  const top = nodes.filter((i) => parent[i] === 0);
  assert.deepEqual([top.length, top.some(isOther)], [TASKS, false]);
});

Deno.test("Half a million names: the columns and the names stay bounded, and are those of the nodes there are", () => {
  const maxNodes = 5_000;
  let id = 0;
  const source = {
    arch: "x86_64",
    task: (slot: number) => taskName(slot, slot),
    file: (slot: number) => ({ slot, path: `/dir${id % 5_003}/file${id}` }),
  } as const;
  const trie = new Trie(["path"], maxNodes, source);
  const found = new Int32Array(1);
  let mostNames = 0;
  for (id = 1; id <= 500_000; id++) {
    if (id % 100 === 0) trie.startBatch();
    trie.finder.renamed("file", 1 + id % 64);
    const slot = 1 + id % 64;
    const fileIds = new Int32Array(65).fill(id, slot, slot + 1);
    const call = { nr: Int32Array.of(0), task: Uint32Array.of(1), file: Uint32Array.of(slot) };
    trie.find(
      { ...call, stack: undefined, ending: null, taskIds: Int32Array.of(0, 1), fileIds },
      0,
      1,
      found,
    );
    trie.nodes.values[4 * found[0]]++;
    trie.touch(found, 1);
    mostNames = Math.max(mostNames, trie.names.texts.length);
  }
  assert.ok(trie.nodes.capacity <= 2 * maxNodes, `${trie.nodes.capacity} nodes`);
  assert.ok(mostNames <= 2 * maxNodes, `${mostNames} names`);
  let calls = 0;
  for (let node = 0; node < trie.nodes.length; node++) calls += trie.nodes.values[4 * node];
  assert.equal(calls, 500_000);
});
