import assert from "node:assert/strict";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { EventFlag } from "../../../runtime/event_batch.ts";
import type { TrieField, TrieMetric, TrieNode } from "../../../runtime/flame.ts";
import type { FlameConfig } from "../../../runtime/flame_messages.ts";
import { batchOf, taskName } from "../batches.ts";

const READ = 0;
const WRITE = 1;
const SENDFILE = 40;
const RENAME = 82;
const EXIT_GROUP = 231;

const CONFIG: FlameConfig = {
  arch: "x86_64",
  fields: ["comm", "path", "syscall"],
  metric: "count",
  maxNodes: 1_000,
};

const TASKS = [taskName(1, 70, { comm: "cat" }), taskName(2, 80, { comm: "cat", tid: 81 })];
const FILES = [
  { slot: 1, path: "/etc/hosts" },
  { slot: 2, path: "/etc/passwd" },
  { slot: 3, path: "pipe:[7]" },
];

function sampleBatch() {
  return batchOf([
    { nr: READ, file: 1, durationNs: 10, gapNs: 5, bytes: 100 },
    { nr: READ, file: 1, durationNs: 20, gapNs: 6, bytes: 50, task: 2 },
    { nr: WRITE, file: 2, durationNs: 4, ret: -9n, bytes: 0 },
    { nr: WRITE, file: 3, durationNs: 3, bytes: 8, task: 2 },
    { nr: EXIT_GROUP, durationNs: NaN, flags: EventFlag.NO_RETURN },
  ], { tasks: TASKS, files: FILES });
}

function sampleTrie(config: Partial<FlameConfig> = {}): FlameTrie {
  const trie = new FlameTrie({ ...CONFIG, ...config });
  trie.ingest(sampleBatch());
  return trie;
}

/** Stacks with values of their own, as folded text. */
function stacks({ n, v, c = [] }: TrieNode, above: string[] = []): string[] {
  const stack = n === "" ? above : [...above, n];
  return [...(v > 0 ? [`${stack.join(";")} ${v}`] : []), ...c.flatMap((child) => stacks(child, stack))];
}

function usageError(message: RegExp) {
  return { name: "IorError", code: "usage", message };
}

Deno.test("Calls count for the stack of their frames, one for each part of the path", () => {
  assert.deepEqual(stacks(sampleTrie().tree().root), [
    "cat;/etc;hosts;read 2",
    "cat;/etc;passwd;write 1",
    "cat;exit_group 1",
    "cat;pipe:[7];write 1",
  ]);
});

Deno.test("Names that differ only in bytes that are no UTF-8 stay apart, and one name is one frame", () => {
  const raw = (last: number) => Uint8Array.of(...new TextEncoder().encode("/srv/caf"), last);
  const files = [
    { slot: 1, path: "/srv/caf\ufffd", raw: raw(0xe9) },
    { slot: 2, path: "/srv/caf\ufffd", raw: raw(0xe8) },
    { slot: 3, path: "/srv/caf\ufffd", raw: raw(0xe9) },
    { slot: 4, path: "/srv/caf\ufffd" },
  ];
  const trie = new FlameTrie({ ...CONFIG, fields: ["path"] });
  trie.ingest(batchOf([1, 2, 3, 4].map((file) => ({ nr: READ, file })), { tasks: TASKS, files }));
  assert.deepEqual(stacks(trie.tree().root), [
    "/srv;caf\udce9 2",
    "/srv;caf\udce8 1",
    "/srv;caf\ufffd 1",
  ]);
});

const ORDERS: [TrieField[], string[]][] = [
  [["path"], [" 1", "/etc;hosts 2", "/etc;passwd 1", "pipe:[7] 1"]],
  [["syscall", "path"], [
    "exit_group 1",
    "read;/etc;hosts 2",
    "write;/etc;passwd 1",
    "write;pipe:[7] 1",
  ]],
  [["tid", "pid"], ["70;70 3", "81;80 2"]],
  [["flags", "comm"], ["failed;cat 1", "no_return;cat 1", "ok;cat 3"]],
];

for (const [fields, expected] of ORDERS) {
  Deno.test(`Frames come in the order asked for: ${fields.join(", ")}`, () => {
    assert.deepEqual(stacks(sampleTrie({ fields }).tree().root).sort(), expected);
  });
}

const METRICS: [TrieMetric, number][] = [["count", 5], ["duration", 37], ["gap", 11], ["bytes", 158]];

for (const [metric, total] of METRICS) {
  Deno.test(`The metric ${metric} adds up to ${total}`, () => {
    const trie = sampleTrie({ metric });
    assert.equal(trie.tree().root.t, total);
    const own = trie.profile().own[metric];
    assert.equal(own.reduce((sum, value) => sum + value, 0), total);
  });
}

Deno.test("A call that did not return adds no time, and odd values add nothing", () => {
  const trie = new FlameTrie({ ...CONFIG, metric: "duration" });
  trie.ingest(batchOf([
    { nr: READ, durationNs: 5_000, flags: EventFlag.KILLED },
    { nr: READ, durationNs: -3, gapNs: -7 },
    { nr: READ, durationNs: 2 ** 60 },
  ], { tasks: TASKS }));
  const { own } = trie.profile();
  const total = (metric: TrieMetric) => own[metric].reduce((sum, value) => sum + value, 0);
  assert.deepEqual([total("count"), total("duration"), total("gap")], [3, 2 ** 53 - 1, 0]);
});

Deno.test("A call with two files counts for its path, with all its bytes", () => {
  const trie = new FlameTrie({ ...CONFIG, fields: ["path", "syscall"], metric: "bytes" });
  trie.ingest(batchOf([
    { nr: SENDFILE, file: 1, oldFile: 2, bytes: 9 },
    { nr: RENAME, file: 2, oldFile: 1 },
  ], { tasks: TASKS, files: FILES }));
  assert.deepEqual(stacks(trie.tree().root), ["/etc;hosts;sendfile 9"]);
});

Deno.test("A slot with a new name counts for that from then on", () => {
  const trie = sampleTrie({ fields: ["pid", "path"] });
  trie.ingest(batchOf([{ nr: READ, file: 1 }], {
    tasks: [taskName(1, 90)],
    files: [{ slot: 1, path: "/new" }],
  }));
  assert.ok(stacks(trie.tree().root).includes("90;/new 1"));
});

Deno.test("Names stay over a new baseline, values do not", () => {
  const trie = sampleTrie();
  for (const restart of [() => trie.reset(), () => trie.reconfigure(["path"])]) {
    restart();
    assert.deepEqual(trie.tree().root, { n: "", v: 0, t: 0 });
    trie.ingest(batchOf([{ nr: READ, file: 2 }]));
    assert.match(stacks(trie.tree().root).join(), /\/etc;passwd/);
  }
});

Deno.test("The version grows with every change and with nothing else", () => {
  const trie = new FlameTrie(CONFIG);
  const grows = (change: () => void) => {
    const before = trie.version();
    change();
    return trie.version() > before;
  };
  assert.ok(grows(() => trie.ingest(sampleBatch())));
  assert.ok(!grows(() => trie.ingest(batchOf([], { tasks: TASKS }))));
  assert.ok(!grows(() => trie.setCountField("count")));
  assert.equal(trie.tree().root.t, 5);
  assert.ok(grows(() => trie.setCountField("gap")));
  assert.equal(trie.tree().root.t, 0);
  assert.ok(grows(() => trie.reconfigure(["tid"])));
  assert.ok(grows(() => trie.reset()));
  assert.ok(!grows(() => (trie.tree(), trie.json(), trie.profile())));
  assert.deepEqual([trie.fields(), trie.countField()], [["tid"], "gap"]);
  assert.deepEqual([trie.tree().version, trie.json().version], [trie.version(), trie.version()]);
});

const BAD_FIELDS: [string[], RegExp][] = [
  [[], /Cannot use the frames of a flamegraph: the list is empty/],
  [
    ["comm", "file"],
    /Cannot use the frames of a flamegraph: `file` is unknown, it must be one of path, comm/,
  ],
  [["comm", "path", "comm"], /Cannot use the frames of a flamegraph: `comm` is listed twice/],
  [["toString"], /`toString` is unknown/],
];

for (const [fields, message] of BAD_FIELDS) {
  Deno.test(`Frames that are not possible change nothing: ${JSON.stringify(fields)}`, () => {
    const trie = sampleTrie();
    const before = [trie.version(), trie.fields(), trie.json()];
    assert.throws(() => trie.reconfigure(fields as TrieField[]), usageError(message));
    assert.deepEqual([trie.version(), trie.fields(), trie.json()], before);
    assert.throws(() => new FlameTrie({ ...CONFIG, fields: fields as TrieField[] }), usageError(message));
  });
}

Deno.test("A metric that is none changes nothing", () => {
  const trie = sampleTrie();
  const before = trie.json();
  const message = /Cannot count `calls` in a flamegraph: it must be one of count, duration, gap, bytes/;
  assert.throws(() => trie.setCountField("calls" as TrieMetric), usageError(message));
  assert.deepEqual([trie.json(), trie.countField()], [before, "count"]);
});

for (const maxNodes of [3, 4.5, NaN, 1_000_001]) {
  Deno.test(`A limit of ${maxNodes} nodes is refused`, () => {
    assert.throws(
      () => new FlameTrie({ ...CONFIG, maxNodes }),
      usageError(/Cannot keep .* from 4 to 1000000/),
    );
  });
}

Deno.test("A call whose slots have no names is an error", () => {
  const trie = new FlameTrie({ ...CONFIG, fields: ["syscall"] });
  assert.throws(() => trie.ingest(batchOf([{ nr: READ, task: 900 }])), /Cannot name a task: slot 900/);
  assert.throws(
    () => trie.ingest(batchOf([{ nr: READ, file: 4 }], { tasks: TASKS })),
    /Cannot name a file: slot 4/,
  );
});

Deno.test("System calls without a name are frames by their number", () => {
  const trie = new FlameTrie({ ...CONFIG, fields: ["syscall"] });
  const nrs = [-1, 7_777, 2 ** 31 - 1, 2 ** 20, -1];
  trie.ingest(batchOf(nrs.map((nr) => ({ nr })), { tasks: TASKS }));
  const children = trie.tree().root.c!;
  assert.deepEqual(children.map(({ t }) => t), [2, 1, 1, 1]);
  assert.match(children[0].n, /-1/);
});

Deno.test("A profile shares nothing with the trie, and has each name once", () => {
  const trie = sampleTrie();
  const profile = trie.profile();
  const before = structuredClone(profile);
  trie.ingest(sampleBatch());
  trie.reset();
  assert.deepEqual(profile, before);
  assert.deepEqual(profile.names.toSorted(), [...new Set(profile.names)].sort());
  assert.deepEqual([profile.names[profile.name[0]], profile.fields], ["", CONFIG.fields]);
});

Deno.test("Functions of a stack are frames, and calls whose stack is not known are below what is above them", () => {
  const trie = new FlameTrie({ ...CONFIG, fields: ["comm", "stack", "syscall"] });
  const known = (stack: number) => ({ iowaitNs: NaN, stack });
  const batch = batchOf([
    { nr: READ, extra: known(1) },
    { nr: READ, extra: known(1) },
    { nr: WRITE, extra: known(2) },
    { nr: WRITE, extra: known(0) },
  ], { tasks: TASKS, files: [{ slot: 1, path: "main;read_all;__read" }, { slot: 2, path: "main" }] });
  trie.ingest(batch);
  // The slot is given to another stack.
  trie.ingest(batchOf([{ nr: READ, extra: known(1) }], { files: [{ slot: 1, path: "main;other" }] }));
  trie.ingest(batchOf([{ nr: READ }]));
  assert.deepEqual(stacks(trie.tree().root).sort(), [
    "cat;main;other;read 1",
    "cat;main;read_all;__read;read 2",
    "cat;main;write 1",
    "cat;read 1",
    "cat;write 1",
  ]);
});
