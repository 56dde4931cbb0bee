import assert from "node:assert/strict";
import { needsOfText } from "../../../cli/report/needs.ts";
import { buildReport } from "../../../cli/report/report.ts";
import { renderReport } from "../../../cli/report/report_text.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import type { SnapshotRequest, StatsSnapshot } from "../../../runtime/stats.ts";
import { syscallByName } from "../../../runtime/syscalls/mod.ts";
import { batchOf, random, taskName, testSeed } from "../../engine/batches.ts";
import { HEADER } from "./fixture.ts";

const NUMBERS = ["read", "openat", "lseek", "flock"].map((name) => syscallByName(name)!.x86_64!);
const FLOCK = NUMBERS[3];

/** Calls on files of a random tree; in some rounds many take equally long, all wait, or tables are full. */
function randomEngine(next: () => number, round: number): StatsEngine {
  const below = (end: number) => Math.floor(next() * end);
  const directories = ["", "/a", "/b"];
  for (let i = below(60); i > 0; i--) directories.push(`${directories[below(directories.length)]}/d${i}`);
  const files = Array.from({ length: 1 + below(200) }, (_, i) => ({
    slot: i + 1,
    path: i % 40 === 7 ? `/memfd:m${i} (deleted)` : `${directories[below(directories.length)]}/f${i}`,
  }));
  const limits = round % 3 === 0 ? { maxFiles: 20 } : { maxFiles: 1_000 };
  const engine = new StatsEngine({ arch: "x86_64", maxProcesses: 10, maxSlowest: 3, ...limits });
  const allWait = round % 7 === 6;
  for (let batch = 0; batch < 4; batch++) {
    const calls = Array.from({ length: 300 }, () => ({
      nr: allWait ? FLOCK : NUMBERS[below(NUMBERS.length)],
      durationNs: round % 2 === 0 ? 1 + below(4) : Math.floor(Math.exp(15 * next())),
      bytes: 10,
      file: 1 + below(files.length),
    }));
    engine.ingest(batchOf(calls, batch === 0 ? { tasks: [taskName(1, 70)], files } : {}));
  }
  return engine;
}

function textOf(snapshot: StatsSnapshot, top: number): string {
  const report = buildReport(HEADER, snapshot, { top: null, sort: "time" });
  const looks = { width: 100, color: false, ascii: false, sort: "time" } as const;
  return renderReport(report, { ...looks, top, leftOut: snapshot.leftOut });
}

Deno.test("The text of a report is the same of what it needs as of everything", () => {
  const next = random(testSeed());
  let left = 0;
  for (let round = 0; round < 42; round++) {
    const engine = randomEngine(next, round);
    for (const top of [1, 3, 10]) {
      const needed = engine.snapshot(needsOfText({ top, sort: "time", depth: null }));
      assert.equal(textOf(needed, top), textOf(engine.snapshot(), top), `round ${round}, ${top} rows`);
      left += needed.leftOut.directories ?? 0;
    }
  }
  assert.ok(left > 0, "directories were left out");
});

Deno.test("Few of many files and directories are needed, and what is left out is counted", () => {
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 10_000, maxProcesses: 10, maxSlowest: 3 });
  const files = Array.from({ length: 5_000 }, (_, i) => ({ slot: i + 1, path: `/d${i % 500}/f${i}` }));
  const calls = files.map(({ slot }) => ({ nr: NUMBERS[0], durationNs: slot * 1_000, file: slot }));
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  const whole = engine.snapshot();
  const needed = engine.snapshot(needsOfText({ top: 10, sort: "time", depth: null }));
  assert.deepEqual([needed.files.length, needed.directories.length], [10, 10]);
  assert.deepEqual(needed.files, whole.files.slice(0, 10));
  assert.deepEqual(needed.directories, whole.directories.slice(0, 10));
  const rest = whole.files.slice(10).reduce((sum, { totalNs }) => sum + Number(totalNs), 0);
  assert.deepEqual(needed.leftOut, {
    files: { rows: 4_990, calls: 4_990, totalNs: rest, waitingNs: 0 },
    directories: 491,
  });
  assert.deepEqual(whole.leftOut, {});
});

Deno.test("The directories beyond a limit are as many with what is needed as with everything", () => {
  const limits = { maxFiles: 10_000, maxProcesses: 10, maxSlowest: 3, maxDirectories: 100 };
  const engine = new StatsEngine({ arch: "x86_64", ...limits });
  const paths = Array.from({ length: 400 }, (_, i) => `/a${i % 20}/b${i}/f`);
  const files = [...paths, "/memfd:m (deleted)"].map((path, i) => ({ slot: i + 1, path }));
  const calls = files.map(({ slot }) => ({ nr: NUMBERS[0], durationNs: 1_000 - slot, file: slot }));
  engine.ingest(batchOf(calls, { tasks: [taskName(1, 70)], files }));
  const { folded } = engine.snapshot(needsOfText({ top: 10, sort: "time", depth: null }));
  assert.deepEqual(folded, engine.snapshot().folded);
  assert.equal(folded.directories, 1 + 20 + 400 + 1 - 101);
});

Deno.test("An order other than by time, all rows, or a depth need all files and directories", () => {
  const everything: SnapshotRequest = { tables: needsOfText({ top: 10, sort: "time", depth: null }).tables };
  for (
    const needs of [{ top: null, sort: "time", depth: null }, { top: 10, sort: "max", depth: null }, {
      top: 10,
      sort: "time",
      depth: 2,
    }] as const
  ) {
    assert.deepEqual(needsOfText(needs), everything);
  }
});
