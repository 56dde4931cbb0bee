import assert from "node:assert/strict";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { createColumns } from "../../../runtime/event_batch.ts";
import { MEMORY_BUDGET } from "../../../runtime/memory_budget.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { type Measures, OTHER_NAME } from "../../../runtime/stats.ts";
import { batchOf, taskName } from "../batches.ts";

const CALLS = 4096;
const OPENAT = 257;

/** Slots that the names are put into, one after the other. */
const SLOTS = 65_536;

/** Memory that the tables and the names of this side may take, bytes. */
const TABLES_MAX_BYTES = MEMORY_BUDGET.tables + MEMORY_BUDGET.names / 2;

Deno.test("Half a million files in 50,000 directories: the totals are right, and the tables take no more memory than at first", () => {
  const engine = new StatsEngine({ arch: "x86_64", ...STATS_LIMITS, by: [["file"]] });
  const columns = createColumns(CALLS);
  let named = 0;
  const ingest = (batches: number) => {
    for (let b = 0; b < batches; b++) {
      const files = Array.from({ length: CALLS }, (_, i) => {
        const id = named++;
        columns.nr[i] = OPENAT;
        columns.task[i] = 1;
        columns.file[i] = 1 + id % SLOTS;
        columns.durationNs[i] = 1_000 + id % 977;
        columns.gapNs[i] = NaN;
        columns.bytes[i] = NaN;
        columns.enterNs[i] = id * 2_000;
        return { slot: 1 + id % SLOTS, path: `/data/${id % 500}/${id % 50_000}/file-${id}` };
      });
      const tasks = named === CALLS ? [taskName(1, 70)] : [];
      engine.ingest({ length: CALLS, firstSeq: 1, epoch: 1, columns, tasks, files });
    }
  };
  const before = Deno.memoryUsage().external;
  ingest(60);
  const half = Deno.memoryUsage().external;
  ingest(60);
  const all = Deno.memoryUsage().external;
  assert.ok(half - before < TABLES_MAX_BYTES, `${half - before} bytes`);
  assert.ok(all - half < TABLES_MAX_BYTES / 10, `${all - half} bytes more`);

  const { calls, totalNs, files, directories, folded, withoutFile, groups: [group] } = engine.snapshot();
  assert.equal(calls, named);
  const sum = (rows: readonly Measures[]) => rows.reduce((sum, row) => sum + row.calls, 0);
  const time = (rows: readonly Measures[]) => rows.reduce((sum, row) => sum + Number(row.totalNs), 0);
  assert.deepEqual([sum(files), time(files), withoutFile.calls], [named, totalNs, 0]);
  assert.equal(folded.files + files.length - 1, named);
  assert.ok(files.some(({ path }) => path === OTHER_NAME));
  assert.ok(files.length <= STATS_LIMITS.maxFiles + 1);
  assert.ok(directories.length <= STATS_LIMITS.maxDirectories && folded.directories > 0);
  const [root, data] = directories;
  assert.deepEqual([root.path, root.calls, root.files, data.path, data.calls], [
    "/",
    named,
    named,
    "/data",
    named,
  ]);
  assert.equal(sum(directories.filter(({ path, depth }) => depth === 2 && path.startsWith("/data/"))), named);
  assert.deepEqual([sum(group.rows) + group.other!.calls, group.rows.length + group.folded], [named, named]);
});

Deno.test("Beyond the limit of memory the tables have fewer rows, and all calls are still counted", () => {
  const maxBytes = 400_000;
  const limits = { ...STATS_LIMITS, maxBytes, by: [["file"] as const] };
  const engine = new StatsEngine({ arch: "x86_64", ...limits });
  const columns = createColumns(CALLS);
  const names = Array.from({ length: 2000 }, (_, i) => ({ slot: 1 + i, path: `/data/${i % 300}/file-${i}` }));
  let calls = 0;
  for (let batch = 0; batch < 30; batch++) {
    for (let i = 0; i < CALLS; i++, calls++) {
      columns.nr[i] = OPENAT;
      columns.task[i] = 1;
      columns.file[i] = 1 + calls % names.length;
      columns.durationNs[i] = Math.round(1_000 * 1.03 ** (calls % 211));
      columns.gapNs[i] = columns.bytes[i] = NaN;
      columns.enterNs[i] = calls * 2_000;
    }
    const [tasks, files] = batch === 0 ? [[taskName(1, 70)], names] : [[], []];
    engine.ingest({ length: CALLS, firstSeq: 1, epoch: 1, columns, tasks, files });
  }
  const { calls: counted, files, directories, folded, processes, groups: [group] } = engine.snapshot();
  const sum = (rows: readonly Measures[]) => rows.reduce((sum, row) => sum + row.calls, 0);
  assert.deepEqual([counted, sum(files), sum(processes)], [calls, calls, calls]);
  assert.equal(sum(group.rows) + group.other!.calls, calls);
  assert.ok(folded.files > 0 && group.folded > 0 && files.length < names.length, `${files.length} files`);
  assert.equal(directories[0].calls, calls);
  const cells = group.rows.reduce((sum, { latency }) => sum + latency.indexes.length, 0);
  assert.ok(4 * cells < maxBytes, `${cells} filled buckets are left`);
});

Deno.test("A path of thousands of directories has rows down to a depth, and each has its calls", () => {
  const engine = new StatsEngine({ arch: "x86_64", ...STATS_LIMITS });
  const path = `/${"a/".repeat(8_000)}f`;
  engine.ingest(batchOf([{ nr: 0, file: 1 }], { tasks: [taskName(1, 70)], files: [{ slot: 1, path }] }));
  const { directories, folded } = engine.snapshot();
  assert.deepEqual([directories.length, folded.directories], [257, 1]);
  assert.deepEqual(
    directories.map(({ depth, calls, files }) => [depth, calls, files]),
    Array.from({ length: 257 }, (_, depth) => [depth, 1, 1]),
  );
  assert.equal(directories.at(-1)!.path, `/${"a/".repeat(256)}`.slice(0, -1));
});

Deno.test("Groups that last keep their rows when the table is full, and later ones are the others", () => {
  const engine = new StatsEngine({
    arch: "x86_64",
    ...STATS_LIMITS,
    by: [["comm"]],
    maxGroups: 3,
    groupsLast: true,
  });
  const before = new Map<string, number>();
  for (let batch = 0; batch < 20; batch++) {
    const comms = Array.from(
      { length: 5 },
      (_, i) => ({ ...taskName(i + 1, 70 + i), comm: `c${batch + i}` }),
    );
    engine.ingest(batchOf(comms.map(({ slot }) => ({ nr: 0, task: slot })), { tasks: comms }));
    const { calls, groups: [{ rows, other, folded }] } = engine.snapshot({ tables: ["groups"] });
    assert.deepEqual(
      rows.map(({ values: [value] }) => "name" in value && value.name).sort(),
      ["c0", "c1", "c2"],
    );
    assert.equal(rows.reduce((sum, row) => sum + row.calls, other!.calls), calls);
    assert.equal(folded, 0);
    for (const { values, calls } of [...rows, { ...other!, values: ["other"] }]) {
      const name = JSON.stringify(values);
      assert.ok(calls >= (before.get(name) ?? 0), name);
      before.set(name, calls);
    }
  }
});
