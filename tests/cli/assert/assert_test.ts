import assert from "node:assert/strict";
import {
  type Assertion,
  checkAssertions,
  checkTraced,
  failedAssertionLines,
  type GroupTable,
  MEASURES,
  parseAssertion,
  tableNeeded,
} from "../../../cli/assert/mod.ts";
import { buildReport } from "../../../cli/report/report.ts";
import { IorError } from "../../../runtime/errors.ts";
import { UNKNOWN_NAME } from "../../../runtime/event_batch.ts";
import type { Report } from "../../../runtime/report.ts";
import { filesAsGroups, measures, reportOf, type RowSpec } from "../advice/advice_report.ts";
import { emptyReport, exampleReport, exampleSnapshot, HEADER } from "../report/fixture.ts";

function check(report: Report, text: string) {
  return checkAssertions(report, [parseAssertion(text)])[0];
}

const FILES: Record<string, RowSpec> = {
  "/data/a.db": { calls: 200, read: 8_000, ms: 90, max: 3_000_000 },
  "/data/B.DB": { calls: 50, read: 288, ms: 10 },
  "/data/a.db-wal": { calls: 30, written: 70, ms: 5 },
  "/etc/odd * name": { calls: 1 },
};

/** A report whose numbers are easy to follow. */
function small(): Report {
  return reportOf({
    syscalls: {
      read: { calls: 100, errors: 4, read: 4_096, ms: 100 },
      pread64: { calls: 300, read: 8_192, ms: 30, max: 2_000_000 },
      openat: { calls: 10, errors: 6, ms: 1 },
      recvfrom: { calls: 5, read: 50, ms: 500 },
    },
    errors: { "EAGAIN read": 4, "ENOENT openat": 5, "EACCES openat": 1 },
    more: {
      groups: [filesAsGroups(FILES)],
      processes: [
        { pid: 7, comm: "nginx", started: HEADER.started, ...measures({ calls: 60, ms: 7 }) },
        { pid: 9, comm: "nginx", started: HEADER.started, ...measures({ calls: 5, ms: 2 }) },
        { pid: 11, comm: "sh", started: HEADER.started, ...measures({ calls: 1 }) },
      ],
    },
  });
}

Deno.test("An assertion is its measure, its conditions, a comparison and a bound in the measure's unit", () => {
  const parts = (text: string): Omit<Assertion, "text"> => {
    const { text: kept, ...rest } = parseAssertion(text);
    assert.equal(kept, text);
    return rest;
  };
  assert.deepEqual(parts("p99(read) < 5ms"), {
    measure: "p99",
    conditions: [{ field: "syscall", operator: "=", value: "read" }],
    comparison: "<",
    bound: 5_000_000,
  });
  assert.deepEqual(parts('calls(fsync, path ~ "*.db")=0').conditions, [
    { field: "syscall", operator: "=", value: "fsync" },
    { field: "path", operator: "~", value: "*.db" },
  ]);
  assert.deepEqual(parts("errors(ENOENT) <= 100").conditions, [{
    field: "errno",
    operator: "=",
    value: "ENOENT",
  }]);
  assert.deepEqual(parts("bytes(network) >= 64k"), {
    measure: "bytes",
    conditions: [{ field: "family", operator: "=", value: "Network" }],
    comparison: ">=",
    bound: 65_536,
  });
  assert.deepEqual(parts("total(process = nginx, pid != 12, comm ~ 'a b') == 1.5s"), {
    measure: "total",
    conditions: [
      { field: "process", operator: "=", value: "nginx" },
      { field: "pid", operator: "!=", value: "12" },
      { field: "process", operator: "~", value: "a b" },
    ],
    comparison: "=",
    bound: 1_500_000_000,
  });
  assert.deepEqual(parts("calls()!=3"), { measure: "calls", conditions: [], comparison: "!=", bound: 3 });
  assert.deepEqual(parts("  max>1us "), { measure: "max", conditions: [], comparison: ">", bound: 1_000 });
  assert.deepEqual(
    parts(String.raw`calls(path = "a \"b\" \\c") = 1`).conditions[0].value,
    String.raw`a "b" \c`,
  );
});

Deno.test("Names are understood in their other spellings, and a call comes before a family of the same name", () => {
  const value = (text: string) => parseAssertion(`calls(${text}) = 0`).conditions[0];
  assert.deepEqual(value("newfstat"), { field: "syscall", operator: "=", value: "fstat" });
  assert.deepEqual(value("EWOULDBLOCK"), { field: "errno", operator: "=", value: "EAGAIN" });
  assert.deepEqual(value("enoent"), { field: "errno", operator: "=", value: "ENOENT" });
  assert.equal(value("time").field, "syscall");
  assert.equal(value("Time").field, "family");
  assert.equal(value("family = fs").value, "FS");
});

Deno.test("An error points at the column of what is wrong", () => {
  const column = (text: string) => {
    try {
      parseAssertion(text);
    } catch (error) {
      assert.ok(error instanceof IorError && error.code === "usage");
      return Number(/at column (\d+),/.exec(error.message)?.[1]);
    }
    assert.fail(`Not refused: ${text}`);
  };
  const cases: [text: string, at: string][] = [
    ["p98(read) < 5ms", "p98"],
    ["p99(read, opne) < 5ms", "opne"],
    ["calls(read, path ~ ) = 0", ") ="],
    ["calls(read, paht = '/a') = 0", "paht"],
    ['calls(path = "x) = 0', '"x'],
    ["calls(read) 5", "5"],
    ["  calls(read) < 5 6", "6"],
    ["p99(read) < 5", "5"],
    ["calls(read) ; 5", ";"],
    ["calls(read) < 5ms", "5ms"],
  ];
  for (const [text, at] of cases) assert.equal(column(text), text.indexOf(at) + 1, text);
  assert.equal(column("calls(read)"), "calls(read)".length + 1, "the end");
});

Deno.test("Sums are those of the rows that match", () => {
  const cases: [string, number | null, boolean][] = [
    ["calls < 416", 415, true],
    ["calls(read) = 100", 100, true],
    ["calls(read, pread64) = 400", 400, true],
    ["calls(FS) = 410", 410, true],
    ["calls(FS, syscall != openat) = 400", 400, true],
    ["calls(syscall ~ read) = 400", 400, true],
    ["calls(syscall != read) = 315", 315, true],
    ["errors = 10", 10, true],
    ["errors(read) = 4", 4, true],
    ["errors(ENOENT) < 5", 5, false],
    ["errors(ENOENT, openat) <= 5", 5, true],
    ["calls(EACCES, ENOENT) = 6", 6, true],
    ["errors(errno != ENOENT, FS) = 5", 5, true],
    ["errors(ENOENT, Network) = 0", 0, true],
    ["read_bytes(pread64) > 8k", 8_192, false],
    ["bytes(path ~ '^/data/') = 8358", 8_358, true],
    ["write_bytes(path ~ wal) = 70", 70, true],
    ["total(process = nginx) < 9ms", 9_000_000, false],
    ["total(pid = 9) < 9ms", 2_000_000, true],
    ["calls(process = nginx, pid != 9) = 60", 60, true],
    ["calls(process = postgres) = 0", 0, true],
    ["calls(path != /data/a.db) = 81", 81, true],
    ["max(path ~ .db) <= 3ms", 3_000_000, true],
    ["max = 100ms", 100_000_000, true],
    ["calls(fsync) != 0", 0, false],
  ];
  for (const [text, found, holds] of cases) {
    assert.deepEqual(check(small(), text), {
      text,
      measure: text.match(/^\w+/)![0],
      found,
      holds,
      doubt: null,
    });
  }
});

Deno.test("A pattern of an assertion is one of the filter: a glob for the whole name, or text, in any case", () => {
  const calls = (pattern: string) => check(small(), `calls(path ~ "${pattern}") = 0`).found;
  assert.equal(calls("*.db"), 250);
  assert.equal(calls("*/A.*"), 230);
  assert.equal(calls(".db$"), 250);
  assert.equal(calls(".db"), 280);
  assert.equal(calls("/data/?.db"), 250);
  assert.equal(calls("*odd * name"), 1);
  assert.equal(calls("^/data/*"), 280, "what lies directly in /data");
  assert.equal(calls("^/*"), 0);
});

Deno.test("Latencies of one call are the report's own, of several those of their histograms together", () => {
  const report = exampleReport();
  const row = report.syscalls.find(({ syscall }) => syscall === "read")!;
  for (const measure of ["mean", "p50", "p90", "p99"] as const) {
    assert.equal(check(report, `${measure}(read) > 0ns`).found, row[`${measure}_ns`]);
  }
  const { pid, p90_ns } = report.processes.find((process, _i, all) =>
    all.filter(({ pid }) => pid === process.pid).length === 1
  )!;
  assert.equal(check(report, `p90(pid = ${pid}) > 0ns`).found, p90_ns);
  const together = new Map<number, number>();
  for (const { latency } of report.syscalls) {
    for (const [low, , calls] of latency.buckets) together.set(low, (together.get(low) ?? 0) + calls);
  }
  const values = [...together].flatMap(([low, calls]) => Array<number>(calls).fill(low)).sort((a, b) =>
    a - b
  );
  for (const [measure, q] of [["p50", 0.5], ["p90", 0.9], ["p99", 0.99]] as const) {
    const exact = values[Math.ceil(q * values.length) - 1];
    const found = Number(check(report, `${measure} > 0ns`).found);
    assert.ok(Math.abs(found - exact) <= exact / 32, `${measure}: ${found}, ${exact}`);
  }
  // `execve` has not returned: it counts as a call and has no latency.
  assert.equal(check(report, "mean > 0ns").found, Math.round(Number(report.total_ns) / (report.calls - 1)));
});

Deno.test("The largest of all is exact, also as a quantile", () => {
  const report = reportOf({ syscalls: { read: { calls: 1, ms: 3 }, write: { calls: 1, ms: 7 } } });
  assert.equal(check(report, "p99 < 8ms").found, 7_000_000);
  assert.equal(check(report, "p50 < 8ms").found, 3_000_000);
});

Deno.test("Without any call nothing took longer than a bound, and nothing else holds of its time", () => {
  for (const measure of ["mean", "p50", "p90", "p99", "max"]) {
    for (
      const [sign, holds] of [["<", true], ["<=", true], [">", false], [">=", false], ["=", false], [
        "!=",
        false,
      ]]
    ) {
      for (const report of [emptyReport(), small()]) {
        const result = check(report, `${measure}(fsync) ${sign} 5ms`);
        assert.deepEqual([result.found, result.holds], [null, holds], `${measure} ${sign}`);
      }
    }
  }
  assert.equal(check(emptyReport(), "total = 0ns").holds, true);
});

Deno.test("What was folded together may be anyone's: an assertion holds only if it does in either case", () => {
  const report = small();
  const folded: Report = {
    ...report,
    groups: [filesAsGroups(FILES, { calls: 20, ms: 40, max: 9_000_000 })],
  };
  const holds = (text: string) => {
    const { doubt, found, holds } = check(folded, text);
    assert.equal(found, null);
    assert.match(doubt!, /\(other\)/);
    return holds;
  };
  assert.equal(holds("calls(path = /data/a.db) < 221"), true);
  assert.equal(holds("calls(path = /data/a.db) < 220"), false);
  assert.equal(holds("calls(path = /data/a.db) >= 200"), true);
  assert.equal(holds("calls(path = /data/a.db) = 200"), false);
  assert.equal(holds("calls(path = /data/a.db) != 210"), false);
  assert.equal(holds("calls(path = /data/a.db) != 221"), true);
  assert.equal(holds("max(path = /none) < 10ms"), true);
  assert.equal(holds("max(path = /none) < 9ms"), false);
  assert.equal(holds("max(path = /none) > 1ms"), false);
  assert.equal(holds("p99(path = /data/a.db) < 10s"), false);
  assert.equal(check(folded, "calls(read) = 100").doubt, null, "calls are never folded");
});

Deno.test("Calls on [unknown] may be those that an assertion is about", () => {
  const report = small();
  const unnamed: Report = {
    ...report,
    processes: [
      ...report.processes,
      { pid: 0, comm: UNKNOWN_NAME, started: null, ...measures({ calls: 3 }) },
    ],
    groups: [
      filesAsGroups({ ...FILES, [UNKNOWN_NAME]: { calls: 20, ms: 40, max: 9_000_000 } }),
      {
        by: ["file", "old_file", "syscall"],
        rows: [["/a", "read"], [UNKNOWN_NAME, "read"], [UNKNOWN_NAME, "write"]].map(([path, syscall]) => (
          { path, syscall, ...measures({ calls: 5 }) }
        )),
        other: null,
        folded: 0,
      } as unknown as Report["groups"][number],
    ],
  };
  const holds = (text: string) => {
    const { doubt, holds } = check(unnamed, text);
    assert.match(doubt!, /\[unknown\]/);
    return holds;
  };
  assert.equal(holds("calls(path = /data/a.db) < 221"), true);
  assert.equal(holds("calls(path = /data/a.db) < 220"), false);
  assert.equal(holds("calls(path = /none) = 0"), false);
  assert.equal(holds("p99(path = /data/a.db) < 10s"), false);
  assert.equal(holds("calls(process = nginx) <= 68"), true);
  assert.equal(holds("calls(pid = 7) <= 62"), false);
  assert.equal(holds("calls(path = /a, read) <= 10"), true);
  assert.equal(holds("calls(path = /a, read) < 10"), false);
  assert.equal(check(unnamed, "calls(read) = 100").doubt, null, "calls of a system call are known");
});

Deno.test("Rows that share a name have no latency together", () => {
  const report = small();
  report.processes[1].pid = 7;
  const result = check(report, "p99(pid = 7) < 10s");
  assert.deepEqual([result.holds, result.found], [false, null]);
  assert.match(result.doubt!, /^2 rows match/);
});

/** A report with one table of groups. */
function grouped(table: GroupTable): Report {
  return Object.assign(small(), { groups: [table] });
}

Deno.test("Conditions on several things are answered from the table that has them all, in any order of its keys", () => {
  const rows = [
    { path: "/a.db", syscall: "fsync", ...measures({ calls: 3, ms: 9, max: 5_000_000 }) },
    { path: "/a.db", syscall: "read", ...measures({ calls: 40, errors: 2, ms: 4 }) },
    { path: "/b", syscall: "fsync", ...measures({ calls: 7, ms: 1 }) },
    { path: null, syscall: "fsync", ...measures({ calls: 100 }) },
  ];
  for (const by of [["file", "old_file", "syscall"], ["syscall", "file", "old_file"]]) {
    const report = grouped({ by, rows, other: null });
    assert.equal(check(report, 'calls(fsync, path ~ "*.db") = 0').found, 3);
    assert.equal(check(report, 'calls(fsync, path ~ "*") = 10').holds, true, "no path matches no pattern");
    assert.equal(check(report, "errors(FS, path = /a.db) < 3").found, 2);
    assert.equal(check(report, "max(fsync, path = /a.db) < 5ms").holds, false);
    assert.equal(check(report, "p99(fsync, path = /a.db) <= 3ms").holds, true);
  }
  assert.equal(
    check(
      grouped({ by: ["errno"], rows: [{ errno: "EIO", ...measures({ calls: 2, ms: 30 }) }] }),
      "total(EIO) < 1s",
    ).found,
    30_000_000,
  );
});

Deno.test("A path is either of two, but bytes belong to the one that they were read from or written to", () => {
  const rows = [
    { path: "/new", old_path: "/old", ...measures({ calls: 2, errors: 1, ms: 4, max: 3_000_000 }) },
    { path: "/new", old_path: null, ...measures({ calls: 10, read: 30, written: 5, ms: 1 }) },
    { path: "/copy", old_path: "/old", ...measures({ calls: 1, written: 700, ms: 1 }) },
    { path: "/old", old_path: "/old", ...measures({ calls: 0, read: 700 }) },
    { path: "pipe:[7]", old_path: null, ...measures({ calls: 7 }) },
    { path: null, old_path: null, ...measures({ calls: 100 }) },
  ];
  const report = grouped({ by: ["file", "old_file"], rows });
  const found = (text: string) => check(report, `${text} = 0`).found;
  assert.equal(found("calls(path = /old)"), 3);
  assert.equal(found("calls(path = /new)"), 12);
  assert.equal(found("calls(path = /old, path = /new)"), 13, "each call once");
  assert.equal(found("calls(path != /old)"), 17, "neither of the two");
  assert.equal(found("errors(path = /old)"), 1);
  assert.equal(check(report, "max(path = /old) < 3ms").found, 3_000_000);
  assert.equal(found("calls(path ~ ^pipe:)"), 7);
  assert.deepEqual([found("read_bytes(path = /old)"), found("write_bytes(path = /old)")], [700, 0]);
  assert.deepEqual([found("read_bytes(path = /copy)"), found("write_bytes(path = /copy)")], [0, 700]);
  rows[0].old_path = UNKNOWN_NAME;
  assert.equal(check(report, "calls(path = /none) = 0").holds, false, "the other file may be it");
  assert.equal(check(report, "bytes(path = /none) = 0").holds, true);
});

Deno.test("What a table of groups has folded counts for both cases, and a missing table is named", () => {
  const rows = [{ path: "/a", syscall: "read", ...measures({ calls: 5 }) }];
  const report = grouped({ by: ["file", "old_file", "syscall"], rows, other: measures({ calls: 10 }) });
  assert.equal(check(report, "calls(read, path = /a) < 16").holds, true);
  assert.equal(check(report, "calls(read, path = /a) < 15").holds, false);
  assert.throws(() => check(report, "calls(read, process = sh) = 0"), {
    code: "usage",
    hint: "Add --by process,syscall",
  });
});

Deno.test("Sums beyond 2^53 are compared exactly", () => {
  const report = small();
  report.processes[0].total_ns = 2n ** 60n;
  report.processes[1].total_ns = 1;
  const result = check(report, "total(process = nginx) > 1s");
  assert.equal(result.found, 2n ** 60n + 1n);
  assert.equal(result.holds, true);
});

Deno.test("A report that is cut is refused", () => {
  const cut = buildReport(HEADER, exampleSnapshot(), { top: 1, sort: "time" });
  assert.throws(() => check(cut, "calls(read) = 1"), {
    name: "RangeError",
    message: /the table syscalls is cut/,
  });
});

Deno.test("An assertion says which table of --by it is answered from", () => {
  const table = (text: string) => tableNeeded(parseAssertion(text));
  assert.equal(table("calls = 0"), null);
  assert.equal(table("p99(FS) < 1s"), null);
  assert.deepEqual(table("total(path ~ x) < 1s"), ["file", "old_file"]);
  assert.equal(table("errors(ENOENT, openat) = 0"), null);
  assert.deepEqual(table("calls(fsync, path ~ x) = 0"), ["file", "old_file", "syscall"]);
  assert.deepEqual(table("total(ENOENT) < 1s"), ["errno"]);
  assert.deepEqual(table("p99(EAGAIN, read, pid = 1) < 1s"), ["process", "syscall", "errno"]);
});

Deno.test("Calls that are not traced are refused", () => {
  const traced = (text: string) => () => checkTraced(parseAssertion(text), ["read", "openat"]);
  assert.doesNotThrow(traced("calls = 0"));
  assert.doesNotThrow(traced("calls(read, write) = 0"));
  assert.doesNotThrow(traced("calls(FS) = 0"));
  assert.doesNotThrow(traced("calls(path = /a) = 0"));
  assert.throws(traced("calls(write) = 0"), { code: "usage" });
  assert.throws(traced("calls(Network) = 0"), { code: "usage" });
  assert.throws(traced("calls(syscall ~ fsync) = 0"), { code: "usage" });
});

Deno.test("A line says what was found in place of what should hold, and none when all holds", () => {
  const lines = (...texts: string[]) =>
    failedAssertionLines(checkAssertions(small(), texts.map(parseAssertion)), true);
  assert.deepEqual(lines("calls > 0", "p99(read) < 5ms"), []);
  assert.deepEqual(
    lines(
      "calls(read) = 0",
      "p50(read) > 2ms",
      "bytes > 1M",
      "max(fsync) > 1ms",
      "total(process = '\x1b') > 1s",
    ),
    [
      "Assertion does not hold: calls(read) = 0: found 100",
      "Assertion does not hold: p50(read) > 2ms: found 1.00ms",
      "Assertion does not hold: bytes > 1M: found 12.0KiB (12,338 bytes)",
      "Assertion does not hold: max(fsync) > 1ms: found no call that returned",
      "Assertion does not hold: total(process = '\\x1b') > 1s: found 0ns",
    ],
  );
});

/** A report of a trace that was asked for everything. */
function whole(): Report {
  const known = { iowait_ns: 1, blocked_ns: 2, runqueue_ns: 3, fetched_bytes: 4096 };
  const report = small();
  return { ...report, syscalls: report.syscalls.map((row) => ({ ...row, ...known })) };
}

Deno.test("What a trace was not asked for is no value, and not 0", () => {
  for (const measure of ["iowait < 5ms", "blocked < 5ms", "runqueue < 5ms", "fetched < 5k"]) {
    const { found, holds, doubt } = check(small(), measure);
    assert.deepEqual([found, holds, doubt], [
      null,
      false,
      `the trace did not ask for ${measure.split(" ")[0]}`,
    ]);
  }
  assert.equal(check(whole(), "blocked < 5ms").found, 2 * whole().syscalls.length);
});

Deno.test("Time whose parts are not known may be any of them, up to all of it", () => {
  const report = whole();
  const syscalls = report.syscalls.map((row, i) => i === 0 ? { ...row, parts_unknown_ns: 1_000_000 } : row);
  const checked = (text: string) => check({ ...report, syscalls }, text);
  assert.deepEqual(checked("iowait < 5ms").holds, true);
  const { found, holds, doubt } = checked("iowait < 1us");
  assert.deepEqual([found, holds, doubt], [
    null,
    false,
    "some of these calls, as requests to io_uring, have no such value",
  ]);
  assert.equal(checked("fetched < 1G").doubt, null);
});

Deno.test("Where it is not known what reads have fetched, it may be more than they have read", () => {
  const report = whole();
  const syscalls = report.syscalls.map((row, i) => i === 0 ? { ...row, fetch_unknown_bytes: 1 } : row);
  const checked = (text: string) => check({ ...report, syscalls }, text);
  const { found, holds, doubt } = checked("fetched < 1G");
  assert.deepEqual([found, holds, doubt], [
    null,
    false,
    "some of these calls, as requests to io_uring, have no such value",
  ]);
  const least = Number(check(report, "fetched < 1G").found);
  assert.deepEqual([checked(`fetched >= ${least}`).holds, checked(`fetched > ${least}`).holds], [
    true,
    false,
  ]);
  assert.equal(checked("iowait < 5ms").doubt, null);
});

Deno.test("Every measure is known to every comparison", () => {
  for (const [measure, { unit }] of Object.entries(MEASURES)) {
    const bound = { ns: "5ms", bytes: "5k", count: "5" }[unit];
    for (const sign of ["<", "<=", ">", ">=", "=", "!=", "=="]) {
      const result = check(whole(), `${measure} ${sign} ${bound}`);
      assert.equal(typeof result.holds, "boolean");
      assert.equal(typeof result.found, "number");
    }
  }
});
