import assert from "node:assert/strict";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { EventFlag, EXTRA_COLUMNS } from "../../../runtime/event_batch.ts";
import type { StatsConfig } from "../../../runtime/messages.ts";
import type { ExtraMeasures, StatsSnapshot } from "../../../runtime/stats.ts";
import { syscallByName, syscallNumber } from "../../../runtime/syscalls/mod.ts";
import { batchOf, random, taskName, testSeed } from "../batches.ts";
import { callCells, cellsOf } from "../cells.ts";

const CONFIG: StatsConfig = {
  arch: "x86_64",
  maxFiles: 100,
  maxProcesses: 100,
  maxSlowest: 0,
  by: [["process", "syscall"], ["dir"]],
};

const [READ, WRITE, COPY] = ["read", "write", "copy_file_range"].map((name) =>
  syscallNumber("x86_64", syscallByName(name)!)!
);

const NAMES = {
  tasks: [taskName(1, 70), taskName(2, 71)],
  files: ["/a/b", "/a/c", "pipe:[7]"].map((path, i) => ({ slot: i + 1, path })),
};

function extraOf(measures: ExtraMeasures) {
  return EXTRA_COLUMNS.map((name) => measures[name]);
}

/** What a snapshot has of sums: of a call's own time they know nothing. */
function withoutSeries({ series: _series, ...rest }: StatsSnapshot) {
  return rest;
}

Deno.test("What else is known of calls is in every table, and sums of calls count as the calls", () => {
  const next = random(testSeed());
  const whole = (limit: number) => Math.floor(limit * next());
  const batch = batchOf(
    Array.from({ length: 2_000 }, (_, i) => {
      const [nr, file] = [[READ, WRITE, COPY][whole(3)], 1 + whole(3)];
      const isKnown = nr === COPY || (nr === READ && file !== 1);
      return {
        nr,
        enterNs: 10 * i,
        durationNs: 1_000_000 + whole(1_000),
        bytes: 512 + whole(512),
        task: 1 + whole(2),
        file,
        oldFile: 0,
        extra: {
          iowaitNs: whole(1_000),
          blockedNs: whole(1_000),
          runqueueNs: whole(1_000),
          fetchedBytes: isKnown ? 4096 * whole(3) : NaN,
        },
      };
    }),
    NAMES,
  );
  const [rows, cells] = [new StatsEngine(CONFIG), new StatsEngine(CONFIG)];
  rows.ingest(batch);
  cells.ingestCells(callCells({ cells: cellsOf(batch), sinceNs: 0, timeNs: 0, ...NAMES }));
  const found = rows.snapshot();
  assert.deepEqual(withoutSeries(cells.snapshot()), withoutSeries(found));

  const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + (value > 0 ? value : 0), 0);
  const wanted = EXTRA_COLUMNS.map((name) => sumOf(batch.columns.extra![name]));
  const { syscalls, files, waiting, processes, commands, families, groups } = found;
  assert.deepEqual(extraOf(found), wanted);
  for (
    const table of [
      syscalls,
      [...files, ...waiting],
      processes,
      commands,
      families,
      ...groups.map(({ rows }) => rows),
    ]
  ) {
    const rows = table as ExtraMeasures[];
    const sums = EXTRA_COLUMNS.map((name) => rows.reduce((sum, row) => sum + Number(row[name]), 0));
    assert.deepEqual(sums, wanted);
  }
});

Deno.test("What a copy fetches belongs to the file that it reads", () => {
  const engine = new StatsEngine(CONFIG);
  const extra = { iowaitNs: 5, blockedNs: 0, runqueueNs: 0, fetchedBytes: 8192 };
  engine.ingest(batchOf([{ nr: COPY, bytes: 100, file: 1, oldFile: 2, extra }], NAMES));
  const { files } = engine.snapshot();
  assert.deepEqual(
    Object.fromEntries(files.map((file) => [file.path, [file.iowaitNs, file.fetchedBytes]])),
    { "/a/b": [5, 0], "/a/c": [0, 8192] },
  );
});

Deno.test("A call that did not return has no time, and no part of it either, but what it fetched", () => {
  const extra = { iowaitNs: 20, blockedNs: 300, runqueueNs: 4_000, fetchedBytes: 4096 };
  const batch = batchOf([
    { nr: READ, durationNs: 7_000, file: 1, extra },
    { nr: READ, durationNs: 9_000, file: 1, extra, flags: EventFlag.KILLED },
    { nr: READ, durationNs: NaN, file: 1, extra, flags: EventFlag.NO_RETURN },
  ], NAMES);
  const [rows, cells] = [new StatsEngine(CONFIG), new StatsEngine(CONFIG)];
  rows.ingest(batch);
  cells.ingestCells(callCells({ cells: cellsOf(batch), sinceNs: 0, timeNs: 0, ...NAMES }));
  for (
    const { syscalls, files, processes, commands, families, groups, ...all } of [rows, cells].map((engine) =>
      engine.snapshot()
    )
  ) {
    for (
      const table of [
        [all],
        syscalls,
        files,
        processes,
        commands,
        families,
        ...groups.map(({ rows }) => rows),
      ]
    ) {
      const found = table.map((row) => [row.calls, row.totalNs, extraOf(row), row.partsUnknownNs]);
      assert.deepEqual(found, [[3, 7_000, [20, 300, 4_000, 3 * 4096], undefined]]);
    }
  }
});

Deno.test("The time of calls whose parts are not known is exact in every table, of each recording read", () => {
  const engine = new StatsEngine(CONFIG);
  const most = Number.MAX_SAFE_INTEGER;
  const known = { iowaitNs: 5, blockedNs: 0, runqueueNs: 0 };
  const calls = [{ nr: READ, durationNs: most, extra: known, file: 1 }, {
    nr: WRITE,
    durationNs: most,
    file: 1,
  }];
  engine.ingest(batchOf(calls, NAMES)); // only the read has them
  engine.ingest(batchOf([{ nr: READ, durationNs: 7, file: 1 }, { nr: READ, durationNs: 9, file: 2 }], NAMES)); // none
  const found = engine.snapshot();
  const all = BigInt(most) + 16n;
  assert.equal(found.partsUnknownNs, all);
  assert.deepEqual(
    Object.fromEntries(found.syscalls.map((row) => [row.syscall, row.partsUnknownNs])),
    { read: 16, write: most },
  );
  assert.deepEqual(
    Object.fromEntries(found.files.map((row) => [row.path, [row.iowaitNs, row.partsUnknownNs]])),
    { "/a/b": [5, BigInt(most) + 7n], "/a/c": [0, 9] },
  );
  assert.deepEqual([found.processes[0].partsUnknownNs, found.commands[0].partsUnknownNs], [all, all]);
});

Deno.test("Bytes that were read are unknown where it is not known what that fetched, in every table", () => {
  const engine = new StatsEngine(CONFIG);
  const most = Number.MAX_SAFE_INTEGER;
  engine.ingest(batchOf(
    [
      { nr: READ, bytes: 512, file: 1, extra: { fetchedBytes: 4096 } },
      { nr: READ, bytes: most, file: 1, extra: {} },
      { nr: READ, bytes: most, file: 2, extra: {} },
      { nr: COPY, bytes: 100, file: 1, oldFile: 2, extra: {} },
      { nr: WRITE, bytes: 900, file: 2, extra: {} },
    ],
    NAMES,
  ));
  const found = engine.snapshot();
  const all = 2n * BigInt(most) + 100n;
  assert.deepEqual([found.fetchedBytes, found.fetchUnknownBytes], [4096, all]);
  assert.deepEqual(
    Object.fromEntries(found.files.map((row) => [row.path, [row.fetchedBytes, row.fetchUnknownBytes]])),
    { "/a/b": [4096, most], "/a/c": [0, BigInt(most) + 100n] },
  );
  assert.deepEqual(
    Object.fromEntries(found.syscalls.map((row) => [row.syscall, row.fetchUnknownBytes])),
    { read: 2n * BigInt(most), copy_file_range: 100, write: undefined },
  );
  assert.deepEqual([found.processes[0].fetchUnknownBytes, found.commands[0].fetchUnknownBytes], [all, all]);
});

Deno.test("Sums beyond 2^53 are exact, and what no call has a value of is not there", () => {
  const engine = new StatsEngine(CONFIG);
  const most = Number.MAX_SAFE_INTEGER;
  const extra = { iowaitNs: most, blockedNs: 1, runqueueNs: 0 };
  engine.ingest(batchOf(Array.from({ length: 5 }, () => ({ nr: READ, durationNs: most, extra })), NAMES));
  assert.deepEqual(extraOf(engine.snapshot().syscalls[0]), [5n * BigInt(most), 5, 0, undefined]);
  const plain = new StatsEngine(CONFIG);
  plain.ingest(batchOf([{ nr: READ }], NAMES));
  assert.ok(EXTRA_COLUMNS.every((name) => !(name in plain.snapshot().syscalls[0])));
});
