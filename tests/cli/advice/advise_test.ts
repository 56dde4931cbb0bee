import assert from "node:assert/strict";
import { countCalls } from "../../../cli/advice/calls.ts";
import { advise, renderAdvice } from "../../../cli/advice/mod.ts";
import { RULES } from "../../../cli/advice/rules.ts";
import { createPaint } from "../../../cli/text/style.ts";
import { textWidth } from "../../../cli/text/width.ts";
import { Trait } from "../../../engine/stats/call_traits.ts";
import { mappedSums, type Report } from "../../../runtime/report.ts";
import type { FileUse } from "../../../runtime/stats.ts";
import { SYSCALLS } from "../../../runtime/syscalls/mod.ts";
import { assertGolden } from "../../golden.ts";
import { reportOf, type ReportSpec } from "./advice_report.ts";
import { emptyReport, exampleReport, HEADER } from "../report/fixture.ts";

/** A second of a command, in which nothing stands out. */
const SECOND = { ...HEADER, command_wall_ns: 1_000_000_000 };
const CALM = { read: { calls: 5_000, read: 5_000 * 65_536, ms: 300 } };

const LOST = { state: "some" as const, calls: 50, by: { ...HEADER.loss.by!, ring_full: 50 } };
const SKIPPED = { ...LOST, by: { ...HEADER.loss.by!, skipped: 50 } };

const SLOW_ROW = {
  syscall: "write",
  comm: "make",
  pid: 7,
  latency_ns: 640_000_000,
  path: "/data/out.o",
  errno: null,
};

/** A use of files: calls, milliseconds, files, and where most of it is. */
function use(
  use: FileUse,
  calls: number,
  ms: number,
  files: number,
  path = "/data/log",
): Report["uses"][number] {
  const place = { path, directory: false, calls: Math.ceil(calls * 0.9) };
  return { use, calls, total_ns: ms * 1e6, files, place };
}

/** A file that two processes read by page faults, which took so many milliseconds. */
function mappedFile(ms: (number | null)[]) {
  const row = { comm: "db", path: "/data/map", mapped_bytes: 4 << 20 };
  return mappedSums(
    ms.map((ms, pid) => (
      { ...row, pid, major_faults: ms === null ? null : 9, fault_ns: ms === null ? null : ms * 1e6 }
    )),
    [],
  );
}

/** Of each rule a report in which only it finds something, what it says, and reports that come near. */
const CASES: { id: string; report: ReportSpec; says: RegExp; near: Record<string, ReportSpec> }[] = [
  {
    id: "loss",
    report: { syscalls: CALM, more: { loss: LOST } },
    says: /^50 calls \(1\.0%\) are missing: try a larger --ring-size$/,
    near: { "nothing lost": { syscalls: CALM } },
  },
  {
    id: "slow_call",
    report: { syscalls: CALM, slowest: [SLOW_ROW] },
    says: /^A single write of make \(7\) took 640ms \(64\.0% of the wall time\): \/data\/out\.o$/,
    near: {
      "a small part of the run": { syscalls: CALM, slowest: [{ ...SLOW_ROW, latency_ns: 99_000_000 }] },
      "only waiting": { syscalls: CALM, slowest: [SLOW_ROW], more: { files_ns: 0 } },
    },
  },
  {
    id: "tiny_writes",
    report: { syscalls: CALM, uses: [use("tiny_write", 10_000, 200, 3)] },
    says:
      /^10,000 writes of less than 256 bytes, 200ms \(20\.0% of the wall time\), most in \/data\/log \(9,000 calls\): buffer them$/,
    near: {
      "few": { syscalls: CALM, uses: [use("tiny_write", 99, 200, 1)] },
      "cheap": { syscalls: CALM, uses: [use("tiny_write", 10_000, 9, 1)] },
      "small files": { syscalls: CALM, uses: [use("tiny_write", 10_000, 200, 5_000)] },
    },
  },
  {
    id: "tiny_reads",
    report: { syscalls: CALM, uses: [use("tiny_read", 20_000, 30, 1)] },
    says: /^20,000 reads of less than 256 bytes, 30\.0ms .*: read more at once$/,
    near: { "small files": { syscalls: CALM, uses: [use("tiny_read", 20_000, 30, 20_000)] } },
  },
  {
    id: "syncs",
    report: { syscalls: { ...CALM, write: { calls: 200, ms: 5 } }, uses: [use("sync", 100, 700, 1)] },
    says: /^100 syncs for 200 writes, 700ms .*: sync less often$/,
    near: { "few": { syscalls: CALM, uses: [use("sync", 9, 700, 1)] } },
  },
  {
    id: "missing_files",
    report: {
      syscalls: { ...CALM, openat: { calls: 4_000, ms: 60 } },
      uses: [use("missing", 2_000, 40, 2_000)],
    },
    says: /^2,000 of 4,000 look-ups end in ENOENT, 40\.0ms .*: look for fewer names, or in fewer places$/,
    near: {
      "mostly found": {
        syscalls: { ...CALM, openat: { calls: 10_000, ms: 60 } },
        uses: [use("missing", 2_000, 40, 2_000)],
      },
    },
  },
  {
    id: "reopened_files",
    report: { syscalls: CALM, uses: [use("reopen", 3_000, 50, 2)] },
    says: /^3,000 opens of 2 files that had been opened before, 50\.0ms .*: keep them open$/,
    near: { "a few times each": { syscalls: CALM, uses: [use("reopen", 3_000, 50, 400)] } },
  },
  {
    id: "random_access",
    report: {
      syscalls: CALM,
      uses: [use("seek", 4_000, 5, 1, "/data/db")],
      files: { "/data/db": { calls: 8_000, read: 1_000, ms: 350 } },
    },
    says:
      /^3,600 of 8,000 calls on one file are seeks, random access takes 350ms \(35\.0% of the wall time\): \/data\/db$/,
    near: {
      "rare": {
        syscalls: CALM,
        uses: [use("seek", 2_000, 5, 1, "/data/db")],
        files: { "/data/db": { calls: 8_000, read: 1_000, ms: 350 } },
      },
      "nothing is read there": {
        syscalls: CALM,
        uses: [use("seek", 4_000, 50, 1, "/data/db")],
        files: { "/data/db": { calls: 8_000, ms: 350 } },
      },
    },
  },
  {
    id: "metadata_queries",
    report: { syscalls: { ...CALM, stat: { calls: 5_000, ms: 50 } }, uses: [use("query", 5_000, 50, 5_000)] },
    says: /^5,000 of 10,000 calls only query metadata \(stat, access\), 50\.0ms .* \(4,500 calls\)$/,
    near: { "a part of the work": { syscalls: CALM, uses: [use("query", 1_900, 50, 1_900)] } },
  },
  {
    id: "io_wait",
    report: {
      syscalls: CALM,
      files: {
        "/data/db": { calls: 90, read: 1_000_000, ms: 200, iowait: 164, fetched: 960_000 },
        "/data/log": { calls: 10, ms: 200, iowait: 20 },
      },
    },
    says:
      /^82\.0% of the time of one file's calls was I\/O wait, 164ms .*; 4\.0% of the bytes read were cached: \/data\/db$/,
    near: {
      "most of the time is elsewhere": {
        syscalls: CALM,
        files: { "/data/db": { calls: 90, ms: 200, iowait: 90 } },
      },
      "too little of the run": { syscalls: CALM, files: { "/data/db": { calls: 90, ms: 9, iowait: 9 } } },
      "no file is known to be it": {
        syscalls: CALM,
        files: { "[unknown]": { calls: 90, ms: 200, iowait: 164 } },
      },
      "the trace does not know": { syscalls: CALM, files: { "/data/db": { calls: 90, ms: 200 } } },
    },
  },
  {
    id: "mapped_io",
    report: { syscalls: CALM, more: { mapped_io: mappedFile([100, 64]) } },
    says: /^8\.00MiB of one file came in by page faults, which waited 164ms \(16\.4% .*\): \/data\/map$/,
    near: {
      "too little of the run": { syscalls: CALM, more: { mapped_io: mappedFile([4, 5]) } },
      "the kernel does not tell": { syscalls: CALM, more: { mapped_io: mappedFile([null, null]) } },
    },
  },
];

function reportOfCase(spec: ReportSpec): Report {
  return reportOf({ ...spec, more: { command_wall_ns: SECOND.command_wall_ns, ...spec.more } });
}

for (const { id, report, says, near } of CASES) {
  Deno.test(`Advice ${id}: it is given, and nothing else is`, () => {
    const advice = advise(reportOfCase(report));
    assert.deepEqual(advice.map((line) => line.id), [id]);
    assert.match(advice[0].text, says);
  });
  for (const [reason, spec] of Object.entries(near)) {
    Deno.test(`There is no advice ${id}: ${reason}`, () => {
      assert.deepEqual(advise(reportOfCase(spec)), []);
    });
  }
}

const LONG_PATH = "/srv/a very long folder name of an application/\x1b[31m/0000001.db";

/** All cases in one report: more than five rules find something. */
function everything(): Report {
  return reportOfCase({
    syscalls: Object.assign({}, ...CASES.map(({ report }) => report.syscalls)),
    slowest: [SLOW_ROW],
    uses: CASES.flatMap(({ report }) => report.uses ?? []).map((row) => ({
      ...row,
      place: {
        path: LONG_PATH,
        directory: false,
        calls: 7,
      },
    })),
    more: { loss: LOST },
  });
}

Deno.test("There are at most five lines, the largest share of the wall time first, after what was lost", () => {
  const advice = advise(everything());
  assert.deepEqual(advice.map(({ id }) => id), [
    "loss",
    "syncs",
    "slow_call",
    "tiny_writes",
    "reopened_files",
  ]);
  assert.equal(RULES.length, CASES.length, "every rule has its cases");
});

Deno.test("A call that began before a window of the flight recorder is no share of it", () => {
  const [advice] = advise(reportOfCase({ syscalls: CALM, slowest: [{ ...SLOW_ROW, latency_ns: 2e9 }] }));
  assert.equal(advice.text, "A single write of make (7) took 2.00s: /data/out.o");
});

Deno.test("Counters that could not be read are said, not taken for none", () => {
  const [advice] = advise(
    reportOfCase({ syscalls: CALM, more: { loss: { state: "unknown", calls: null, by: null } } }),
  );
  assert.deepEqual([advice.id, advice.numbers.calls_lost], ["loss", null]);
  assert.match(advice.text, /their number is unknown: no number here is exact/);
});

Deno.test("A larger ring is only a hint where the ring was full", () => {
  const [advice] = advise(reportOfCase({ syscalls: CALM, more: { loss: SKIPPED } }));
  assert.match(advice.text, /^50 calls \(1\.0%\) are missing: no number here is exact$/);
});

Deno.test("The section is the published text, within the columns there are", () => {
  const reports: [string, Report][] = [["everything", everything()], ["example", exampleReport()]];
  for (const { id, report } of CASES) reports.push([id, reportOfCase(report)]);
  let text = "";
  for (const [name, report] of reports) {
    for (const [wrapAt, ascii] of [[80, false], [80, true], [132, false], [Infinity, false]] as const) {
      const lines = renderAdvice(report, { wrapAt, ascii }, createPaint(false));
      for (const line of lines) {
        assert.ok(textWidth(line) <= wrapAt, line);
        if (ascii) assert.match(line, /^[ -~]*$/);
      }
      text += `== ${name}, ${wrapAt} columns${ascii ? ", ASCII" : ""}\n${lines.join("\n")}\n`;
    }
  }
  assertGolden("advice/sections.txt", text);
});

Deno.test("A heading is coloured, and there is no section when nothing stands out", () => {
  const lines = renderAdvice(everything(), { wrapAt: 80, ascii: false }, createPaint(true));
  assert.equal(lines[1], "\x1b[1mWhat stands out\x1b[0m");
  assert.deepEqual(renderAdvice(emptyReport(), { wrapAt: 80, ascii: false }, createPaint(true)), []);
});

Deno.test("Writes and look-ups are counted by the calls that make them, and by no other", () => {
  const counted = (trait: number) =>
    SYSCALLS.map(({ name }) => name)
      .filter((name) => countCalls(reportOf({ syscalls: { [name]: { calls: 1 } } }), trait) > 0);
  assert.deepEqual(counted(Trait.WRITES).sort(), ["pwrite64", "pwritev", "pwritev2", "write", "writev"]);
  assert.deepEqual(counted(Trait.LOOKS_UP).sort(), [
    "access",
    "execve",
    "execveat",
    "faccessat",
    "faccessat2",
    "lstat",
    "newfstatat",
    "open",
    "openat",
    "openat2",
    "readlink",
    "readlinkat",
    "stat",
    "statx",
  ]);
});
