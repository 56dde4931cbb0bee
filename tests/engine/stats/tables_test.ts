import assert from "node:assert/strict";
import { bucketIndex } from "../../../engine/stats/buckets.ts";
import { directoryOf } from "../../../engine/stats/directories.ts";
import { SERIES_SLOTS } from "../../../engine/stats/series.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { StatsConfig } from "../../../runtime/messages.ts";
import {
  GROUP_KEYS,
  type GroupKey,
  type Measures,
  OTHER_NAME,
  type StatsSnapshot,
} from "../../../runtime/stats.ts";
import { waitingOf } from "../../../runtime/waiting.ts";
import { batchOf, type Call, random, taskName, testSeed } from "../batches.ts";
import { randomBatches } from "../random_batches.ts";
import {
  countBy,
  latenciesOf,
  ordered,
  plainAncestors,
  plainDirectory,
  plainQuantiles,
  type PlainRow,
  PlainRows,
  plainSums,
  plainValue,
  quantilesOf,
  sumOfMeasures,
  sumsOf,
  valueText,
  waitsForSource,
} from "./plain_count.ts";

const CONFIG: StatsConfig = { arch: "x86_64", maxFiles: 5_000, maxProcesses: 5_000, maxSlowest: 5 };

/** One engine and the plain rows of the same random batches. */
function countRandom(next: () => number, config: Partial<StatsConfig>, stepNs: number, batches = 12) {
  const engine = new StatsEngine({ ...CONFIG, ...config });
  const plain = new PlainRows();
  const nextBatch = randomBatches(next, { files: 300, processes: 60, stepNs });
  for (let b = 0; b < batches; b++) {
    const batch = nextBatch();
    plain.add(batch);
    engine.ingest(batch);
  }
  return { engine, rows: plain.rows, snapshot: engine.snapshot() };
}

/** Holds a table against the rows: the same keys, and for each the same measures. */
function assertTable<Row extends Measures>(
  table: readonly Row[],
  keyOf: (row: Row) => string,
  wanted: ReturnType<typeof countBy>,
) {
  assert.deepEqual(table.map(keyOf).sort(), [...wanted.keys()].sort());
  for (const row of table) {
    const plain = wanted.get(keyOf(row))!;
    assert.deepEqual(sumsOf(row), plainSums(plain), keyOf(row));
    assert.deepEqual(quantilesOf(row), plainQuantiles(plain), keyOf(row));
  }
}

Deno.test("Random calls: every row of every table is what a plain count of the rows gives", () => {
  const next = random(testSeed());
  for (let round = 0; round < 4; round++) {
    const { rows, snapshot } = countRandom(next, {}, 10 ** (3 + round));
    const bySyscall = countBy(rows, (row) => row.syscall);
    assertTable(snapshot.syscalls, (row) => row.syscall, bySyscall);
    for (const row of snapshot.syscalls) {
      assert.deepEqual(latenciesOf([row]), ordered(bySyscall.get(row.syscall)!.latency), row.syscall);
    }
    assertTable(snapshot.families, (row) => row.family, countBy(rows, (row) => row.family));
    assertTable(snapshot.files, (row) => row.path, countBy(rows, (_, path) => isFile(path) ? path : null));
    assertTable(
      snapshot.waiting,
      (row) => `${row.kind} ${row.name}`,
      countBy(rows, (_, path) => waitingText(path)),
    );
    assert.equal(
      BigInt(snapshot.waitingNs),
      rows.filter((row) => (waitingText(row.path) !== null || waitsForSource(row)) && row.ret !== null)
        .reduce((sum, row) => sum + BigInt(row.latencyNs ?? 0), 0n),
    );
    for (const table of [snapshot.syscalls, snapshot.families, snapshot.processes, snapshot.series.slots]) {
      assert.equal(table.reduce((sum, row) => sum + BigInt(row.waitingNs), 0n), BigInt(snapshot.waitingNs));
    }
    const commOf = new Map(snapshot.processes.map((row) => [`${row.pid}:${row.startedNs}`, row.comm]));
    assertTable(
      snapshot.commands,
      (row) => row.comm,
      countBy(rows, (row) => commOf.get(`${row.pid}:${row.task.processStartNs}`)!),
    );
    assertTable([snapshot.withoutFile], () => "", countBy(rows, (_, path) => path === null ? "" : null));
    assertTable(
      snapshot.processes,
      (row) => `${row.pid}:${row.startedNs}`,
      countBy(rows, (row) => `${row.pid}:${row.task.processStartNs}`),
    );
    const errors = Map.groupBy(rows.filter((row) => row.failed), (row) => `${row.errno} ${row.syscall}`);
    assert.deepEqual(
      new Map(snapshot.errorsBy.map((row) => [`${row.errno} ${row.syscall}`, row.calls])),
      new Map(
        [...errors].map(([key, failed]): [string, number] => [key, failed.length]).sort(
          byCallsThen(snapshot),
        ),
      ),
    );
  }
});

function isFile(path: string | null): boolean {
  return path !== null && waitingText(path) === null;
}

/** What a path is waited for as, as text; `null` for a file. */
function waitingText(path: string | null): string | null {
  const waiting = path === null ? null : waitingOf(path);
  return waiting && `${waiting.kind} ${waiting.name}`;
}

/** The order of the snapshot, so that maps compare. */
function byCallsThen(snapshot: StatsSnapshot) {
  const order = snapshot.errorsBy.map((row) => `${row.errno} ${row.syscall}`);
  return ([a]: [string, number], [b]: [string, number]) => order.indexOf(a) - order.indexOf(b);
}

Deno.test("Random calls: the histograms of gap and size hold every value there is", () => {
  const { rows, snapshot } = countRandom(random(testSeed()), {}, 1_000);
  for (const { syscall, gap, size } of snapshot.syscalls) {
    const own = rows.filter((row) => row.syscall === syscall);
    const buckets = (values: number[]) => {
      const counts = new Map<number, number>();
      for (const value of values) counts.set(bucketIndex(value), (counts.get(bucketIndex(value)) ?? 0) + 1);
      return [...counts].sort(([a], [b]) => a - b);
    };
    const gaps = own.map((row) => row.gapNs).filter((ns) => ns !== null);
    const sizes = own.filter((row) => !row.failed).map((row) => row.bytes).filter((bytes) => bytes !== null);
    assert.deepEqual(Array.from(gap.indexes, (bucket, i) => [bucket, gap.counts[i]]), buckets(gaps));
    assert.deepEqual(Array.from(size.indexes, (bucket, i) => [bucket, size.counts[i]]), buckets(sizes));
    assert.deepEqual([gap.count, size.count], [gaps.length, sizes.length]);
  }
});

Deno.test("Random calls: a directory is the sum of all files below it", () => {
  const { rows, snapshot } = countRandom(random(testSeed()), {}, 1_000);
  const directories = new Set(snapshot.files.flatMap(({ path }) => plainAncestors(plainDirectory(path))));
  assert.deepEqual(new Set(snapshot.directories.map(({ path }) => path)), directories);
  for (const row of snapshot.directories) {
    const inside = (path: string | null) =>
      path !== null && plainAncestors(plainDirectory(path)).includes(row.path);
    // By file first: a copy within the directory counts its bytes there for one file and its time for another.
    const sum = countBy(rows, (_, path) => inside(path) ? "" : null).get("")!;
    assert.deepEqual(sumsOf(row), plainSums(sum), row.path);
    assert.deepEqual(quantilesOf(row), plainQuantiles(sum), row.path);
    assert.equal(row.files, snapshot.files.filter(({ path }) => inside(path)).length);
    assert.equal(row.depth, plainAncestors(row.path).length - 1);
  }
  const order = snapshot.directories.map(({ path }) => path);
  for (const path of order) {
    const [parent] = plainAncestors(path).slice(-2);
    assert.ok(order.indexOf(parent) <= order.indexOf(path), `${path} comes before the directory it is in`);
  }
});

for (
  const by of [
    ...GROUP_KEYS.map((key) => [key]),
    ["process", "syscall"],
    ["file", "process"],
    ["old_file", "file"],
    ["dir", "errno"],
    ["family", "syscall", "errno"],
    ["thread", "file", "syscall"],
  ] as GroupKey[][]
) {
  Deno.test(`Random calls by ${by.join(", ")}: every group is what a plain count of the rows gives`, () => {
    const { rows, snapshot } = countRandom(random(testSeed()), { by: [by] }, 1_000, 6);
    const [group] = snapshot.groups;
    assert.deepEqual([group.by, group.other, group.folded], [by, null, 0]);
    // Threads of two lifetimes of a process number are two rows with the same text.
    const found = Map.groupBy(group.rows, ({ values }) => values.map(valueText).join(" "));
    const keyOf = (row: PlainRow, path: string | null) =>
      by.map((key) => plainValue(key, row, path)).join(" ");
    const wanted = countBy(rows, keyOf, by.includes("old_file"));
    assert.deepEqual([...found.keys()].sort(), [...wanted.keys()].sort());
    for (const [key, members] of found) {
      assert.deepEqual(sumOfMeasures(members), plainSums(wanted.get(key)!), key);
      assert.deepEqual(latenciesOf(members), ordered(wanted.get(key)!.latency), key);
    }
  });
}

Deno.test("Random calls, limits that are hit all the time: all tables still sum up to the totals", () => {
  const next = random(testSeed());
  for (let round = 0; round < 8; round++) {
    const limit = () => 2 + Math.floor(next() * 40);
    const config = {
      maxFiles: limit(),
      maxProcesses: limit(),
      maxDirectories: limit(),
      maxGroups: limit(),
      by: [["thread"], ["file", "syscall"], ["dir", "errno", "process"]] as GroupKey[][],
    };
    const { rows, snapshot } = countRandom(next, config, 10 ** (2 + round));
    const all = countBy(rows, () => "").get("")!;
    const total = plainSums(all);
    assert.deepEqual(
      [
        snapshot.calls,
        snapshot.errors,
        BigInt(snapshot.readBytes),
        BigInt(snapshot.writeBytes),
        BigInt(snapshot.totalNs),
      ],
      [total.calls, total.errors, total.read, total.written, total.totalNs],
    );
    assert.deepEqual(sumOfMeasures(snapshot.syscalls), total);
    assert.deepEqual(sumOfMeasures(snapshot.families), total);
    assert.deepEqual(sumOfMeasures(snapshot.processes), total);
    assert.deepEqual(sumOfMeasures(snapshot.commands), total);
    const others = [...snapshot.waiting, snapshot.withoutFile];
    assert.deepEqual(sumOfMeasures([...snapshot.files, ...others]), total);
    const roots = snapshot.directories.filter(({ depth }) => depth === 0);
    assert.deepEqual(sumOfMeasures([...roots, ...others]), total);
    for (const { rows, other } of snapshot.groups) {
      const whole = other === null ? rows : [...rows, other];
      assert.deepEqual(sumOfMeasures(whole), total);
      assert.deepEqual(latenciesOf(whole), ordered(all.latency));
      assert.ok(rows.length <= config.maxGroups);
    }
    // The longest latency of a slot is that of its bucket.
    assert.deepEqual({ ...sumOfMeasures(snapshot.series.slots), maxNs: total.maxNs }, total);
    assert.ok(snapshot.files.length <= config.maxFiles + 1);
    assert.ok(snapshot.processes.length <= config.maxProcesses + 1);
    assert.ok(snapshot.files.some(({ path }) => path === OTHER_NAME) === snapshot.folded.files > 0);
  }
});

Deno.test("Processes beyond the limit are counted for their commands, and for the others when these are too many", () => {
  const engine = new StatsEngine({ ...CONFIG, maxProcesses: 4 });
  const count = (pid: number, comm: string) =>
    engine.ingest(batchOf([{ nr: 0, durationNs: 10 }], { tasks: [{ ...taskName(1, pid), comm }] }));
  for (let i = 0; i < 300; i++) count(1000 + i, ["cc1", "as", "ld"][i % 3]);
  const { commands, processes, folded } = engine.snapshot();
  assert.deepEqual(
    commands.map(({ comm, calls, totalNs, processes }) => [comm, calls, totalNs, processes]),
    [["as", 100, 1000, 100], ["cc1", 100, 1000, 100], ["ld", 100, 1000, 100]],
  );
  const other = processes.find(({ comm }) => comm === OTHER_NAME);
  assert.deepEqual([other?.calls, processes.length - 1 + folded.processes], [folded.processes, 300]);
  for (let i = 0; i < 100; i++) count(2000 + i, `once${i}`);
  const later = engine.snapshot().commands;
  assert.ok(later.length <= 10 && later.some(({ comm }) => comm === OTHER_NAME));
  assert.deepEqual(
    later.reduce((sum, { calls, processes }) => [sum[0] + calls, sum[1] + processes], [0, 0]),
    [
      400,
      400,
    ],
  );
});

Deno.test("Directories beyond the limit are counted for the ones they are in, and the report can say how many", () => {
  const engine = new StatsEngine({ ...CONFIG, maxFiles: 4, maxDirectories: 6 });
  for (let i = 0; i < 200; i++) {
    engine.ingest(batchOf([{ nr: 0, file: 1, durationNs: 1 + i }], {
      tasks: [taskName(1, 7)],
      files: [{ slot: 1, path: `/data/${i % 40}/${i}` }],
    }));
  }
  const { directories, folded } = engine.snapshot();
  assert.ok(directories.length <= 6 && folded.directories > 0);
  const [root, data] = directories;
  assert.deepEqual([root.path, root.calls, root.files, data.path, data.calls, data.files], [
    "/",
    200,
    200,
    "/data",
    200,
    200,
  ]);
});

Deno.test("What is no file of a directory is under its kind", () => {
  const places = {
    "/etc/passwd": "/etc",
    "/vmlinuz": "/",
    "/var/log/x (deleted)": "/var/log",
    "/memfd:cache (deleted)": "memfd:",
    "pipe:[81723]": "pipe:",
    "anon_inode:[eventfd]": "anon_inode:",
    "TCP:[127.0.0.1:1->127.0.0.1:2]": "TCP:",
    "[unknown]": "[unknown]",
    "pipe:[unknown]": "pipe:",
    "some/file": "(relative)",
    "mine:[1]": "(relative)",
    "C:/x": "(relative)",
    "": "(relative)",
  };
  for (const [path, directory] of Object.entries(places)) assert.equal(directoryOf(path), directory, path);
});

Deno.test("Intervals double when the run outgrows them, and each holds the calls that ended in it", () => {
  const engine = new StatsEngine(CONFIG);
  const tasks = [taskName(1, 7)];
  const seconds = 1_000;
  for (let i = 0; i < seconds; i++) {
    const calls = Array.from(
      { length: 1 + i % 3 },
      () => ({ nr: 0, enterNs: i * 1e9, durationNs: 1_000 * (i + 1) }),
    );
    engine.ingest(batchOf(calls, { tasks: i === 0 ? tasks : [] }));
    const { series } = engine.snapshot();
    assert.ok(series.slots.length <= SERIES_SLOTS);
    assert.ok(series.slots.length * series.intervalNs > i * 1e9, "The last call is in a slot");
  }
  const { series } = engine.snapshot();
  assert.equal(series.intervalNs, 8e9);
  assert.equal(series.slots.length, 125);
  for (const [slot, { calls, maxNs }] of series.slots.entries()) {
    const inside = Array.from({ length: 8 }, (_, i) => 8 * slot + i);
    assert.equal(calls, inside.reduce((sum, i) => sum + 1 + i % 3, 0));
    assert.ok(Math.abs(maxNs - 1_000 * (8 * slot + 8)) <= 1_000 * (8 * slot + 8) / 64);
  }
});

Deno.test("A pause is slots without calls, and a long one makes the slots longer", () => {
  const engine = new StatsEngine(CONFIG);
  engine.ingest(batchOf([{ nr: 0, enterNs: 0 }, { nr: 0, enterNs: 100e9 }, { nr: 1, enterNs: 100e9 }], {
    tasks: [taskName(1, 7)],
  }));
  const { series } = engine.snapshot();
  assert.equal(series.intervalNs, 5e8);
  const busy = series.slots.map(({ calls }, i) => [i, calls]).filter(([, calls]) => calls > 0);
  assert.deepEqual(busy, [[0, 1], [200, 2]]);
});

Deno.test("A call counts for the interval it ended in, also when calls of later ones came first, as of recordings that overlap", () => {
  const engine = new StatsEngine(CONFIG);
  const call = (second: number, fields: Partial<Call> = {}): Call => (
    { nr: 0, enterNs: second * 1e9, durationNs: 1_000, ret: 5n, bytes: 5, ...fields }
  );
  const inTime = Array.from({ length: 100 }, (_, second) => call(second));
  engine.ingest(batchOf(inTime, { tasks: [taskName(1, 7)] }));
  const late = Array.from({ length: 50 }, (_, i) => call(2 * i, { durationNs: 7_000 }));
  const failed = call(3, { ret: -2n, bytes: 0 });
  engine.ingest(batchOf([...late, failed, call(5, { nr: 231, durationNs: NaN, flags: 1, bytes: NaN })]));
  const { series, totalNs } = engine.snapshot();
  assert.equal(series.intervalNs, 5e8);
  const found = series.slots.map((
    { calls, errors, readBytes, totalNs },
  ) => [calls, errors, readBytes, totalNs]);
  const expected = Array.from({ length: 199 }, () => [0, 0, 0, 0]);
  for (let second = 0; second < 100; second++) {
    expected[2 * second] = second % 2 === 0 ? [2, 0, 10, 8_000] : [1, 0, 5, 1_000];
  }
  expected[2 * 3] = [2, 1, 5, 2_000];
  expected[2 * 5] = [2, 0, 5, 1_000];
  assert.deepEqual(found, expected);
  assert.equal(series.slots.reduce((sum, slot) => sum + Number(slot.totalNs), 0), totalNs);
});

Deno.test("A batch that ends with a call that never returns still moves time on", () => {
  const engine = new StatsEngine(CONFIG);
  const calls = [{ nr: 0, enterNs: 0 }, { nr: 0, enterNs: 1e9 }, {
    nr: 231,
    enterNs: 1e9 + 500,
    durationNs: NaN,
    flags: 1,
  }];
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 7)] }));
  const { series } = engine.snapshot();
  assert.deepEqual(series.slots.map(({ calls }) => calls).filter((calls) => calls > 0), [1, 2]);
});

Deno.test("After a reset time counts from the last call on", () => {
  const engine = new StatsEngine(CONFIG);
  engine.ingest(batchOf([{ nr: 0, enterNs: 70e9 }], { tasks: [taskName(1, 7)] }));
  engine.reset();
  engine.ingest(batchOf([{ nr: 0, enterNs: 70e9 + 5_000 }]));
  const { series } = engine.snapshot();
  assert.deepEqual([series.startNs, series.slots.length, series.slots[0].calls], [70e9 + 100, 1, 1]);
});

Deno.test("After a reset time counts from the moment that is given, also an earlier one, as when a recording begins again", () => {
  const engine = new StatsEngine(CONFIG);
  engine.ingest(batchOf([{ nr: 0, enterNs: 70e9 }], { tasks: [taskName(1, 7)] }));
  const seriesSince = (sinceNs: number, enterNs: number) => {
    engine.reset(sinceNs);
    engine.ingest(batchOf([{ nr: 0, enterNs: sinceNs }, { nr: 0, enterNs }]));
    const { startNs, intervalNs, slots } = engine.snapshot().series;
    const last = slots.length - 1;
    return [startNs, slots[0].calls, slots[last].calls, Math.round((startNs + last * intervalNs) / 1e9)];
  };
  assert.deepEqual(seriesSince(0, 20e9), [0, 1, 1, 20]);
  assert.deepEqual(seriesSince(500e9, 502e9), [500e9, 1, 1, 502]);
});

Deno.test("Threads and processes of a grouping have the names they have last", () => {
  const engine = new StatsEngine({ ...CONFIG, by: [["process", "thread"], ["thread"]] });
  const name = (comm: string) => ({ tasks: [taskName(1, 70, { tid: 71, comm })] });
  engine.ingest(batchOf([{ nr: 0 }], name("starting")));
  engine.ingest(batchOf([{ nr: 0 }, { nr: 0 }], name("worker")));
  const [both, thread] = engine.snapshot().groups;
  assert.deepEqual(both.rows.map(({ values, calls }) => [values, calls]), [[[
    { key: "process", pid: 70, comm: "worker", startedNs: -5_000 },
    { key: "thread", pid: 70, tid: 71, comm: "worker" },
  ], 3]]);
  assert.deepEqual(thread.rows.map(({ values }) => values), [[{
    key: "thread",
    pid: 70,
    tid: 71,
    comm: "worker",
  }]]);
});

Deno.test("A name counts for its process once, at its first call, also when it makes another kind of call later", () => {
  const engine = new StatsEngine({ ...CONFIG, by: [["process", "syscall"]] });
  const tasks = [taskName(1, 70, { comm: "old" }), taskName(2, 70, { comm: "new" })];
  engine.ingest(batchOf([{ nr: 0, task: 1 }, { nr: 0, task: 2 }, { nr: 1, task: 1 }], { tasks }));
  const { groups: [{ rows }], processes } = engine.snapshot();
  assert.deepEqual(rows.map(({ values: [process] }) => "comm" in process && process.comm), ["new", "new"]);
  assert.deepEqual(processes.map(({ comm }) => comm), ["new"]);
});
