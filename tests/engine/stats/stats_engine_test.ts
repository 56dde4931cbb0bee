import assert from "node:assert/strict";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { EventFlag, type FileName } from "../../../runtime/event_batch.ts";
import type { StatsConfig } from "../../../runtime/messages.ts";
import {
  type FileStats,
  type Measures,
  OPTIONAL_TABLES,
  type OptionalTable,
  OTHER_NAME,
  type SnapshotRequest,
  type StatsSnapshot,
} from "../../../runtime/stats.ts";
import { URING_FIRST } from "../../../runtime/syscalls/aio.ts";
import { valueText } from "./plain_count.ts";
import { batchOf, type Call, random, taskName, testSeed } from "../batches.ts";

const READ = 0;
const WRITE = 1;
const OPENAT = 257;
const RENAME = 82;
const SENDFILE = 40;
const COPY_FILE_RANGE = 326;
const VMSPLICE = 278;
const SOCKET = 41;
const EXIT_GROUP = 231;

const CONFIG: StatsConfig = { arch: "x86_64", maxFiles: 1_000, maxProcesses: 1_000, maxSlowest: 3 };

function snapshotOf(calls: Call[], files: FileName[] = [], config: Partial<StatsConfig> = {}): StatsSnapshot {
  const engine = new StatsEngine({ ...CONFIG, ...config });
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  return engine.snapshot();
}

function fileOf(snapshot: StatsSnapshot, path: string): FileStats {
  const found = snapshot.files.find((file) => file.path === path);
  assert.ok(found, `There is no file ${path}`);
  return found;
}

Deno.test("Calls, errors, bytes and time are counted by call, family, file and process", () => {
  const snapshot = snapshotOf([
    { nr: READ, durationNs: 100, ret: 40n, bytes: 40, file: 1 },
    { nr: READ, durationNs: 300, ret: -5n, bytes: 0, file: 1 },
    { nr: WRITE, durationNs: 50, ret: 9n, bytes: 9, file: 2 },
    { nr: SOCKET, durationNs: 7, ret: 3n },
  ], [{ slot: 1, path: "/a" }, { slot: 2, path: "/b" }]);

  assert.deepEqual(sums(snapshot), [4, 1, 40n, 9n, 457n]);
  assert.deepEqual(snapshot.syscalls.map((row) => [row.syscall, row.family, ...sums(row), row.maxNs]), [
    ["read", "FS", 2, 1, 40n, 0n, 400n, 300],
    ["write", "FS", 1, 0, 0n, 9n, 50n, 50],
    ["socket", "Network", 1, 0, 0n, 0n, 7n, 7],
  ]);
  assert.deepEqual(snapshot.families.map((row) => [row.family, ...sums(row)]), [
    ["FS", 3, 1, 40n, 9n, 450n],
    ["Network", 1, 0, 0n, 0n, 7n],
  ]);
  assert.deepEqual(snapshot.files.map((row) => [row.path, ...sums(row)]), [
    ["/a", 2, 1, 40n, 0n, 400n],
    ["/b", 1, 0, 0n, 9n, 50n],
  ]);
  assert.deepEqual(snapshot.processes.map((row) => [row.pid, row.comm, row.startedNs, ...sums(row)]), [
    [70, "task70", -5_000, 4, 1, 40n, 9n, 457n],
  ]);
  assert.deepEqual(snapshot.errorsBy, [{ errno: "EIO", syscall: "read", calls: 1 }]);
  assert.deepEqual(snapshot.folded, { files: 0, processes: 0, directories: 0 });
});

Deno.test("A call that does not return counts as a call and adds no time", () => {
  const snapshot = snapshotOf([
    { nr: EXIT_GROUP, durationNs: NaN, flags: EventFlag.NO_RETURN },
    { nr: READ, durationNs: 1e9, flags: EventFlag.KILLED, file: 1 },
    { nr: READ, durationNs: 10, file: 1 },
  ], [{ slot: 1, path: "/a" }]);
  assert.deepEqual(sums(snapshot), [3, 0, 0n, 0n, 10n]);
  const { calls, returned, p50Ns, p99Ns, maxNs } = fileOf(snapshot, "/a");
  assert.deepEqual([calls, returned, p50Ns, p99Ns, maxNs], [2, 1, 10, 10, 10]);
  const exit = snapshot.syscalls.find((row) => row.syscall === "exit_group")!;
  assert.deepEqual([exit.returned, exit.latency.count, exit.p50Ns, exit.maxNs, exit.totalNs], [
    0,
    0,
    null,
    0,
    0,
  ]);
  assert.deepEqual(snapshot.slowest.map((row) => row.latencyNs), [10]);
});

Deno.test("A rename counts for its new path only", () => {
  const snapshot = snapshotOf([{ nr: RENAME, file: 1, oldFile: 2 }], [
    { slot: 1, path: "/new" },
    { slot: 2, path: "/old" },
  ]);
  assert.deepEqual(snapshot.files.map((row) => row.path), ["/new"]);
});

for (const nr of [SENDFILE, COPY_FILE_RANGE]) {
  Deno.test(`A copy (${nr}) counts for its destination, and its read bytes for its source`, () => {
    const snapshot = snapshotOf([{ nr, durationNs: 60, ret: 500n, bytes: 500, file: 1, oldFile: 2 }], [
      { slot: 1, path: "/to" },
      { slot: 2, path: "/from" },
    ]);
    assert.deepEqual(sums(snapshot), [1, 0, 500n, 500n, 60n]);
    assert.deepEqual(sums(fileOf(snapshot, "/to")), [1, 0, 0n, 500n, 60n]);
    assert.deepEqual(sums(fileOf(snapshot, "/from")), [0, 0, 500n, 0n, 0n]);
  });
}

Deno.test("A call with both sides and one file counts both for that file", () => {
  const snapshot = snapshotOf([{ nr: VMSPLICE, ret: 30n, bytes: 30, file: 1 }], [{
    slot: 1,
    path: "/run/fifo",
  }]);
  assert.deepEqual(sums(fileOf(snapshot, "/run/fifo")), [1, 0, 30n, 30n, 100n]);
});

for (const nr of [URING_FIRST + 30, URING_FIRST + 33]) {
  Deno.test(`A copy that io_uring makes (${nr}) reads nothing from the file it writes to`, () => {
    const snapshot = snapshotOf([{ nr, ret: 30n, bytes: 30, file: 1 }], [{ slot: 1, path: "/to" }]);
    assert.deepEqual(sums(fileOf(snapshot, "/to")), [1, 0, 0n, 30n, 100n]);
  });
}

Deno.test("Two slots with one path are one file, and a slot with a new name is another file", () => {
  const engine = new StatsEngine(CONFIG);
  engine.ingest(batchOf([{ nr: READ, file: 1 }, { nr: READ, file: 2 }], {
    tasks: [taskName(1, 70)],
    files: [{ slot: 1, path: "/a" }, { slot: 2, path: "/a" }],
  }));
  engine.ingest(
    batchOf([{ nr: READ, file: 1 }, { nr: READ, file: 2 }], { files: [{ slot: 1, path: "/b" }] }),
  );
  const calls = engine.snapshot().files.map(({ path, calls }) => [path, calls]);
  assert.deepEqual(calls, [["/a", 3], ["/b", 1]]);
});

Deno.test("Files whose bytes differ are two, also when their text is the same", () => {
  const snapshot = snapshotOf([{ nr: READ, file: 1 }, { nr: READ, file: 2 }], [
    { slot: 1, path: "/\ufffd", raw: Uint8Array.of(47, 200) },
    { slot: 2, path: "/\ufffd", raw: Uint8Array.of(47, 201) },
  ]);
  assert.deepEqual(snapshot.files.map(({ pathRaw }) => pathRaw).sort(), ["L8g=", "L8k="]);
});

Deno.test("A process number that is used again is another process", () => {
  const engine = new StatsEngine(CONFIG);
  engine.ingest(batchOf([{ nr: READ, task: 1 }], { tasks: [taskName(1, 70, { processStartNs: 1 })] }));
  engine.ingest(batchOf([{ nr: READ, task: 1 }], { tasks: [taskName(1, 70, { processStartNs: 2 })] }));
  assert.deepEqual(engine.snapshot().processes.map(({ startedNs }) => startedNs).sort(), [1, 2]);
});

Deno.test("A process has its leader's name once the leader has made calls, before that the last thread's", () => {
  const engine = new StatsEngine(CONFIG);
  const comm = () => engine.snapshot().processes[0].comm;
  const thread = (slot: number, tid: number, comm: string) => taskName(slot, 70, { tid, comm });
  engine.ingest(batchOf([{ nr: READ, task: 1 }, { nr: READ, task: 2 }], {
    tasks: [thread(1, 71, "worker1"), thread(2, 72, "worker2")],
  }));
  assert.equal(comm(), "worker2");
  engine.ingest(
    batchOf([{ nr: READ, task: 3 }], { tasks: [thread(3, 70, "main"), thread(4, 73, "worker3")] }),
  );
  engine.ingest(batchOf([{ nr: READ, task: 4 }]));
  assert.equal(comm(), "main");
  engine.ingest(batchOf([{ nr: READ, task: 3 }], { tasks: [thread(3, 70, "renamed")] }));
  assert.equal(comm(), "renamed");
});

Deno.test("The slowest calls are kept as rows, slowest first, the earlier one of two equals", () => {
  const durations = [5, 90, 20, 90, 10, 30];
  const { slowest } = snapshotOf(durations.map((durationNs) => ({ nr: READ, durationNs })));
  assert.deepEqual(slowest.map(({ seq, latencyNs }) => [seq, latencyNs]), [[2, 90], [4, 90], [6, 30]]);
  assert.deepEqual(snapshotOf([{ nr: READ }], [], { maxSlowest: 0 }).slowest, []);
});

Deno.test("A snapshot does not change any more", () => {
  const engine = new StatsEngine(CONFIG);
  const batch = batchOf([{ nr: READ, file: 1 }], {
    tasks: [taskName(1, 70)],
    files: [{ slot: 1, path: "/a" }],
  });
  engine.ingest(batch);
  const snapshot = engine.snapshot();
  const before = structuredClone(snapshot);
  engine.ingest(batchOf([{ nr: WRITE, file: 1, durationNs: 1e6, ret: -1n }]));
  assert.deepEqual(snapshot, before);
  assert.notDeepEqual(engine.snapshot(), before);
});

Deno.test("A reset forgets the calls and keeps the names", () => {
  const engine = new StatsEngine(CONFIG);
  engine.ingest(batchOf([{ nr: READ, file: 1, ret: -1n }], {
    tasks: [taskName(1, 70)],
    files: [{ slot: 1, path: "/a" }],
  }));
  engine.reset();
  const nothing = new StatsEngine(CONFIG).snapshot();
  assert.deepEqual(engine.snapshot(), { ...nothing, series: { ...nothing.series, startNs: 100 } });
  engine.ingest(batchOf([{ nr: WRITE, file: 1 }]));
  assert.deepEqual(engine.snapshot().files.map(({ path, calls }) => [path, calls]), [["/a", 1]]);
});

Deno.test("Sums beyond 2^53 are exact", () => {
  const huge = 2 ** 53 - 1;
  const calls = Array.from({ length: 11 }, () => (
    { nr: COPY_FILE_RANGE, durationNs: huge, ret: 1n, bytes: huge, file: 1, oldFile: 2 }
  ));
  const files = [{ slot: 1, path: "/to" }, { slot: 2, path: "/from" }];
  const wanted = 11n * BigInt(huge);
  const snapshot = snapshotOf(calls, files);
  assert.equal(snapshot.totalNs, wanted);
  assert.equal(snapshot.families[0].readBytes, wanted);
  assert.equal(fileOf(snapshot, "/to").writeBytes, wanted);
  assert.equal(fileOf(snapshot, "/from").readBytes, wanted);
  assert.equal(fileOf(snapshot, "/to").totalNs, wanted);
});

Deno.test("Waiting that has grown beyond 2^52 before the time is carried again is exact", () => {
  const limit = 2 ** 52;
  const [pipe, file] = [1, 2];
  const calls = [[pipe, limit - 1], [file, 2], [pipe, limit - 3], [pipe, limit - 1]]
    .map(([file, durationNs]) => ({ nr: READ, file, durationNs }));
  const files = [{ slot: pipe, path: "pipe:[7]" }, { slot: file, path: "/a" }];
  const { syscalls, families, processes } = snapshotOf(calls, files);
  for (const [row] of [syscalls, families, processes]) {
    assert.equal(row.waitingNs, 3n * BigInt(limit) - 5n);
  }
});

Deno.test("A clock that stepped back counts as no time", () => {
  const snapshot = snapshotOf([{ nr: READ, durationNs: -3 }]);
  assert.deepEqual([snapshot.totalNs, snapshot.syscalls[0].latency.count], [0, 1]);
});

Deno.test("Numbers without a name have rows of their own until there are too many, then one together", () => {
  const calls = Array.from({ length: 400 }, (_, i) => ({ nr: 100_000 + i }));
  const snapshot = snapshotOf([...calls, { nr: -1 }, { nr: 100_000 }]);
  assert.equal(snapshot.syscalls.length, 257);
  const other = snapshot.syscalls.find((row) => row.syscall === OTHER_NAME)!;
  assert.equal(other.calls, 400 + 1 - 256);
  assert.equal(snapshot.syscalls.find((row) => row.syscall === "100000")!.calls, 2);
  assert.equal(snapshot.calls, 402);
});

Deno.test("The least important files are folded together, and what they counted stays exact", () => {
  const engine = new StatsEngine({ ...CONFIG, maxFiles: 10 });
  engine.ingest(batchOf([{ nr: OPENAT, file: 1, durationNs: 1e6 }], {
    tasks: [taskName(1, 70)],
    files: [{ slot: 1, path: "/important" }],
  }));
  for (let i = 0; i < 1_000; i++) {
    engine.ingest(batchOf([{ nr: READ, file: 2, durationNs: 10, ret: 3n, bytes: 3 }], {
      files: [{ slot: 2, path: `/file${i}` }],
    }));
  }
  const snapshot = engine.snapshot();
  assert.ok(snapshot.files.length <= 11, `${snapshot.files.length} files`);
  assert.equal(fileOf(snapshot, "/important").totalNs, 1e6);
  assert.equal(snapshot.folded.files, 1_001 - (snapshot.files.length - 1));
  assert.equal(fileOf(snapshot, OTHER_NAME).calls, snapshot.folded.files);
  assert.deepEqual(sumOfRows(snapshot.files), [1_001, 0, 3_000n, 0n, 1_010_000n]);
});

Deno.test("A file named as the folded ones is no mistake for them", () => {
  const snapshot = snapshotOf([{ nr: READ, file: 1 }], [{ slot: 1, path: OTHER_NAME }]);
  assert.deepEqual([snapshot.files.length, snapshot.folded.files], [1, 0]);
});

Deno.test("Limits that are not possible are refused", () => {
  assert.throws(() => new StatsEngine({ ...CONFIG, maxFiles: 1 }), /Cannot count files: the limit is 1/);
  assert.throws(
    () => new StatsEngine({ ...CONFIG, maxProcesses: 2.5 }),
    /Cannot count processes: the limit is 2.5/,
  );
  assert.throws(() => new StatsEngine({ ...CONFIG, maxSlowest: -1 }), /the limit is -1/);
});

Deno.test("Random batches: every table agrees with a plain count of the calls, and with the totals", () => {
  const next = random(testSeed());
  for (let round = 0; round < 15; round++) {
    const limits = { maxFiles: 2 + Math.floor(next() * 60), maxProcesses: 2 + Math.floor(next() * 20) };
    const engine = new StatsEngine({ ...CONFIG, ...limits });
    const model = newModel();
    for (let b = 0; b < 12; b++) ingestRandom(engine, model, next, b);
    const snapshot = engine.snapshot();
    const total = sums(snapshot);
    assert.deepEqual(total, model.total);
    assert.deepEqual(sumOfRows(snapshot.syscalls), total);
    assert.deepEqual(sumOfRows(snapshot.families), total);
    assert.deepEqual(sumOfRows(snapshot.processes), total);
    assert.deepEqual(sumOfRows(snapshot.files), model.files);
    assert.equal(snapshot.errorsBy.reduce((sum, { calls }) => sum + calls, 0), snapshot.errors);
    for (const row of snapshot.syscalls) assert.deepEqual(sums(row), model.byNr.get(row.nr));
    for (const table of [snapshot.syscalls, snapshot.families, snapshot.files, snapshot.processes]) {
      checkRows(table);
    }
    assert.ok(snapshot.files.length <= limits.maxFiles + 1);
    assert.ok(snapshot.processes.length <= limits.maxProcesses + 1);
    assert.deepEqual(
      snapshot.slowest.map(({ latencyNs }) => latencyNs),
      model.latencies.toSorted((a, b) => b - a).slice(0, CONFIG.maxSlowest),
    );
  }
});

type Sums = [calls: number, errors: number, read: bigint, written: bigint, totalNs: bigint];

interface Model {
  total: Sums;
  files: Sums;
  byNr: Map<number, Sums>;
  latencies: number[];
}

function newModel(): Model {
  return { total: [0, 0, 0n, 0n, 0n], files: [0, 0, 0n, 0n, 0n], byNr: new Map(), latencies: [] };
}

const NUMBERS = [READ, WRITE, OPENAT, RENAME, COPY_FILE_RANGE, SENDFILE, VMSPLICE, SOCKET, 7_777];
const READS = [READ, COPY_FILE_RANGE, SENDFILE, VMSPLICE];
const WRITES = [WRITE, COPY_FILE_RANGE, SENDFILE, VMSPLICE];
const COPIES = [COPY_FILE_RANGE, SENDFILE];

/** Ingests a random batch, and counts it once more the plain way. */
function ingestRandom(engine: StatsEngine, model: Model, next: () => number, b: number): void {
  const whole = (limit: number) => Math.floor(next() * limit);
  const slots = 40;
  const named = Array.from({ length: slots }, (_, i) => i + 1).filter(() => b === 0 || next() < 0.3);
  const files = named.map((slot) => ({ slot, path: `/f${whole(200)}` }));
  const tasks = named.map((slot) =>
    taskName(slot, 1 + whole(50), { tid: 1 + whole(60), processStartNs: whole(2) })
  );
  const calls = Array.from({ length: whole(300) }, (): Call => {
    const nr = NUMBERS[whole(NUMBERS.length)];
    const fails = next() < 0.2;
    const returns = next() < 0.95;
    const moves = READS.includes(nr) || WRITES.includes(nr);
    return {
      nr,
      durationNs: next() < 0.02 ? 2 ** 53 - 1 - whole(9) : Math.floor(Math.exp(20 * next())),
      ret: fails && returns ? BigInt(-1 - whole(200)) : 0n,
      bytes: moves ? (fails || !returns ? 0 : whole(2 ** 31)) : NaN,
      flags: returns ? 0 : EventFlag.KILLED,
      task: 1 + whole(slots),
      file: whole(slots + 1),
      oldFile: COPIES.includes(nr) || nr === RENAME ? 1 + whole(slots) : 0,
    };
  });
  engine.ingest(batchOf(calls, { tasks, files }));

  for (const { nr, durationNs, ret, bytes, flags, file, oldFile } of calls) {
    const moved = BigInt(Number.isNaN(bytes!) ? 0 : bytes!);
    const one: Sums = [
      1,
      ret! < 0n ? 1 : 0,
      READS.includes(nr) ? moved : 0n,
      WRITES.includes(nr) ? moved : 0n,
      flags === 0 ? BigInt(durationNs!) : 0n,
    ];
    model.total = plus(model.total, one);
    model.byNr.set(nr, plus(model.byNr.get(nr) ?? [0, 0, 0n, 0n, 0n], one));
    const source = COPIES.includes(nr) && oldFile !== 0;
    if (file !== 0) model.files = plus(model.files, source ? [one[0], one[1], 0n, one[3], one[4]] : one);
    if (source) model.files = plus(model.files, [0, 0, one[2], 0n, 0n]);
    if (flags === 0) model.latencies.push(durationNs!);
  }
}

function checkRows(rows: readonly Measures[]): void {
  for (const [i, row] of rows.entries()) {
    const figures = [row.p50Ns, row.p90Ns, row.p99Ns, row.maxNs];
    if (row.returned === 0) assert.deepEqual(figures, [null, null, null, 0]);
    else assert.ok(figures.every((ns, j) => j === 0 || ns! >= figures[j - 1]!), "Quantiles rise");
    assert.ok(i === 0 || rows[i - 1].totalNs >= row.totalNs, "Rows are sorted by time");
  }
}

function sums(row: Pick<Measures, "calls" | "errors" | "readBytes" | "writeBytes" | "totalNs">): Sums {
  return [row.calls, row.errors, BigInt(row.readBytes), BigInt(row.writeBytes), BigInt(row.totalNs)];
}

function sumOfRows(rows: readonly Measures[]): Sums {
  return rows.map(sums).reduce(plus, [0, 0, 0n, 0n, 0n]);
}

function plus(a: Sums, b: Sums): Sums {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
}

Deno.test("Optional tables are empty unless they are wanted, and everything else is the same", () => {
  const engine = new StatsEngine({ ...CONFIG, by: [["process", "file"]] });
  const calls = [1, 2].map((file) => ({ nr: READ, durationNs: 100, ret: 40n, bytes: 40, file }));
  const files = [{ slot: 1, path: "/a/b" }, { slot: 2, path: "pipe:[7]" }];
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  const whole = engine.snapshot();
  assert.ok(OPTIONAL_TABLES.every((table) => sizeOf(whole, table) > 0));
  for (const wanted of [[], ...OPTIONAL_TABLES.map((table) => [table])]) {
    const part = engine.snapshot({ tables: wanted });
    for (const table of OPTIONAL_TABLES) {
      assert.equal(sizeOf(part, table), wanted.includes(table) ? sizeOf(whole, table) : 0, table);
    }
    const tables = Object.fromEntries(OPTIONAL_TABLES.map((table) => [table, whole[table]]));
    assert.deepEqual({ ...part, ...tables }, whole);
  }
});

Deno.test("A call without a file is in another group than one on an empty path", () => {
  for (const key of ["file", "cgroup"] as const) {
    const engine = new StatsEngine({ ...CONFIG, by: [[key], ["comm", key]] });
    engine.ingest(
      batchOf([{ nr: READ, task: 1 }, { nr: READ, task: 2, file: 1 }, { nr: READ, task: 2, file: 1 }], {
        tasks: [taskName(1, 70), { ...taskName(2, 71), cgroup: "" }],
        files: [{ slot: 1, path: "" }],
      }),
    );
    for (const { rows } of engine.snapshot().groups) {
      assert.deepEqual(
        rows.map(({ values, calls }) => [valueText(values.at(-1)!), calls]).sort(),
        [["", 2], ["null", 1]],
      );
    }
  }
});

Deno.test("The groups of some processes can be asked for", () => {
  const engine = new StatsEngine({ ...CONFIG, by: [["process", "file"], ["syscall"]] });
  engine.ingest(batchOf([{ nr: READ, task: 1 }, { nr: READ, task: 2 }], {
    tasks: [taskName(1, 70, { processStartNs: 5 }), taskName(2, 71, { processStartNs: 6 })],
  }));
  const pids = (groupsOf?: SnapshotRequest["groupsOf"]) =>
    engine.snapshot({ groupsOf }).groups.map(({ rows }) =>
      rows.map(({ values: [value] }) => value.key === "process" ? value.pid : value.key)
    );
  assert.deepEqual(pids(), [[70, 71], ["syscall"]]);
  assert.deepEqual(pids([{ pid: 71, startedNs: 6 }]), [[71], ["syscall"]]);
  assert.deepEqual(pids([{ pid: 71, startedNs: 5 }]), [[], ["syscall"]]);
});

function sizeOf({ series, ...tables }: StatsSnapshot, table: OptionalTable): number {
  return table === "series" ? series.slots.length : tables[table].length;
}

Deno.test("The files with most time are those of the whole table, and what is folded is one row more", () => {
  const engine = new StatsEngine({ ...CONFIG, maxFiles: 40 });
  const files = Array.from({ length: 60 }, (_, i) => ({ slot: i + 1, path: `/${i}` }));
  const calls = files.map(({ slot }) => ({ nr: READ, durationNs: 1 + (slot * 7) % 61, file: slot }));
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  const whole = engine.snapshot();
  const [other] = whole.files.filter(({ path }) => path === OTHER_NAME);
  const named = whole.files.filter((row) => row !== other);
  assert.ok(other !== undefined && named.length > 10);
  for (const maxFiles of [1, 10, named.length, 1_000]) {
    const some = engine.snapshot({ maxFiles }).files;
    assert.deepEqual(some.filter(({ path }) => path !== OTHER_NAME), named.slice(0, maxFiles), `${maxFiles}`);
    assert.deepEqual(some.filter(({ path }) => path === OTHER_NAME), [other]);
  }
});

Deno.test("The processes with most time are those of the whole table, the others are counted, and what is folded is one row more", () => {
  const engine = new StatsEngine({ ...CONFIG, maxProcesses: 40 });
  const tasks = Array.from({ length: 60 }, (_, i) => taskName(i + 1, 100 + i));
  engine.ingest(
    batchOf(tasks.map(({ slot }) => ({ nr: READ, durationNs: 1 + (slot * 7) % 61, task: slot })), { tasks }),
  );
  const whole = engine.snapshot();
  const [other] = whole.processes.filter(({ pid }) => pid === 0);
  const named = whole.processes.filter((row) => row !== other);
  assert.ok(other !== undefined && named.length > 10);
  for (const maxProcesses of [1, 10, named.length, 1_000]) {
    const { processes, leftOut, commands } = engine.snapshot({ maxProcesses });
    assert.deepEqual(
      processes.filter(({ pid }) => pid !== 0),
      named.slice(0, maxProcesses),
      `${maxProcesses}`,
    );
    assert.deepEqual(processes.filter(({ pid }) => pid === 0), [other]);
    assert.equal(leftOut.processes ?? 0, Math.max(0, named.length - maxProcesses));
    assert.deepEqual(commands, whole.commands);
  }
});

Deno.test("Calls are grouped by their stacks, those without one together, and a slot's new text is another stack", () => {
  const engine = new StatsEngine({ ...CONFIG, by: [["stack"]] });
  const call = (stack: number) => ({ nr: READ, durationNs: 100, extra: { stack } });
  const tasks = [taskName(1, 70)];
  engine.ingest(batchOf([call(1), call(2), call(1), call(0)], {
    tasks,
    files: [{ slot: 1, path: "main;a" }, { slot: 2, path: "main;b" }],
  }));
  engine.ingest(batchOf([call(1)], { files: [{ slot: 1, path: "main;b" }] }));
  engine.ingest(batchOf([{ nr: READ, durationNs: 100 }]));
  const [{ rows }] = engine.snapshot().groups;
  assert.deepEqual(
    Object.fromEntries(rows.map(({ values: [value], calls }) => [valueText(value), calls])),
    { "main;a": 2, "main;b": 2, null: 2 },
  );
});
