import assert from "node:assert/strict";
import { CALLS } from "../../cli/advice/calls.ts";
import { advise, renderAdvice } from "../../cli/advice/mod.ts";
import { RULES } from "../../cli/advice/rules.ts";
import { createPaint } from "../../cli/text/style.ts";
import { textWidth } from "../../cli/text/width.ts";
import type { Report } from "../../runtime/report.ts";
import { syscallByName } from "../../runtime/syscalls/mod.ts";
import { assertGolden } from "../golden.ts";
import { reportOf, type ReportSpec } from "./advice_report.ts";
import { emptyReport, exampleReport, HEADER } from "./report_fixture.ts";

/** A run in which nothing stands out, with enough time that the parts below count. */
const CALM = { read: { calls: 5_000, read: 5_000 * 65_536, ms: 900 } };

interface Case {
  /** The rule, and a report in which only it finds something. */
  id: string;
  report: ReportSpec;
  /** What of the sentence a reader needs. */
  says: RegExp;
  /** Reports that come near, with the reason why the rule finds nothing. */
  near: Record<string, ReportSpec>;
}

const SLOW_ROW = {
  syscall: "fsync",
  comm: "db",
  pid: 7,
  latency_ns: 2_000_000_000,
  path: "/data/wal",
  errno: null,
};

/** So many that each is opened but a few times. */
const MANY_FILES = Object.fromEntries(
  Array.from({ length: 151 }, (_, i) => [`/f${i}`, { calls: 10, read: 10 }]),
);

const LOST = { ...HEADER.loss, state: "some" as const, calls: 50 };

const CASES: Case[] = [
  {
    id: "tiny_writes",
    report: {
      syscalls: { ...CALM, write: { calls: 10_000, written: 240_000, ms: 200 } },
      files: {
        "/var/log/app.log": { calls: 9_000, written: 200_000, ms: 190 },
        "/data/blob": { calls: 9_500, written: 9_500 * 4_096 },
      },
    },
    says: /^10,000 writes of about 24B, 200ms \(18\.2%\): buffer them, see \/var\/log\/app\.log$/,
    near: {
      "few": { syscalls: { ...CALM, write: { calls: 999, written: 9_990, ms: 200 } } },
      "large": { syscalls: { ...CALM, write: { calls: 10_000, written: 10_000 * 256, ms: 200 } } },
      "cheap": { syscalls: { ...CALM, write: { calls: 10_000, written: 240_000, ms: 5 } } },
      "all failed": { syscalls: { ...CALM, write: { calls: 10_000, errors: 10_000, ms: 200 } } },
      "no file calls": { syscalls: { ...CALM, sendto: { calls: 10_000, written: 240_000, ms: 200 } } },
    },
  },
  {
    id: "tiny_reads",
    report: {
      syscalls: { pread64: { calls: 20_000, read: 20_000, ms: 30 } },
      files: { "/etc/big.conf": { calls: 20_000, read: 20_000 } },
    },
    says: /^20,000 reads of about 1B, 30\.0ms \(100%\): read more at once, see \/etc\/big\.conf$/,
    near: {
      "few": { syscalls: { read: { calls: 999, read: 999, ms: 30 } } },
      "large": { syscalls: { read: { calls: 20_000, read: 20_000 * 256, ms: 30 } } },
      "no time": { syscalls: { read: { calls: 20_000, read: 20_000, ms: 0 } } },
    },
  },
  {
    id: "sync_each_write",
    report: {
      syscalls: { write: { calls: 200, written: 819_200, ms: 5 }, fdatasync: { calls: 100, ms: 700 } },
      slowest: [{ ...SLOW_ROW, syscall: "fdatasync", latency_ns: 20_000_000 }],
    },
    says: /^100 syncs for 200 writes, 700ms \(99\.3%\): sync less often, see \/data\/wal$/,
    near: {
      "many writes a sync": {
        syscalls: { write: { calls: 201, written: 819_200, ms: 5 }, fdatasync: { calls: 100, ms: 700 } },
      },
      "few": { syscalls: { write: { calls: 19, written: 819_200, ms: 5 }, fsync: { calls: 19, ms: 700 } } },
      "no write": { syscalls: { fsync: { calls: 100, ms: 700 } } },
      "cheap": {
        syscalls: { ...CALM, write: { calls: 200, written: 819_200 }, fsync: { calls: 100, ms: 8 } },
      },
    },
  },
  {
    id: "missing_files",
    report: {
      syscalls: {
        ...CALM,
        openat: { calls: 3_000, errors: 1_500, ms: 60 },
        newfstatat: { calls: 1_000, errors: 500, ms: 20 },
      },
      errors: {
        "ENOENT openat": 1_500,
        "ENOENT newfstatat": 500,
        "ENOENT unlink": 9_000,
        "EACCES openat": 20,
      },
      files: {
        ...MANY_FILES,
        "/opt/lib/a.so": { calls: 700, errors: 700 },
        "/usr/lib/a.so": { calls: 900, errors: 800 },
      },
    },
    says: /^2,000 of 4,000 look-ups end in ENOENT, about 40\.0ms \(4\.1%\), see \/opt\/lib\/a\.so$/,
    near: {
      "few": {
        syscalls: { ...CALM, openat: { calls: 999, errors: 999, ms: 60 } },
        errors: { "ENOENT openat": 999 },
      },
      "mostly found": {
        syscalls: { ...CALM, openat: { calls: 10_000, errors: 2_999, ms: 600 } },
        errors: { "ENOENT openat": 2_999 },
      },
      "another error": {
        syscalls: { ...CALM, openat: { calls: 3_000, errors: 3_000, ms: 60 } },
        errors: { "EACCES openat": 3_000 },
      },
      "no look-ups": {
        syscalls: { ...CALM, unlink: { calls: 3_000, errors: 3_000, ms: 60 } },
        errors: { "ENOENT unlink": 3_000 },
      },
    },
  },
  {
    id: "reopened_files",
    report: {
      syscalls: { ...CALM, openat: { calls: 2_000, errors: 500, ms: 70 } },
      files: {
        "/etc/app.conf": { calls: 4_000, read: 1_500 * 4_096 },
        "/dev/null": { calls: 9_000, written: 1 },
      },
    },
    says: /^1,500 opens of at most 2 files, 70\.0ms \(7\.2%\): keep them open, see \/etc\/app\.conf$/,
    near: {
      "few": { syscalls: { ...CALM, openat: { calls: 999, ms: 70 } }, files: { "/a": { calls: 1 } } },
      "many files": {
        syscalls: { ...CALM, openat: { calls: 1_500, ms: 70 } },
        files: MANY_FILES,
      },
      "files that were folded": {
        syscalls: { ...CALM, openat: { calls: 1_500, ms: 70 } },
        files: { "/a": { calls: 1 } },
        more: { folded: { files: 150 } },
      },
      "nothing read": { syscalls: { openat: { calls: 1_500, ms: 70 } }, files: { "/a": { calls: 1_500 } } },
    },
  },
  {
    id: "stat_storm",
    report: {
      syscalls: { ...CALM, newfstatat: { calls: 4_000, ms: 20 } },
      files: {
        "/srv/www/index.html": { calls: 3_000 },
        "/srv/www/big": { calls: 4_000, read: 5_000 * 65_536 },
      },
    },
    says: /^4,000 of 9,000 calls only ask about files, 20\.0ms \(2\.2%\), see \/srv\/www\/index\.html$/,
    near: {
      "few of all": { syscalls: { ...CALM, newfstatat: { calls: 3_000, ms: 20 } } },
      "few": { syscalls: { statx: { calls: 999, ms: 20 } } },
      "of open files": { syscalls: { ...CALM, fstat: { calls: 8_000, ms: 20 } } },
    },
  },
  {
    id: "random_reads",
    report: {
      syscalls: { read: { calls: 4_000, read: 4_000 * 4_096, ms: 50 }, lseek: { calls: 2_000, ms: 1 } },
      files: { "/data/index": { calls: 6_000, read: 4_000 * 4_096 } },
    },
    says: /^2,000 seeks for 4,000 reads, 51\.0ms \(100%\): reads jump about, see \/data\/index$/,
    near: {
      "few": { syscalls: { read: { calls: 999, read: 999 * 4_096, ms: 50 }, lseek: { calls: 999, ms: 1 } } },
      "few for the reads": {
        syscalls: { read: { calls: 4_001, read: 4_001 * 4_096, ms: 50 }, lseek: { calls: 2_000, ms: 1 } },
      },
      "no reads": {
        syscalls: { lseek: { calls: 2_000, ms: 1 }, write: { calls: 10, written: 40_960, ms: 9 } },
      },
    },
  },
  {
    id: "slow_call",
    report: { syscalls: { ...CALM, fsync: { calls: 1, ms: 2_000 } }, slowest: [SLOW_ROW] },
    says: /^One fsync of db \(7\) took 2\.00s, 69\.0% of the time in all calls, see \/data\/wal$/,
    near: {
      "not most of the time": {
        syscalls: { ...CALM, fsync: { calls: 2, ms: 3_200 } },
        slowest: [SLOW_ROW],
      },
      "short": {
        syscalls: { read: { calls: 100, read: 6_553_600, ms: 1 }, fsync: { calls: 1, ms: 99 } },
        slowest: [{ ...SLOW_ROW, latency_ns: 99_000_000 }],
      },
      "among few": { syscalls: { fsync: { calls: 9, ms: 2_100 } }, slowest: [SLOW_ROW] },
      "a wait": {
        syscalls: { ...CALM, epoll_wait: { calls: 1, ms: 2_000 } },
        slowest: [{ ...SLOW_ROW, syscall: "epoll_wait" }],
      },
    },
  },
  {
    id: "loss",
    report: { syscalls: CALM, more: { loss: LOST } },
    says: /^50 calls \(1\.0%\) are missing: try a larger --ring-size$/,
    near: { "none": { syscalls: CALM } },
  },
];

for (const { id, report, says, near } of CASES) {
  Deno.test(`Advice ${id} names what stands out, and nothing else does`, () => {
    const advice = advise(reportOf(report));
    assert.deepEqual(advice.map((line) => line.id), [id]);
    assert.match(advice[0].text, says);
    assert.ok(Object.keys(advice[0].numbers).length >= 2);
    assert.deepEqual(JSON.parse(JSON.stringify(advice)), advice, "it is plain data");
  });

  for (const [reason, spec] of Object.entries(near)) {
    Deno.test(`There is no advice ${id}: ${reason}`, () => {
      assert.deepEqual(advise(reportOf(spec)).filter((line) => line.id === id), []);
    });
  }
}

/** All cases in one report: more than five rules find something. */
function everything(): Report {
  return reportOf({
    syscalls: {
      write: { calls: 1_234_567_890, written: 30_000_000_000, ms: 3_600_000 },
      pread64: { calls: 1_234_567_890, read: 30_000_000_000, ms: 3_000_000 },
      lseek: { calls: 1_234_567_890, ms: 5_000 },
      openat: { calls: 234_567_890, errors: 123_456_789, ms: 200_000 },
      newfstatat: { calls: 2_234_567_890, ms: 100_000 },
      fsync: { calls: 1_111_111_111, ms: 40_000_000 },
    },
    files: {
      "/srv/data/some folder/a-very-long-folder-name-of-an-application/tables/0000001.db": {
        calls: 2_000_000_000,
        read: 30_000_000_000,
        written: 30_000_000_000,
      },
      "/opt/lib/\x1b[31m.so": { calls: 123_456_789, errors: 123_456_789 },
    },
    errors: { "ENOENT openat": 123_456_789 },
    slowest: [SLOW_ROW],
    more: { loss: LOST },
  });
}

Deno.test("There are at most five lines, that which concerns most time first, after what was lost", () => {
  const advice = advise(everything());
  assert.deepEqual(advice.map(({ id }) => id), [
    "loss",
    "sync_each_write",
    "tiny_writes",
    "random_reads",
    "tiny_reads",
  ]);
  assert.equal(RULES.length, CASES.length, "every rule has its cases");
});

Deno.test("Counters that could not be read are said, not taken for none", () => {
  const [advice] = advise(
    reportOf({ syscalls: CALM, more: { loss: { state: "unknown", calls: null, by: null } } }),
  );
  assert.equal(advice.id, "loss");
  assert.equal(advice.numbers.calls_lost, null);
  assert.match(advice.text, /how many cannot be told/);
});

Deno.test("The section is the published text, one line for each advice within 80 columns", () => {
  const reports: [string, Report][] = [["everything", everything()], ["example", exampleReport()]];
  for (const { id, report } of CASES) reports.push([id, reportOf(report)]);
  let text = "";
  for (const [name, report] of reports) {
    for (const [width, ascii] of [[80, false], [80, true], [132, false]] as const) {
      const lines = renderAdvice(report, { width, ascii }, createPaint(false));
      assert.equal(lines.length - 2, advise(report).length, name);
      for (const line of lines) {
        assert.ok(textWidth(line) <= width, line);
        if (ascii) assert.match(line, /^[ -~]*$/);
      }
      text += `== ${name}, ${width} columns${ascii ? ", ASCII" : ""}\n${lines.join("\n")}\n`;
    }
  }
  assertGolden("advice/sections.txt", text);
});

Deno.test("A heading is coloured, and there is no section when nothing stands out", () => {
  const lines = renderAdvice(everything(), { width: 80, ascii: false }, createPaint(true));
  assert.equal(lines[1], "\x1b[1mWhat stands out\x1b[0m");
  assert.deepEqual(renderAdvice(emptyReport(), { width: 80, ascii: false }, createPaint(true)), []);
  assert.deepEqual(advise(emptyReport()), []);
});

Deno.test("On a narrow terminal the text wraps", () => {
  const lines = renderAdvice(everything(), { width: 40, ascii: false }, createPaint(false));
  for (const line of lines) assert.ok(textWidth(line) <= 40, line);
});

Deno.test("The rules know every call by a name of the table", () => {
  for (const names of Object.values(CALLS)) {
    for (const name of names) assert.equal(syscallByName(name)?.name, name);
  }
});
