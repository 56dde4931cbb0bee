import assert from "node:assert/strict";
import { directoryTree } from "../../../cli/report/directories.ts";
import { groupTree } from "../../../cli/report/groups.ts";
import { headerOfPart, headerSince } from "../../../cli/report/header_since.ts";
import { measuresOf, sumOfRows } from "../../../cli/report/measures.ts";
import { overTime } from "../../../cli/report/over_time.ts";
import { buildReport, reportLine } from "../../../cli/report/report.ts";
import { pickTree, type TreeNode } from "../../../cli/report/tree.ts";
import { textWidth } from "../../../cli/text/width.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { lossOf, UNKNOWN_LOSS } from "../../../runtime/loss.ts";
import type { Report, ReportHeader, ReportMeasures } from "../../../runtime/report.ts";
import { timeAfter } from "../../../runtime/rfc3339.ts";
import type { GroupKey } from "../../../runtime/stats.ts";
import { batchOf, random, taskName, testSeed } from "../../engine/batches.ts";
import { randomBatches } from "../../engine/random_batches.ts";
import { exampleReport, exampleSnapshot, HEADER } from "./fixture.ts";

const NOTHING: ReportMeasures = {
  calls: 0,
  errors: 0,
  read_bytes: 0,
  write_bytes: 0,
  total_ns: 0,
  mean_ns: null,
  p50_ns: null,
  p90_ns: null,
  p99_ns: null,
  max_ns: null,
};

function measures(calls: number, more: Partial<ReportMeasures> = {}): ReportMeasures {
  return { ...NOTHING, calls, total_ns: calls * 10, ...more };
}

Deno.test("Rows of a grouping add up to what the engine counts for the outer key alone", () => {
  const next = random(testSeed());
  const engine = new StatsEngine({
    arch: "x86_64",
    maxFiles: 1_000,
    maxProcesses: 1_000,
    maxSlowest: 0,
    by: [["family", "syscall", "errno"], ["process", "file"]],
  });
  const nextBatch = randomBatches(next, { files: 50, processes: 5, stepNs: 1_000 });
  for (let i = 0; i < 8; i++) engine.ingest(nextBatch());
  const snapshot = engine.snapshot();
  const { groups: [calls, processes] } = buildReport(HEADER, snapshot, { top: null, sort: "time" });

  const families = groupTree(calls, null, "time").lines.filter(({ level }) => level === 0);
  for (const family of snapshot.families) {
    const { name, latency: _latency, ...found } = families.find(({ label }) => label === family.family)!.row;
    assert.deepEqual(found, { ...measuresOf(family), ...inGroupsOnly(found) }, name);
  }
  const outer = groupTree(processes, null, "calls").lines.filter(({ level }) => level === 0);
  assert.equal(outer.length, snapshot.processes.length);
  const sum = (rows: { calls: number }[]) => rows.reduce((sum, row) => sum + row.calls, 0);
  assert.equal(sum(outer.map(({ row }) => row)), snapshot.calls);
});

/** Names of a row that is the only one of its group. */
function inGroupsOnly(row: object): object {
  const names = ["syscall", "family", "errno", "pid", "comm", "started", "path", "path_raw"];
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
}

Deno.test("A group has one row for its outer value, whatever the inner keys are, and apart from what only looks like it", () => {
  const by: GroupKey[][] = [["file", "process"], ["file"], ["thread"], ["process", "file"]];
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 9, maxProcesses: 9, maxSlowest: 0, by });
  engine.ingest(batchOf([{ nr: 0, file: 1 }, { nr: 0, file: 1, task: 2 }, { nr: 0, file: 2, task: 3 }], {
    // The number of a thread is used again by another process.
    tasks: [
      taskName(1, 7, { comm: "sh", tid: 9 }),
      taskName(2, 8, { comm: "sh", tid: 9, processStartNs: 5 }),
      taskName(3, 8, { comm: "sh", tid: 8, processStartNs: 50 }),
    ],
    files: [
      { slot: 1, path: "/a\ufffd", raw: Uint8Array.of(0x2f, 0x61, 0xe9) },
      { slot: 2, path: "/a\ufffd", raw: Uint8Array.of(0x2f, 0x61, 0xe8) },
    ],
  }));
  const { groups } = buildReport(HEADER, engine.snapshot(), { top: null, sort: "calls" });
  const rows = groups.map((group) =>
    groupTree(group, null, "calls").lines.map(({ label, level, row }) => [level, label, row.calls])
  );
  assert.deepEqual(rows, [
    [[0, "/a\ufffd", 2], [1, "sh (7)", 1], [1, "sh (8)", 1], [0, "/a\ufffd", 1], [1, "sh (8)", 1]],
    [[0, "/a\ufffd", 2], [0, "/a\ufffd", 1]],
    [[0, "sh (8)", 1], [0, "sh (9)", 1], [0, "sh (9)", 1]],
    [
      [0, "sh (7)", 1],
      [1, "/a\ufffd", 1],
      [0, "sh (8)", 1],
      [1, "/a\ufffd", 1],
      [0, "sh (8)", 1],
      [1, "/a\ufffd", 1],
    ],
  ]);
});

Deno.test("By command and process, calls count under the name of their thread, and the process keeps its own", () => {
  const by: GroupKey[][] = [["comm", "process"], ["process", "comm"], ["comm", "thread", "process"]];
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 9, maxProcesses: 9, maxSlowest: 0, by });
  engine.ingest(batchOf([{ nr: 0 }, { nr: 0, task: 2 }, { nr: 0, task: 2 }, { nr: 0, task: 3 }], {
    tasks: [
      taskName(1, 7, { comm: "sh" }),
      taskName(2, 7, { comm: "make" }),
      taskName(3, 7, { comm: "worker", tid: 9 }),
    ],
    files: [],
  }));
  const { groups } = buildReport(HEADER, engine.snapshot(), { top: null, sort: "calls" });
  const lines = groups.map((group) =>
    groupTree(group, null, "calls").lines.map(({ label, level, row }) => [level, label, row.calls])
  );
  assert.deepEqual(lines, [
    [
      [0, "make", 2],
      [1, "make (7)", 2],
      [0, "sh", 1],
      [1, "make (7)", 1],
      [0, "worker", 1],
      [1, "make (7)", 1],
    ],
    [[0, "make (7)", 4], [1, "make", 2], [1, "sh", 1], [1, "worker", 1]],
    [
      [0, "make", 2],
      [1, "make (7)", 2],
      [2, "make (7)", 2],
      [0, "sh", 1],
      [1, "make (7)", 1],
      [2, "make (7)", 1],
      [0, "worker", 1],
      [1, "worker (9)", 1],
      [2, "make (7)", 1],
    ],
  ]);
  const names = groups.map(({ rows }) =>
    rows.map(({ comm, process, pid, calls }) => [comm, process, pid, calls])
  );
  const wanted = [["make", "make", 7, 2], ["sh", "make", 7, 1], ["worker", "make", 7, 1]];
  assert.deepEqual(names, [wanted, wanted, wanted]);
});

Deno.test("A single row is its own sum, and none is nothing", () => {
  const [row] = exampleReport().groups[0].rows;
  const { latency, ...sum } = sumOfRows([row]);
  for (const [name, value] of Object.entries(sum)) assert.equal(value, row[name as keyof typeof row], name);
  assert.deepEqual(latency, row.latency);
  assert.deepEqual(sumOfRows([]), { ...NOTHING, latency: { ...row.latency, buckets: [] } });
});

Deno.test("What a grouping folded is a row beside the others", () => {
  const [group] = exampleReport().groups;
  const other = { ...group.rows[0], calls: 7 };
  const { lines } = groupTree({ ...group, other, folded: 3 }, null, "time");
  assert.ok(lines.some(({ label, level, row }) => label === "(other)" && level === 0 && row.calls === 7));
});

Deno.test("Of a tree come the first rows, each with all that it is in", () => {
  const next = random(testSeed());
  for (let round = 0; round < 50; round++) {
    const all: { value: number; outer: number | null }[] = [];
    const grow = (outer: number | null, most: number, depth: number): TreeNode<number>[] =>
      Array.from({ length: Math.floor(next() * 5) }, () => {
        const row = all.push({ value: Math.floor(next() * most), outer }) - 1;
        const children = depth === 0 ? [] : grow(row, all[row].value, depth - 1);
        return { row, label: `${row}`, children };
      });
    const roots = grow(null, 1000, 3);
    const limit = Math.floor(next() * 20);
    const { lines, hidden, hiddenRoots } = pickTree(
      roots,
      limit,
      (a, b) => all[b].value - all[a].value || a - b,
    );
    assert.equal(lines.length, Math.min(limit, all.length));
    assert.equal(hidden, all.length - lines.length);
    const shown = new Set(lines.map(({ row }) => row));
    const open: number[] = [];
    for (const { row, level } of lines) {
      assert.equal(open[level - 1] ?? null, all[row].outer, "A row is under the one it is in");
      open.length = level;
      open.push(row);
    }
    const least = Math.min(...lines.map(({ row }) => all[row].value));
    for (const [row, { value, outer }] of all.entries()) {
      if (!shown.has(row) && (outer === null || shown.has(outer))) assert.ok(value <= least);
    }
    assert.deepEqual(hiddenRoots, roots.map(({ row }) => row).filter((row) => !shown.has(row)));
  }
});

Deno.test("Directories that hold more than 95 % of their parent are one line with it", () => {
  const rows = [
    { path: "/", depth: 0, files: 4, ...measures(31) },
    { path: "/etc", depth: 1, files: 1, ...measures(1) },
    { path: "/home", depth: 1, files: 3, ...measures(30) },
    { path: "/home/ada", depth: 2, files: 3, ...measures(30) },
    { path: "/home/ada/a", depth: 3, files: 1, ...measures(10) },
    { path: "/home/ada/b", depth: 3, files: 1, ...measures(15) },
    { path: "/home/ada/b/c", depth: 4, files: 1, ...measures(15) },
    { path: "memfd:", depth: 0, files: 1, ...measures(2) },
  ];
  const shown = (top: number | null) =>
    directoryTree(rows, top, "time").lines.map(({ label, level }) => "  ".repeat(level) + label);
  assert.deepEqual(shown(null), ["/home/ada", "  b/c", "  a"]);
  assert.deepEqual(shown(2), ["/home/ada", "  b/c"]);
  const { hidden, totalNs } = directoryTree(rows, 2, "time");
  assert.deepEqual([hidden, totalNs], [5, rows[3].total_ns]);
  assert.deepEqual(shown(0), []);
});

Deno.test("Cut directories say what calls no row that stays includes", () => {
  const report = buildReport(HEADER, exampleSnapshot(), { top: 1, sort: "time" });
  const all = exampleReport();
  assert.deepEqual(report.directories.map(({ path }) => path), ["/"]);
  assert.equal(report.cut.directories.rows, all.directories.length - 1);
  assert.equal(report.cut.directories.calls, 0);
});

Deno.test("Directories of the document are as deep as asked", () => {
  const report = buildReport(HEADER, exampleSnapshot(), { top: null, sort: "time", depth: 1 });
  assert.ok(report.directories.some(({ depth }) => depth === 1));
  assert.ok(report.directories.every(({ depth }) => depth <= 1));
});

function seriesReport(slots: ReportMeasures[], intervalNs: number, wallNs: number): Report {
  const calls = slots.reduce((sum, slot) => sum + slot.calls, 0);
  return {
    ...exampleReport({ wall_ns: wallNs }),
    calls,
    series: { start_ns: 0, interval_ns: intervalNs, slots },
  };
}

Deno.test("The plot shows every interval, idle ones and those after the last call as nothing", () => {
  const slots = [measures(8), NOTHING, measures(4), measures(1, { p99_ns: 5_000_000 })];
  const { lines, note } = overTime(seriesReport(slots, 1e9, 6e9), 80, false)!;
  assert.deepEqual(lines, ["calls   █ ▄▁    8/s", "p99        █    5.00ms"]);
  assert.equal(note, "1.00s a column, peak at right");
  assert.deepEqual(overTime(seriesReport(slots, 1e9, 6e9), 80, true)!.lines[0], "calls   @ =.    8/s");
});

Deno.test("The plot of what is left of a recording begins where that does", () => {
  const slots = [NOTHING, NOTHING, NOTHING, measures(8), NOTHING, measures(4)];
  const report = seriesReport(slots, 1e9, 6e9);
  const covers = { from: timeAfter(report.started, 3.2e9), to: timeAfter(report.started, 6e9) };
  assert.deepEqual(overTime({ ...report, covers }, 80, false)!.lines, ["calls   █ ▄  8/s"]);
});

Deno.test("A run of one interval, or without calls, has no plot", () => {
  assert.equal(overTime(seriesReport([measures(8)], 1e9, 1e9), 80, false), null);
  assert.equal(overTime(seriesReport([NOTHING], 1e9, 9e9), 80, false), null);
});

Deno.test("Intervals that do not fit are shown together, and none is lost", () => {
  for (const count of [2, 55, 56, 57, 239, 240]) {
    for (const width of [40, 80, 200]) {
      const slots = Array.from({ length: count }, () => NOTHING);
      slots[count - 1] = measures(1_234_567_890, { p50_ns: 7, p99_ns: 9, read_bytes: 2 ** 52, errors: 3 });
      const { lines } = overTime(seriesReport(slots, 1e9, count * 1e9), width, false)!;
      assert.equal(lines.length, 5);
      for (const line of lines) {
        assert.ok(textWidth(line) <= width, `${textWidth(line)} columns of ${width}: ${line}`);
        assert.match(line, /█ {2}\S+$/);
      }
    }
  }
});

Deno.test("The header of an interval has what was added since the one before", () => {
  const loss = (ringFull: number) => lossOf({ ...HEADER.loss.by!, ring_full: ringFull });
  const before = { ...HEADER, wall_ns: 1_000, loss: loss(5), cost: { ...HEADER.cost, cpu_ns: 100 } };
  const now = { ...HEADER, wall_ns: 3_500, loss: loss(12), cost: { ...HEADER.cost, cpu_ns: 140 } };
  const since = headerSince(now, before);
  assert.deepEqual([since.wall_ns, since.cost.cpu_ns, since.loss], [2_500, 40, loss(7)]);
  assert.equal(since.started, HEADER.started);
  assert.deepEqual(headerSince({ ...now, loss: loss(5) }, before).loss, loss(0));
  assert.equal(headerSince(now, null), now);
  const unnamed = (count: number) => ({ ...now, loss: { ...loss(12), unnamed: count } });
  assert.equal(headerSince(unnamed(9), unnamed(2)).loss.unnamed, 7);
  assert.ok(!("unnamed" in headerSince(unnamed(9), unnamed(9)).loss));
  for (const [a, b] of [[UNKNOWN_LOSS, loss(5)], [loss(5), UNKNOWN_LOSS]]) {
    assert.deepEqual(headerSince({ ...now, loss: a }, { ...before, loss: b }).loss, UNKNOWN_LOSS);
  }
});

Deno.test("The header of an interval has the requests to io_uring since the one before", () => {
  const made = (...requests: number[]) => ({
    ...HEADER,
    io_uring_requests: requests.map((requests, i) => ({ pid: 70 + i, requests })),
  });
  const of = (now: ReportHeader, before: ReportHeader) => headerSince(now, before).io_uring_requests;
  assert.deepEqual(of(made(5, 9, 2), made(5, 4)), [{ pid: 71, requests: 5 }, { pid: 72, requests: 2 }]);
  const { io_uring_requests: _, ...unknown } = made();
  assert.deepEqual([of(made(3), unknown), of(unknown, made(3))], [[{ pid: 70, requests: 3 }], undefined]);
});

Deno.test("Of a part of a run it is known that nothing was lost and no request to io_uring made, or nothing", () => {
  const counts = { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 };
  const none = headerOfPart({ ...HEADER, loss: lossOf(counts), io_uring_requests: [] }, 5);
  assert.deepEqual([none.wall_ns, none.loss, none.io_uring_requests], [5, lossOf(counts), []]);
  const some = headerOfPart({
    ...HEADER,
    loss: lossOf({ ...counts, skipped: 1 }),
    io_uring_requests: [{ pid: 7, requests: 1 }],
  }, 5);
  assert.deepEqual(some.loss, UNKNOWN_LOSS);
  assert.ok(!("io_uring_requests" in some));
});

Deno.test("A report as one line is the same document", () => {
  const line = reportLine(exampleReport());
  assert.ok(!line.includes("\n"));
  assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(exampleReport())));
});
