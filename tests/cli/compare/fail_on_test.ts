import assert from "node:assert/strict";
import {
  checkFailOn,
  failedFailOnLines,
  type FailOn,
  parseFailOn,
  tablesNeeded,
} from "../../../cli/compare/mod.ts";
import { buildReport } from "../../../cli/report/report.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { Report } from "../../../runtime/report.ts";
import { assertGolden } from "../../golden.ts";
import { filesAsGroups, measures, reportOf } from "../advice/advice_report.ts";
import { exampleSnapshot, HEADER } from "../report/fixture.ts";
import { afterRun, beforeRun } from "./runs.ts";

const BEFORE = reportOf({
  syscalls: {
    read: { calls: 100, ms: 100, read: 1_000 },
    openat: { calls: 50, errors: 5, ms: 1 },
    fsync: { calls: 10, ms: 10 },
  },
  more: { groups: [filesAsGroups({ "/a": { calls: 100 } })] },
  errors: { "ENOENT openat": 5 },
});

const AFTER = reportOf({
  syscalls: {
    read: { calls: 110, ms: 220, read: 1_000 },
    openat: { calls: 55, errors: 5, ms: 1 },
    write: { calls: 20, errors: 2, ms: 2, written: 500 },
  },
  more: { groups: [filesAsGroups({ "/a": { calls: 120 } })] },
  errors: { "ENOENT openat": 5, "EIO write": 2 },
});

function check(text: string, before: Report = BEFORE, after: Report = AFTER) {
  return checkFailOn(before, after, [parseFailOn(text)])[0];
}

Deno.test("A condition is a number of the report, a comparison, and a change", () => {
  const parts = (text: string): Omit<FailOn, "text" | "subject"> & { measure: string; fields: string[] } => {
    const { text: kept, subject, ...rest } = parseFailOn(text);
    assert.deepEqual([kept, subject.text], [text, text]);
    return {
      ...rest,
      measure: subject.measure,
      fields: subject.conditions.map(({ field, value }) => `${field} ${value}`),
    };
  };
  const factor = (numerator: bigint, denominator: bigint) => ({
    kind: "factor" as const,
    numerator,
    denominator,
  });
  assert.deepEqual(parts("p99(read) > 1.2x"), {
    measure: "p99",
    fields: ["syscall read"],
    comparison: ">",
    bound: factor(12n, 10n),
  });
  assert.deepEqual(parts("calls(openat) > +10%").bound, factor(110n, 100n));
  assert.deepEqual(parts("calls(openat)>=10%").bound, factor(110n, 100n));
  assert.deepEqual(parts("calls < -2.5%").bound, factor(975n, 1000n));
  assert.deepEqual(parts("errors > 0").bound, { kind: "amount", amount: 0 });
  assert.deepEqual(parts("errors > +7").bound, { kind: "amount", amount: 7 });
  assert.deepEqual(parts("errors < -7").bound, { kind: "amount", amount: -7 });
  assert.deepEqual(parts("bytes(FS) > 64k").bound, { kind: "amount", amount: 65_536 });
  assert.deepEqual(parts("p50 > 1.5ms").bound, { kind: "amount", amount: 1_500_000 });
  assert.deepEqual(parts("max < -1s").bound, { kind: "amount", amount: -1_000_000_000 });
  assert.deepEqual(parts('total(path ~ "*.db", process = nginx) != 1x').fields, [
    "path *.db",
    "process nginx",
  ]);
});

Deno.test("Measures may be written as reports name them", () => {
  for (
    const [text, measure] of [["total_ns > 2x", "total"], ["p99_ns(read) > 2x", "p99"], [
      " mean_ns > 2x",
      "mean",
    ]]
  ) {
    assert.equal(parseFailOn(text).subject.measure, measure);
  }
  assert.equal(parseFailOn("read_bytes > 2x").subject.measure, "read_bytes");
});

Deno.test("A comparison inside quotes or parentheses is not that of the condition", () => {
  const { subject, comparison } = parseFailOn('calls(path = "a > 2x", syscall != read) >= 3x');
  assert.deepEqual(subject.conditions.map(({ value }) => value), ["a > 2x", "read"]);
  assert.equal(comparison, ">=");
});

const WRONG = [
  "",
  "  ",
  "> 1.2x",
  "p98(read) > 1.2x",
  "p99(opne) > 2x",
  "total_ns(rread) > 2x",
  "p99(read) > 1.2",
  "p99(read) > x",
  "p99(read)",
  "p99(read) 2x",
  "p99(read) >",
  "p99(read) > > 2x",
  "p99(read) > 2x 3",
  "p99(read > 2x",
  "p99 ~ 2x",
  "calls(read ; ) > 1x",
  'calls(path = "a) > 1x',
  "calls > +-3",
  "calls > -2x",
  "calls > 1.5",
  "errors > 5ms",
  "bytes > 5ms",
  "p99(path ~ x) > 2x",
  "calls(read, path = /a, pid = 3, ENOENT) > 2x",
];

Deno.test("A condition that cannot be read is refused with the place of what is wrong, in words of its flag", () => {
  const lines = WRONG.map((text) => {
    try {
      parseFailOn(text);
    } catch (error) {
      assert.ok(error instanceof IorError && error.code === "usage", text);
      assert.match(error.message, /^Cannot use --fail-on( `|: at column)/);
      assert.equal(error.excerpt?.text ?? text, text);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /assert/);
      return `${error.message}\n  ${error.hint}\n`;
    }
    assert.fail(`Not refused: ${text}`);
  });
  assertGolden("compare/fail_on_errors.txt", lines.join(""));
});

Deno.test("Conditions are held against the change", () => {
  const cases: [text: string, before: number, after: number, holds: boolean][] = [
    ["calls(read) > 1x", 100, 110, true],
    ["calls(read) > 1.1x", 100, 110, false],
    ["calls(read) >= 1.1x", 100, 110, true],
    ["calls(read) = 1.1x", 100, 110, true],
    ["calls(read) > +10%", 100, 110, false],
    ["calls(read) >= +10%", 100, 110, true],
    ["calls(read) > 9.99%", 100, 110, true],
    ["calls(read) > 9", 100, 110, true],
    ["calls(read) > 10", 100, 110, false],
    ["calls(openat) != 0%", 50, 55, true],
    ["p50(read) >= 2x", 1_000_000, 2_000_000, true],
    ["total_ns(read) > 2.2x", 100_000_000, 220_000_000, false],
    ["total(read) > 100ms", 100_000_000, 220_000_000, true],
    ["errors > 0", 5, 7, true],
    ["errors > 2", 5, 7, false],
    ["errors(ENOENT) > 0", 5, 5, false],
    ["calls(fsync) < 0.5x", 10, 0, true],
    ["calls(fsync) < -9", 10, 0, true],
    ["calls(path = /a) > 1.1x", 100, 120, true],
    ["bytes > 40%", 1_000, 1_500, true],
    ["calls > -3%", 160, 185, true],
  ];
  for (const [text, before, after, holds] of cases) {
    const result = check(text);
    assert.deepEqual(
      [result.before, result.after, result.holds, result.doubt],
      [before, after, holds, null],
      text,
    );
  }
});

Deno.test("Growth from nothing exceeds every multiple, and nothing on both sides is no change", () => {
  assert.equal(check("calls(write) > 1000x").holds, true);
  assert.equal(check("calls(write) > 1000%").holds, true);
  assert.equal(check("errors(EIO) > 2x").holds, true);
  assert.equal(check("calls(mkdir) > 1x").holds, false);
  assert.equal(check("calls(mkdir) >= 1x").holds, true);
  assert.equal(check("calls(mkdir) > 0%").holds, false);
  assert.equal(check("calls(mkdir) >= 1.2x").holds, false);
});

Deno.test("Where neither run has such a call no latency changed, and where one has none it cannot be told", () => {
  assert.deepEqual([check("p99(mkdir) > 1.2x").holds, check("p99(mkdir) > 1.2x").doubt], [false, null]);
  const added = check("p99(write) > 1.2x");
  assert.deepEqual([added.before, added.holds], [null, false]);
  assert.equal(added.doubt, "no such call returned before");
  assert.equal(check("max(fsync) > 1.2x").doubt, "no such call returned after");
});

Deno.test("What was folded may be anyone's, so it cannot be told", () => {
  const folded: Report = { ...AFTER, groups: [filesAsGroups({ "/a": { calls: 120 } }, { calls: 20 })] };
  const result = check("calls(path = /a) > 1.1x", BEFORE, folded);
  assert.equal(result.holds, false);
  assert.match(result.doubt!, /\(other\)/);
});

Deno.test("Values beyond 2^53 are compared exactly", () => {
  const of = (total_ns: bigint) => ({ ...BEFORE, syscalls: [{ ...BEFORE.syscalls[0], total_ns }] });
  assert.equal(check("total(read) > 1x", of(2n ** 60n), of(2n ** 60n)).holds, false);
  assert.equal(check("total(read) > 1x", of(2n ** 60n), of(2n ** 60n + 1n)).holds, true);
});

Deno.test("The noise is told beside the numbers, and a condition does not wait for it", () => {
  assert.equal(check("calls(read) > 5%").verdict, "within_noise");
  assert.equal(check("calls(read) > 5%").holds, true);
  const verdict = (text: string) => check(text, beforeRun(), afterRun()).verdict;
  assert.equal(verdict("p99(pread64) > 1.2x"), "beyond_noise");
  assert.equal(verdict("p99(pwrite64) > 1.2x"), "within_noise");
  assert.equal(verdict("p99(fsync) > 1.2x"), "too_few_calls");
  assert.equal(verdict("p50(pread64, pwrite64) > 1.2x"), "beyond_noise", "both together");
  assert.equal(verdict("calls(process = db) > 1.2x"), "unknown");
  assert.equal(verdict("bytes > 1.2x"), "unknown");
});

Deno.test("Where a document has no table by both files, both reports count a call with two for one of them", () => {
  const calls = (calls: number) => ({ latency: { relative_error: 0, buckets: [] }, ...measures({ calls }) });
  const read = { path: "/a", old_path: null, syscall: "read", ...calls(120) };
  const rename = { path: "/b", old_path: "/a", syscall: "rename", ...calls(10) };
  const rows = [read, rename];
  const others = { "/b": { calls: 10 } };
  const byBoth = reportOf({
    syscalls: {},
    files: { "/a": { calls: 120 }, ...others },
    more: {
      groups: [["file", "old_file"], ["file", "old_file", "syscall"]].map((by) => ({
        by,
        rows,
        other: null,
        folded: 0,
      })),
    },
  });
  const plain = reportOf({ syscalls: {}, files: { "/a": { calls: 100 }, ...others } });
  const byCall = reportOf({
    syscalls: {},
    more: {
      groups: [{
        by: ["syscall", "file"],
        rows: [{ path: "/a", syscall: "read", ...calls(7) }],
        other: null,
        folded: 0,
      }],
    },
  });
  const numbers = (text: string, first: Report, second: Report) => {
    const { before, after } = check(text, first, second);
    return [before, after];
  };
  assert.deepEqual(numbers("calls(path = /a) > 1x", byBoth, byBoth), [130, 130]);
  assert.deepEqual(numbers("calls(path = /a) > 1x", plain, byBoth), [100, 120]);
  assert.deepEqual(numbers("calls(path = /a) > 1x", byBoth, plain), [120, 100]);
  assert.deepEqual(numbers("calls(path = /a, FS) > 1x", byBoth, byBoth), [130, 130]);
  assert.deepEqual(numbers("calls(path = /a, FS) > 1x", byCall, byBoth), [7, 120]);
});

Deno.test("A report that was cut, or lacks the table that answers, is refused", () => {
  const cut = buildReport(HEADER, exampleSnapshot(), { top: 1, sort: "time" });
  const refused = (text: string, before: Report, after: Report, message: RegExp) =>
    assert.throws(() => check(text, before, after), { code: "usage", message });
  refused("calls(read) > 1x", cut, BEFORE, /^Cannot check `calls\(read\) > 1x`: the first report was cut/);
  refused("calls(process = make) > 1x", BEFORE, cut, /the second report was cut/);
  refused("calls(path = /a) > 1x", BEFORE, cut, /the second report was cut/);
  refused("calls(ENOENT, process = x) > 1x", BEFORE, AFTER, /the report has no table of its calls/);
  refused("total(process = make, read) > 1x", cut, cut, /the first report was cut/);
});

Deno.test("The tables that both reports must have are known before they are made, each once", () => {
  const conditions = [
    "calls > 1x",
    "calls(fsync, path ~ x) > 1x",
    "p99(path = /a, syscall = fsync) > 2x",
    "total(EIO) > 1x",
  ];
  assert.deepEqual(tablesNeeded(conditions.map(parseFailOn)), [["file", "old_file", "syscall"], ["errno"]]);
});

Deno.test("A line says both numbers of what fails, and why of what cannot be told", () => {
  const lines = (...texts: string[]) =>
    failedFailOnLines(checkFailOn(BEFORE, AFTER, texts.map(parseFailOn)), true);
  assert.deepEqual(lines("calls(read) > 2x", "errors(ENOENT) > 0"), []);
  assert.deepEqual(
    lines(
      "p50(read) > 1.2x",
      "calls(write) > 1x",
      "bytes > +10%",
      "p99(write) > 2x",
      "calls(comm != '\x1b') = 0",
    ),
    [
      "The comparison fails: p50(read) > 1.2x: 1.00ms before, 2.00ms after (+100%), beyond the noise",
      "The comparison fails: calls(write) > 1x: 0 before, 20 after (+20), beyond the noise",
      "The comparison fails: bytes > +10%: 1000B before, 1.46KiB after (+50%)",
      "Cannot tell whether the comparison fails: p99(write) > 2x: no such call returned before",
      "The comparison fails: calls(comm != '\\x1b') = 0: 0 before, 0 after (=)",
    ],
  );
});
