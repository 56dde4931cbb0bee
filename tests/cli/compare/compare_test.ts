import assert from "node:assert/strict";
import {
  COMPARED_MEASURES,
  COMPARED_TABLES,
  compareReports,
  comparisonJson,
  cutComparison,
} from "../../../cli/compare/mod.ts";
import { buildReport } from "../../../cli/report/report.ts";
import { UNKNOWN_NAME } from "../../../runtime/event_batch.ts";
import { lossOf, UNKNOWN_LOSS, withUnnamed } from "../../../runtime/loss.ts";
import type { Report } from "../../../runtime/report.ts";
import { timeAfter } from "../../../runtime/rfc3339.ts";
import { OTHER_NAME } from "../../../runtime/stats.ts";
import { assertGolden } from "../../golden.ts";
import { compileSchema } from "../../json_schema.ts";
import { measures, reportOf } from "../advice/advice_report.ts";
import { emptyReport, exampleReport, exampleSnapshot, HEADER } from "../report/fixture.ts";
import { afterRun, beforeRun, reportOfRun } from "./runs.ts";

const checkDiff = compileSchema(
  JSON.parse(Deno.readTextFileSync(new URL("../../../schema/ior.diff.1.json", import.meta.url))),
);

function rowOf<Row>(rows: readonly Row[], name: keyof Row, value: unknown): Row {
  const row = rows.find((row) => row[name] === value);
  assert.ok(row, `There is no row ${value}`);
  return row;
}

Deno.test("The comparison as JSON is the published document, and valid", () => {
  const json = comparisonJson(compareReports(beforeRun(), afterRun()));
  assertGolden("compare/diff.json", json);
  assert.deepEqual(checkDiff(JSON.parse(json)), []);
});

Deno.test("A comparison is valid in every state: empty, cut, with losses, without a command, beyond 2^53", () => {
  const cut = buildReport(HEADER, exampleSnapshot(), { top: 1, sort: "time" });
  const pairs: [Report, Report][] = [
    [emptyReport(), emptyReport()],
    [emptyReport(), exampleReport()],
    [exampleReport(), cut],
    [exampleReport(), exampleReport({ covers: { from: HEADER.started, to: HEADER.started } })],
    [exampleReport({ loss: UNKNOWN_LOSS }), exampleReport({ command: null, command_status: null })],
    [{ ...beforeRun(), total_ns: 2n ** 63n }, { ...afterRun(), read_bytes: 2n ** 60n }],
  ];
  for (const [before, after] of pairs) {
    const comparison = cutComparison(compareReports(before, after), 2);
    assert.deepEqual(checkDiff(JSON.parse(comparisonJson(comparison))), []);
  }
});

Deno.test("A document without one of its members, or with another value in it, is not valid", () => {
  const whole = JSON.parse(comparisonJson(compareReports(beforeRun(), afterRun())));
  for (const name of Object.keys(whole)) {
    const { [name]: _, ...rest } = whole;
    assert.notDeepEqual(checkDiff(rest), [], name);
  }
  const broken = structuredClone(whole);
  broken.syscalls[0].p99_ns.verdict = "perhaps";
  assert.notDeepEqual(checkDiff(broken), []);
  delete whole.files[0].calls;
  assert.notDeepEqual(checkDiff(whole), []);
});

Deno.test("An interval took its own time, not that of its command", () => {
  const whole = { ...exampleReport(), wall_ns: 5e9, command_wall_ns: 4e9 };
  const part = { ...whole, wall_ns: 1e9, interval: { index: 4, start_ns: 4e9, end_ns: 5e9 } };
  const { before, after } = compareReports(part, whole);
  assert.deepEqual([before.wall_ns, before.command_wall_ns, after.command_wall_ns], [1e9, null, 4e9]);
});

Deno.test("A report compared with itself has no change, and every row on both sides", () => {
  const report = exampleReport();
  const comparison = compareReports(report, report);
  assert.deepEqual(comparison.warnings, []);
  for (
    const row of COMPARED_TABLES.flatMap((table): (typeof comparison)["syscalls"] =>
      comparison[table] as never
    )
  ) {
    assert.equal(row.state, "both");
    for (const measure of COMPARED_MEASURES) {
      assert.ok(row[measure].change === null || row[measure].change === 0);
      assert.notEqual(row[measure].verdict, "beyond_noise");
    }
  }
  assert.equal(comparison.syscalls.length, report.syscalls.length);
  assert.equal(comparison.files.length, report.files.length);
});

Deno.test("Each value is that of its report, with the change and the ratio between them", () => {
  const [before, after] = [beforeRun(), afterRun()];
  const { syscalls, files, directories, totals } = compareReports(before, after);
  const [one, other] = [before, after].map((report) => rowOf(report.syscalls, "syscall", "pread64"));
  const row = rowOf(syscalls, "syscall", "pread64");
  for (const measure of COMPARED_MEASURES) {
    const [a, b] = [Number(one[measure]), Number(other[measure])];
    const { before, after, change, ratio } = row[measure];
    assert.deepEqual([before, after, change], [a, b, b - a]);
    assert.ok(a === 0 ? ratio === null : Math.abs(ratio! - b / a) <= 1e-5 * ratio!);
  }
  assert.equal(totals.calls.before, before.calls);
  assert.equal(totals.total_ns.after, after.total_ns);
  assert.equal(
    rowOf(files, "path", "/etc/db.conf").errors.after,
    rowOf(after.files, "path", "/etc/db.conf").errors,
  );
  assert.equal(
    rowOf(directories, "path", "/var").calls.before,
    rowOf(before.directories, "path", "/var").calls,
  );
});

Deno.test("The run whose reads became slower is told from what only varied", () => {
  const { syscalls, totals } = compareReports(beforeRun(), afterRun());
  const verdict = (syscall: string, measure: typeof COMPARED_MEASURES[number]) =>
    rowOf(syscalls, "syscall", syscall)[measure].verdict;
  for (const measure of ["total_ns", "mean_ns", "p50_ns", "p90_ns", "p99_ns"] as const) {
    assert.equal(verdict("pread64", measure), "beyond_noise", measure);
    assert.equal(verdict("pwrite64", measure), "within_noise", measure);
  }
  assert.equal(verdict("openat", "errors"), "beyond_noise");
  assert.equal(verdict("fsync", "p50_ns"), "within_noise");
  assert.equal(verdict("fsync", "p99_ns"), "too_few_calls");
  assert.equal(verdict("fstat", "p50_ns"), "too_few_calls");
  assert.equal(totals.p50_ns.verdict, "beyond_noise");
});

Deno.test("The latencies of all calls are those of their histograms together", () => {
  const { totals } = compareReports(exampleReport(), emptyReport());
  assert.equal(totals.max_ns.before, Math.max(...exampleReport().syscalls.map(({ max_ns }) => max_ns ?? 0)));
  assert.ok(Number(totals.p50_ns.before) > 0);
  assert.deepEqual([totals.p50_ns.after, totals.p50_ns.change, totals.p50_ns.ratio], [null, null, null]);
});

Deno.test("A row that only one side has is new or gone, with nothing on the other side", () => {
  const { syscalls, files, processes } = compareReports(beforeRun(), afterRun());
  const gone = rowOf(syscalls, "syscall", "write");
  assert.equal(gone.state, "gone");
  assert.deepEqual([gone.calls.before, gone.calls.after, gone.calls.ratio], [1_200, 0, 0]);
  assert.deepEqual([gone.p99_ns.after, gone.p99_ns.change, gone.p99_ns.verdict], [null, null, "unknown"]);
  const added = rowOf(files, "path", "/tmp/db/sort\x1b[31m.tmp");
  assert.equal(added.state, "new");
  assert.deepEqual([added.calls.before, added.calls.after, added.calls.ratio], [0, 50, null]);
  assert.equal(added.calls.verdict, "beyond_noise");
  assert.equal(rowOf(processes, "comm", "sorter").state, "new");
});

Deno.test("Rows come by the size of their change in time, either way", () => {
  const comparison = compareReports(beforeRun(), afterRun());
  for (const table of COMPARED_TABLES) {
    const sizes = comparison[table].map(({ total_ns }) => Math.abs(Number(total_ns.change)));
    assert.deepEqual(sizes, sizes.toSorted((a, b) => b - a), table);
  }
});

Deno.test("Processes of one name are one row, whatever their numbers", () => {
  const { processes } = compareReports(beforeRun(), afterRun());
  const db = rowOf(processes, "comm", "db");
  assert.deepEqual(db.processes, { before: 2, after: 1 });
  assert.equal(
    db.calls.before,
    beforeRun().processes.filter(({ comm }) => comm === "db").reduce((sum, { calls }) => sum + calls, 0),
  );
  const command = rowOf(beforeRun().commands, "comm", "db");
  assert.deepEqual(
    [db.mean_ns.before, db.p50_ns.before, db.p90_ns.before, db.p99_ns.before, db.max_ns.before],
    [command.mean_ns, command.p50_ns, command.p90_ns, command.p99_ns, command.max_ns],
  );
  assert.equal(db.max_ns.verdict, "unknown", "without their histograms, nothing is known of the noise");
});

Deno.test("Processes of one name in a document without commands have no quantile together", () => {
  const [before, after] = [beforeRun(), afterRun()].map((report) => {
    const { commands: _, ...earlier } = report;
    return earlier as Report;
  });
  const db = rowOf(compareReports(before, after).processes, "comm", "db");
  assert.equal(db.p99_ns.before, null);
  assert.ok(Number(db.max_ns.before) > 0);
});

Deno.test("Of a report that was cut by --top a name has the calls of all its processes, or none", () => {
  const whole = beforeRun();
  const rows = (report: Report) => {
    const { processes } = compareReports(report, whole);
    return Object.fromEntries(processes.map(({ comm, state, processes, calls }) => [
      comm,
      [state, processes.before, calls.before, calls.verdict],
    ]));
  };
  const calls = (name: string) => rowOf(whole.commands, "comm", name).calls;
  const names = {
    db: ["both", 2, calls("db"), "within_noise"],
    writer: ["both", 1, calls("writer"), "within_noise"],
  };
  assert.deepEqual(rows(whole), names);
  const [db, ...others] = whole.processes.filter(({ comm }) => comm === "db");
  const cut: Report = {
    ...whole,
    processes: [db],
    cut: { processes: { rows: 1 + others.length, calls: 1 } },
  };
  assert.deepEqual(rows(cut), names);
  const unknown = (name: string) => ({ [name]: ["unknown", 0, null, "unknown"] });
  const less = { ...cut, commands: whole.commands.filter(({ comm }) => comm !== "db") };
  assert.deepEqual(rows(less), { ...names, ...unknown("db") });
  const { commands: _, ...earlier } = cut;
  assert.deepEqual(rows(earlier as Report), { ...unknown("db"), ...unknown("writer") });
});

Deno.test("With --by file and process in both reports the latencies of files and processes are judged too", () => {
  const spec = { paths: ["/a"], comms: ["x", "x"], by: [["file" as const], ["process" as const]] };
  const run = (seed: number, ns: number) =>
    reportOfRun({ seed, ...spec, kinds: [{ syscall: "read", calls: 2_000, ns, files: [0] }] });
  const { files, processes } = compareReports(run(1, 1_000), run(2, 3_000));
  assert.equal(files[0].p50_ns.verdict, "beyond_noise");
  assert.equal(processes[0].p99_ns.verdict, "beyond_noise");
  assert.ok(Number(processes[0].p50_ns.before) > 0);
  assert.equal(compareReports(run(1, 1_000), run(2, 1_000)).files[0].p50_ns.verdict, "within_noise");
});

Deno.test("The latencies of calls without a file are not those of an empty name", () => {
  const run = (seed: number, ns: number) =>
    reportOfRun({
      seed,
      paths: [""],
      by: [["file"]],
      kinds: [
        { syscall: "openat", calls: 2_000, ns: 1_000, files: [0] },
        { syscall: "getcwd", calls: 2_000, ns },
      ],
    });
  const { files } = compareReports(run(1, 1_000), run(2, 9_000));
  assert.deepEqual(files.map(({ path, p50_ns }) => [path, p50_ns.verdict]), [["", "within_noise"]]);
});

Deno.test("Latencies of a part of the calls, as after a limit on memory, judge nothing", () => {
  const run = (seed: number, ns: number) =>
    reportOfRun({
      seed,
      paths: ["/a"],
      by: [["file"]],
      kinds: [{ syscall: "read", calls: 2_000, ns, files: [0] }],
    });
  const [before, after] = [run(1, 1_000), run(2, 9_000)];
  const p50 = (report: Report) => compareReports(before, report).files[0].p50_ns.verdict;
  assert.equal(p50(after), "beyond_noise");
  const part = run(3, 9_000).groups[0].rows.map((row) => ({ ...row, calls: row.calls - 1 }));
  assert.equal(p50({ ...after, groups: [{ ...after.groups[0], rows: part, folded: 1 }] }), "unknown");
});

Deno.test("Files whose names are not UTF-8 are told apart by their bytes", () => {
  const file = (path_raw: string | undefined, calls: number) => (
    { path: "/\ufffd", ...(path_raw === undefined ? {} : { path_raw }), ...measures({ calls }) }
  );
  const of = (...files: Report["files"]) => reportOf({ syscalls: {}, more: { files } });
  const { files } = compareReports(
    of(file("L/8=", 10), file(undefined, 30)),
    of(file("L/4=", 20), file("L/8=", 11)),
  );
  const told = files.map(({ path_raw, calls }) => [path_raw, calls.before, calls.after]);
  assert.deepEqual(told, [[undefined, 30, 0], ["L/4=", 0, 20], ["L/8=", 10, 11]]);
});

Deno.test("What was folded is no row, and a row that the folded side lacks is neither new nor gone", () => {
  const other = { path: OTHER_NAME, ...measures({ calls: 500, ms: 50 }) };
  const before = reportOf({ syscalls: {}, files: { "/a": { calls: 20 } } });
  const folded: Report = { ...before, files: [...before.files, other], folded: { files: 7 } };
  const after = reportOf({ syscalls: {}, files: { "/b": { calls: 30 } } });
  const { files, warnings } = compareReports(folded, after);
  assert.deepEqual(files.map(({ path, state }) => [path, state]), [["/a", "gone"], ["/b", "unknown"]]);
  const unknown = rowOf(files, "path", "/b").calls;
  assert.deepEqual([unknown.before, unknown.after, unknown.change, unknown.verdict], [
    null,
    30,
    null,
    "unknown",
  ]);
  assert.match(warnings.join("\n"), /^The files of before are incomplete/);
});

Deno.test("Calls on [unknown] are no row, and a row that the side lacks is neither new nor gone", () => {
  const before = reportOf({
    syscalls: {},
    files: { "/a": { calls: 20 }, [UNKNOWN_NAME]: { calls: 9 } },
    more: { loss: withUnnamed(lossOf(HEADER.loss.by!), 9) },
  });
  const after = reportOf({ syscalls: {}, files: { "/b": { calls: 30 } } });
  const { files, warnings } = compareReports(before, after);
  assert.deepEqual(files.map(({ path, state }) => [path, state]), [["/a", "gone"], ["/b", "unknown"]]);
  assert.match(warnings[0], /^9 calls of before are on \[unknown\]: .* may be too low$/);
});

Deno.test("A report that was cut says so, and its missing rows are not gone", () => {
  const cut = buildReport(HEADER, exampleSnapshot(), { top: 2, sort: "time" });
  const { syscalls, warnings, totals } = compareReports(exampleReport(), cut);
  assert.ok(syscalls.slice().every(({ state }) => state === "both" || state === "unknown"));
  assert.match(warnings.join("\n"), /The syscalls, files, directories and processes of after are incomplete/);
  assert.equal(totals.calls.change, 0);
  assert.equal(totals.p50_ns.after, null, "the latencies of all calls are not known");
});

Deno.test("What speaks against the comparison is said: loss, sampling, selections, machines, lengths", () => {
  const run = beforeRun();
  const warnings = (before: Partial<Report>, after: Partial<Report>) =>
    compareReports({ ...run, ...before }, { ...run, ...after }).warnings;
  assert.deepEqual(warnings({}, {}), []);
  const loss = { state: "some" as const, calls: 1_234, by: { ...HEADER.loss.by!, ring_full: 1_234 } };
  assert.deepEqual(warnings({ loss }, { loss: UNKNOWN_LOSS }), [
    "1,234 calls of before were lost: its numbers may be too low",
    "It is unknown how many calls of after were lost: its numbers may be too low",
  ]);
  const sampling = (counted: boolean, calls = 1_802) => (
    { sampling: { rates: { read: 10 }, calls, by: { read: calls }, counted } }
  );
  assert.deepEqual(warnings(sampling(false), sampling(true)), [
    "1,802 calls of before were sampled away: its numbers are too low",
  ]);
  assert.deepEqual(warnings(sampling(false, 0), {}), []);
  const covers = (seconds: number) => {
    const [from, to] = [seconds * 1e9, 60e9].map((ns) => timeAfter(run.started, ns));
    return { wall_ns: 60e9, covers: { from, to } };
  };
  assert.deepEqual(warnings({ wall_ns: 60e9 }, covers(55)), [
    "They cover different parts of their runs: after lacks its first 55.0s",
  ]);
  assert.deepEqual(warnings(covers(20), covers(55)), [
    "They cover different parts of their runs: before lacks its first 20.0s and after lacks its first 55.0s",
  ]);
  assert.deepEqual(warnings(covers(54), covers(55)), []);
  assert.match(
    warnings({ ...covers(20), command: null }, { ...covers(55), command: null })[1],
    /^The lengths differ, 40.0s and 5.00s/,
  );
  assert.match(warnings({}, { selection: { families: ["FS", "Network"] } })[0], /^The selections differ/);
  assert.deepEqual(warnings({ selection: { a: [1], b: 2n } }, { selection: { b: 2n, a: [1] } }), []);
  assert.match(warnings({}, { host: "build-8" })[0], /^The machines differ: build-7 \(x86_64\) and build-8/);
  assert.deepEqual(warnings({ wall_ns: 1e9 }, { wall_ns: 9e9 }), [], "a command takes as long as it takes");
  assert.deepEqual(warnings({ wall_ns: 10e9, command: null }, { wall_ns: 30e9, command: null }), [
    "The lengths differ, 10.0s and 30.0s: sums are compared as they are, not per second",
  ]);
  assert.deepEqual(warnings({ wall_ns: 10e9, command: null }, { wall_ns: 10.5e9, command: null }), []);
  const gaps = { wall_ns: 30e9, traced_ns: 10e9, command: null };
  assert.deepEqual(warnings({ wall_ns: 10e9, command: null }, gaps), [], "only what was traced counts");
});

Deno.test("A cut comparison has the first rows of each table, and says what it hides", () => {
  const whole = compareReports(beforeRun(), afterRun());
  const cut = cutComparison(whole, 2);
  for (const table of COMPARED_TABLES) {
    assert.deepEqual(cut[table], whole[table].slice(0, 2));
    assert.equal(cut.cut[table]!.rows, whole[table].length - 2);
  }
  assert.equal(cut.cut.syscalls!.beyond_noise, 3);
  assert.equal(cutComparison(whole, null), whole);
  assert.deepEqual(cutComparison(whole, 100).cut, {});
});

Deno.test("Sums beyond 2^53 are compared exactly", () => {
  const run = beforeRun();
  const of = (total_ns: bigint) => ({ ...run, syscalls: [{ ...run.syscalls[0], total_ns }] });
  const { syscalls } = compareReports(of(2n ** 60n), of(2n ** 60n + 1n));
  assert.equal(syscalls[0].total_ns.change, 1);
  assert.match(comparisonJson(compareReports(of(1n), of(2n ** 60n + 1n))), /"after":1152921504606846977,/);
});
