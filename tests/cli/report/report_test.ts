import assert from "node:assert/strict";
import { SORT_KEYS } from "../../../cli/report/choices.ts";
import { buildReport } from "../../../cli/report/report.ts";
import { schemaText } from "../../../cli/schema/mod.ts";
import { UNKNOWN_START_NS } from "../../../runtime/event_batch.ts";
import type { Report } from "../../../runtime/report.ts";
import { compileSchema } from "../../json_schema.ts";
import { assertGolden } from "../../golden.ts";
import { exampleReport, exampleSnapshot, HEADER, RUNNING } from "./fixture.ts";
import { writeJson } from "./write_json.ts";

const schemaErrors = compileSchema(JSON.parse(await schemaText("report")));

const UNCUT = { top: null, sort: "time" } as const;

Deno.test("The document as JSON", () => {
  assertGolden("report/report.json", writeJson(exampleReport()));
});

Deno.test("The document as JSON, cut", () => {
  assertGolden(
    "report/report_top2.json",
    writeJson(
      buildReport(HEADER, exampleSnapshot(), { top: 2, sort: "calls", depth: 2 }, { running: RUNNING }),
    ),
  );
});

Deno.test("A call that entered after the clock was read has the age 0", () => {
  const running = [{ ...RUNNING[0], ageNs: -5 }];
  const report = buildReport(HEADER, exampleSnapshot(), UNCUT, { running });
  assert.deepEqual(report.running.map(({ age_ns }) => age_ns), [0]);
});

Deno.test("Every number of the document is that of the snapshot", () => {
  const snapshot = exampleSnapshot();
  const report = buildReport(HEADER, snapshot, UNCUT);
  assert.equal(report.syscalls.length, snapshot.syscalls.length);
  for (const [i, row] of report.syscalls.entries()) {
    const stats = snapshot.syscalls[i];
    assert.deepEqual(
      [row.syscall, row.calls, row.errors, row.read_bytes, row.write_bytes, row.total_ns],
      [stats.syscall, stats.calls, stats.errors, stats.readBytes, stats.writeBytes, stats.totalNs],
    );
    assert.deepEqual([row.p50_ns, row.p90_ns, row.p99_ns], [stats.p50Ns, stats.p90Ns, stats.p99Ns]);
    assert.equal(row.latency.buckets.reduce((sum, [, , count]) => sum + count, 0), stats.latency.count);
  }
  assert.deepEqual(report.cut, {});
  assert.deepEqual(report.folded, {});
});

Deno.test("Without calls that returned, latencies are null", () => {
  const execve = exampleReport().syscalls.find((row) => row.syscall === "execve")!;
  const { mean_ns, p50_ns, p90_ns, p99_ns, max_ns } = execve;
  assert.deepEqual([mean_ns, p50_ns, p90_ns, p99_ns, max_ns], [null, null, null, null, null]);
});

Deno.test("A process has the time of its start, also before the trace", () => {
  const [first] = buildReport(HEADER, exampleSnapshot(), { top: null, sort: "name" }).processes.filter((
    row,
  ) => row.pid === 4100);
  assert.equal(first.started, "2026-02-03T10:11:11.999995500Z");
});

Deno.test("A process whose start is not known has none", () => {
  const snapshot = exampleSnapshot();
  const startedNs = UNKNOWN_START_NS + 5e9; // of a second recording
  const processes = snapshot.processes.map((row) => ({ ...row, startedNs }));
  const report = buildReport(HEADER, { ...snapshot, processes }, UNCUT);
  assert.deepEqual(report.processes.map(({ started }) => started), processes.map(() => null));
  assert.deepEqual(schemaErrors(JSON.parse(writeJson(report))), []);
});

Deno.test("Integers beyond 2^53 are written in full, and the document is JSON", () => {
  const snapshot = { ...exampleSnapshot(), totalNs: 2n ** 63n + 1n };
  const text = writeJson(buildReport(HEADER, snapshot, UNCUT));
  assert.match(text, /"total_ns": 9223372036854775809,/);
  assert.deepEqual(Object.keys(JSON.parse(text)), Object.keys(exampleReport()));
});

Deno.test("The document read back is the document", () => {
  const report = exampleReport();
  assert.deepEqual(JSON.parse(writeJson(report)), JSON.parse(JSON.stringify(report)));
});

Deno.test("What is cut and what is kept add up to everything", () => {
  const all = exampleReport();
  for (const sort of SORT_KEYS) {
    const cut = buildReport(HEADER, exampleSnapshot(), { top: 3, sort });
    for (const key of ["syscalls", "files", "processes", "errors_by"] as const) {
      assert.equal(cut[key].length, 3);
      assert.equal(cut[key].length + cut.cut[key].rows, all[key].length);
      assert.equal(callsOf(cut[key]) + cut.cut[key].calls, callsOf(all[key]));
    }
    const time = cut.files.reduce((sum, row) => sum + Number(row.total_ns), Number(cut.cut.files.total_ns!));
    assert.equal(time, all.files.reduce((sum, row) => sum + Number(row.total_ns), 0));
    assert.ok(!("total_ns" in cut.cut.errors_by), "Errors have no time");
    assert.ok(!("families" in cut.cut), "A table that is not cut is not named");
  }
});

/** Value of each sort key, in the words of the document. */
const SORTED_BY: Record<Exclude<typeof SORT_KEYS[number], "name">, (row: Report["files"][number]) => number> =
  {
    time: (row) => Number(row.total_ns),
    calls: (row) => row.calls,
    errors: (row) => row.errors,
    bytes: (row) => Number(row.read_bytes) + Number(row.write_bytes),
    read: (row) => Number(row.read_bytes),
    written: (row) => Number(row.write_bytes),
    mean: (row) => row.mean_ns ?? -1,
    p50: (row) => row.p50_ns ?? -1,
    p90: (row) => row.p90_ns ?? -1,
    p99: (row) => row.p99_ns ?? -1,
    max: (row) => row.max_ns ?? -1,
    iowait: (row) => Number(row.iowait_ns ?? row.calls),
    blocked: (row) => Number(row.blocked_ns ?? row.calls),
    runqueue: (row) => Number(row.runqueue_ns ?? row.calls),
    fetched: (row) => Number(row.fetched_bytes ?? row.calls),
  };

for (const [sort, value] of Object.entries(SORTED_BY)) {
  Deno.test(`Sorted by ${sort}, the largest comes first`, () => {
    const report = buildReport(HEADER, exampleSnapshot(), {
      top: null,
      sort: sort as keyof typeof SORTED_BY,
    });
    for (const table of [report.files, report.syscalls, report.processes]) {
      const values = (table as Report["files"]).map(value);
      assert.deepEqual(values, values.toSorted((a, b) => b - a));
    }
  });
}

Deno.test("Sorted by name, tables go from A to Z", () => {
  const report = buildReport(HEADER, exampleSnapshot(), { top: null, sort: "name" });
  assert.deepEqual(report.files.map((row) => row.path), report.files.map((row) => row.path).sort());
  assert.deepEqual(
    report.syscalls.map((row) => row.syscall),
    report.syscalls.map((row) => row.syscall).sort(),
  );
});

Deno.test("Errors have no time, so they are sorted by calls", () => {
  const calls = exampleReport().errors_by.map((row) => row.calls);
  assert.deepEqual(calls, calls.toSorted((a, b) => b - a));
});

function callsOf(rows: readonly { calls: number }[]): number {
  return rows.reduce((sum, { calls }) => sum + calls, 0);
}
