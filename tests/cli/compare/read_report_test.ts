import assert from "node:assert/strict";
import { compareReports, readReport } from "../../../cli/compare/mod.ts";
import { reportLine } from "../../../cli/report/report.ts";
import { renderRowsHeader } from "../../../cli/rows/mod.ts";
import { IorError } from "../../../runtime/errors.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import { reportOf } from "../advice/advice_report.ts";
import { exampleReport } from "../report/fixture.ts";
import { afterRun, beforeRun } from "./runs.ts";
import { writeJson } from "../report/write_json.ts";

function refusal(content: string): string {
  try {
    readReport(content, "b.json");
  } catch (error) {
    assert.ok(error instanceof IorError && error.code === "usage", String(error));
    return `${error.message}\n  ${error.hint}\n`;
  }
  assert.fail(`Not refused: ${content.slice(0, 80)}`);
}

Deno.test("A report reads back as it was, in both of its forms", () => {
  for (const report of [beforeRun(), exampleReport()]) {
    const parsed = JSON.parse(writeJson(report));
    assert.deepEqual(readReport(writeJson(report), "a.json"), parsed);
    assert.deepEqual(readReport(reportLine(report) + "\n", "a.json"), parsed);
  }
});

Deno.test("Integers beyond 2^53 are read exactly", () => {
  const report = { ...beforeRun(), total_ns: 2n ** 60n + 1n, read_bytes: 2n ** 53n - 1n };
  const read = readReport(writeJson(report), "a.json");
  assert.equal(read.total_ns, 2n ** 60n + 1n);
  assert.equal(read.read_bytes, 2 ** 53 - 1);
});

Deno.test("An integer of which a mean would be no number is refused", () => {
  const report = writeJson({ ...beforeRun(), total_ns: 7_777_777_777_777_777n });
  const far = report.replace("7777777777777777", `1${"0".repeat(400)}`);
  assert.notEqual(far, report);
  assert.match(refusal(far), /total_ns is 10{1,80}\.\.\., it must be a whole number from 0 to 2\^128/);
});

Deno.test("Members that are not known may be anything: a newer ior may say more", () => {
  const report = JSON.parse(writeJson(beforeRun()));
  report.loss.more = { of: 7 };
  report.syscalls[0].__proto__more = null;
  const read = readReport(JSON.stringify({ ...report, more: [] }), "a.json");
  assert.equal(compareReports(read, afterRun()).totals.calls.before, beforeRun().calls);
});

Deno.test("What is no report is refused, with what it is and what to do", () => {
  const report = JSON.parse(writeJson(beforeRun()));
  const line = JSON.stringify(report);
  const header = renderRowsHeader({ ...beforeRun() });
  const changed = (change: (report: typeof beforeRun & Record<string, never>) => void) => {
    const copy = structuredClone(report);
    change(copy);
    return JSON.stringify(copy);
  };
  // deno-lint-ignore no-explicit-any -- documents are broken here in every way
  const broken = (change: (report: any) => void) => changed(change as never);
  const cases = [
    "",
    "  \n",
    "PAR1\u0000\u0001",
    line.slice(0, -1),
    line.slice(0, 1_000),
    writeJson(beforeRun()).slice(0, 2_000),
    "null",
    "[]",
    "17",
    '"ior.report/1"',
    "{}",
    '{"schema":"ior.report/2"}',
    '{"schema":"ior.report/1"}',
    `${header}\n{"seq":1}\n`,
    header,
    `${line}\n${line}\n`,
    broken((report) => delete report.syscalls),
    broken((report) => report.calls = "7"),
    broken((report) => report.calls = -1),
    broken((report) => report.wall_ns = null),
    broken((report) => report.loss = { state: "few", calls: 0 }),
    broken((report) => report.syscalls = {}),
    broken((report) => report.syscalls[2].p99_ns = 1.5),
    broken((report) => delete report.syscalls[0].latency),
    broken((report) => report.syscalls[1].latency.buckets[3] = [1, 2]),
    broken((report) => report.syscalls[1].latency.buckets[3] = [5, 5, 1]),
    broken((report) => report.files[0] = null),
    broken((report) => report.files[0].path = 7),
    broken((report) =>
      report.processes[0].comm = ["a very long text that nobody wants to read in an error at all"]
    ),
    broken((report) => report.host = { name: "x" }),
    broken((report) => report.errors_by = ["a very long text that nobody wants to read in an error at all"]),
    broken((report) => report.groups = [{ by: ["file"], rows: [{ path: "/a" }], other: null, folded: 0 }]),
    broken((report) => report.cut = { files: 3 }),
    broken((report) => report.folded = []),
    broken((report) => report.started = "2026-02-30T10:11:12.000000500Z"),
    broken((report) => report.started = "+010000-01-01T00:00:00.000000000Z"),
    broken((report) => report.calls = 2 ** 53),
    broken((report) => report.processes[0].pid = -1),
    broken((report) => report.command = {}),
    broken((report) => report.command_status = { exit: 256 }),
    broken((report) => report.command_status = []),
    broken((report) => report.running = 7),
    broken((report) => delete report.series),
    broken((report) => report.selection = ["a"]),
  ];
  assertGolden("compare/read_report_errors.txt", cases.map(refusal).join(""));
});

Deno.test("A damaged document is refused or read, and whatever is read can be compared", () => {
  const next = random(testSeed());
  const text = writeJson(
    reportOf({ syscalls: { read: { calls: 20, ms: 3 } }, files: { "/a": { calls: 9 } } }),
  );
  const values = [
    "null",
    "-1",
    "1e400",
    "0.5",
    '"x"',
    "[]",
    "{}",
    "true",
    "99999999999999999999",
    '"__proto__"',
  ];
  const after = afterRun();
  let read = 0;
  for (let round = 0; round < 150; round++) {
    let damaged = text;
    const at = Math.floor(next() * text.length);
    const kind = Math.floor(4 * next());
    if (kind === 0) damaged = text.slice(0, at);
    else if (kind === 1) {
      damaged = text.slice(0, at) + String.fromCharCode(32 + Math.floor(95 * next())) + text.slice(at + 1);
    } else if (kind === 2) damaged = text.slice(0, at) + text.slice(at + Math.floor(50 * next()));
    else {
      // One value in place of another: still JSON.
      const numbers = [...text.matchAll(/(?<=[:[,]\s?)\d+(?=[,\]}])/g)];
      const { index, 0: old } = numbers[Math.floor(next() * numbers.length)];
      damaged = text.slice(0, index) + values[Math.floor(next() * values.length)] +
        text.slice(index + old.length);
    }
    try {
      const report = readReport(damaged, "b.json");
      read++;
      compareReports(report, after);
      compareReports(after, report);
    } catch (error) {
      assert.ok(error instanceof IorError && error.code === "usage", `${error}\n${(error as Error).stack}`);
    }
  }
  assert.ok(read > 0 && read < 150);
});
