import assert from "node:assert/strict";
import { COLUMN_NAMES } from "../../../cli/report/choices.ts";
import { REPORT_FORMATS } from "../../../cli/report/formats.ts";
import { renderReport, type ReportTextOptions } from "../../../cli/report/report_text.ts";
import { buildReport } from "../../../cli/report/report.ts";
import { formatShare } from "../../../cli/text/format.ts";
import { textWidth } from "../../../cli/text/width.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { lossOf, UNKNOWN_LOSS } from "../../../runtime/loss.ts";
import type { ReportMeasures } from "../../../runtime/report.ts";
import type { GroupKey } from "../../../runtime/stats.ts";
import { batchOf, random, taskName } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import { emptyReport, exampleReport, exampleSnapshot, HEADER } from "./fixture.ts";

const PLAIN: ReportTextOptions = { width: 80, color: false, ascii: false, top: 10, sort: "time" };

const LOSS = lossOf({ ring_full: 12_345, storage_full: 0, skipped: 7, compat_32bit: 0 });

// deno-lint-ignore no-control-regex
const COLOR = /\x1b\[\d*m/g;

for (const width of [80, 120, 200]) {
  for (const color of [false, true]) {
    for (const ascii of [false, true]) {
      const name = `example_${width}${color ? "_color" : ""}${ascii ? "_ascii" : ""}`;
      Deno.test(`The report as text: ${name}`, () => {
        assertGolden(`report/${name}.txt`, renderReport(exampleReport(), { ...PLAIN, width, color, ascii }));
      });
    }
  }
}

const TRIGGER = {
  condition: "latency > 100ms",
  time: "2026-02-03T10:11:12.345678901Z",
  pid: 71,
  tid: 72,
  comm: "postgres",
  syscall: "read",
  path: "/srv/base/16384\x1b[31m",
  errno: null,
  latency_ns: 132e6,
  matches: 1,
  before_ns: 10e9,
  after_ns: 5e9,
};

Deno.test("The report as text: the three states of loss, failed and killed commands, unknown cost, what triggered", () => {
  const variants = [
    exampleReport({ loss: LOSS, command_status: { exit: 2 } }),
    exampleReport({ loss: UNKNOWN_LOSS, command_status: { signal: "SIGSEGV" } }),
    exampleReport({
      command: null,
      command_status: null,
      cost: { cpu_ns: 0, bpf_ns_per_call: null, bpf_ns_per_run: null, max_rss_bytes: 50_000_000 },
      command_wall_ns: null,
      selection: { pid: [7], family: ["FS", "Network"], follow: false, families: ["FS", "Network"] },
      covers: { from: "2026-02-03T10:11:14Z", to: "2026-02-03T10:11:24Z" },
    }),
    exampleReport({
      triggers: [
        TRIGGER,
        { ...TRIGGER, path: null, errno: "EIO", latency_ns: null, matches: 3, wanted_before_ns: 60e9 },
      ],
    }),
    exampleReport({ triggers: Array(1012).fill(TRIGGER) }),
  ];
  const text = variants.map((report) => renderReport(report, { ...PLAIN, top: 1 })).join("\n");
  assertGolden("report/states.txt", text);
});

Deno.test("The report as text: empty traces and why they may be empty", () => {
  const variants = [
    emptyReport(),
    emptyReport({ command: null, command_status: null, wall_ns: 2_000_000_000, command_wall_ns: null }),
    emptyReport({
      loss: LOSS,
      selection: {
        path: ["*.db", "/var/\x1b[31m"],
        failed: true,
        slower_ns: 5_000_000,
        families: ["FS", "Network"],
      },
    }),
  ];
  assertGolden("report/empty.txt", variants.map((report) => renderReport(report, PLAIN)).join("\n"));
});

Deno.test("The report as text: rows folded by a limit", () => {
  assertGolden("report/folded.txt", renderReport(foldedReport(), { ...PLAIN, top: 4 }));
});

Deno.test("The report as text: sorted by another key", () => {
  const text = (["errors", "max", "name"] as const).map((sort) => (
    renderReport(exampleReport(), { ...PLAIN, top: 3, sort })
  ));
  assertGolden("report/sorted.txt", text.join("\n"));
});

Deno.test("No line is wider than the terminal, whatever the report holds", () => {
  const reports = [
    exampleReport(),
    foldedReport(),
    emptyReport(),
    exampleReport({ loss: LOSS, command: ["sh", "-c", "x".repeat(300)], host: "h".repeat(64) }),
  ];
  for (let width = 80; width <= 220; width += 7) {
    for (const report of reports) {
      for (const ascii of [false, true]) {
        const lines = renderReport(report, { ...PLAIN, top: null, width, ascii }).split("\n");
        for (const line of lines) {
          assert.ok(textWidth(line) <= width, `${textWidth(line)} columns of ${width}: ${line}`);
        }
      }
    }
  }
});

Deno.test("Colour changes no character, and nothing ends in spaces", () => {
  for (const width of [80, 120]) {
    const plain = renderReport(exampleReport(), { ...PLAIN, width });
    const colored = renderReport(exampleReport(), { ...PLAIN, width, color: true });
    assert.notEqual(colored, plain);
    assert.equal(colored.replace(COLOR, ""), plain);
    assert.doesNotMatch(plain, / $/m);
  }
});

Deno.test("The ASCII form is ASCII", () => {
  const text = renderReport(exampleReport({ host: "höst" }), { ...PLAIN, width: 120, ascii: true, top: 5 });
  assert.match(text, /^[\n -~]*$/);
});

Deno.test("No control character of a traced name reaches the output", () => {
  const text = renderReport(exampleReport({ host: "\x1b]0;x\x07", command: ["a\nb\u202e"] }), PLAIN);
  assert.doesNotMatch(text, /[^\P{Cc}\n]|\p{Cf}/u);
});

Deno.test("A selection from elsewhere is shown whatever it holds", () => {
  const selection = { pid: { toString: 1 }, slower_ns: [{ valueOf: 2 }], family: [null] };
  const text = renderReport(exampleReport({ selection }), { ...PLAIN, width: 120 });
  assert.match(text, /^selection +--pid '\{"toString":1\}' --slower '\{"valueOf":2\}' --family null$/m);
});

Deno.test("A path is cut only where a line would not fit", () => {
  const wide = renderReport(exampleReport(), { ...PLAIN, width: 300 });
  assert.doesNotMatch(wide, /\/[^\n ]*…/);
  for (const { path } of exampleReport().files.slice(0, 3)) assert.ok(wide.includes(path));
});

Deno.test("A report that was cut before is refused: its shares and its order would be wrong", () => {
  const cut = buildReport(HEADER, exampleSnapshot(), { top: 5, sort: "time" });
  assert.throws(() => renderReport(cut, PLAIN), {
    name: "RangeError",
    message: /^Cannot arrange the tables of a report: its \w+ are cut already, all rows are wanted$/,
  });
  const notes = renderReport(exampleReport(), { ...PLAIN, top: 3 })
    .match(/^… .* of the time, .*|^… .* of the failed calls/gm);
  assert.equal(notes!.length, 6);
});

Deno.test("The report as text: the columns that were asked for, in their order, as far as they fit", () => {
  const columns = [
    "p90",
    "rate",
    "latency",
    "bytes",
    "errors",
    "mean",
    "max",
    "calls",
    "p50",
    "time",
  ] as const;
  const text = [80, 120, 200].map((width) => (
    renderReport(exampleReport(), { ...PLAIN, top: 2, width, columns, advice: false })
  ));
  assertGolden("report/columns.txt", text.join("\n"));
});

Deno.test("The report as text: one interval of several", () => {
  const interval = { index: 3, start_ns: 2_000_000_000, end_ns: 3_000_500_000 };
  const reports = [
    { ...exampleReport({ wall_ns: 1_000_500_000 }), interval },
    { ...exampleReport({ wall_ns: 1_000_500_000, loss: LOSS }), interval },
    { ...emptyReport({ wall_ns: 1_000_500_000 }), interval },
  ];
  assertGolden(
    "report/interval.txt",
    reports.map((report) => renderReport(report, { ...PLAIN, top: 1 })).join("\n"),
  );
});

Deno.test("The text has no table of groups that only assertions need, JSON has them all", () => {
  const shown = { top: null, sort: "time" as const, columns: null, advice: true, tables: null, brief: false };
  const look = { color: false, ascii: false, width: 120 };
  const titles = (groups?: number) =>
    [...REPORT_FORMATS.text.render(exampleReport(), { ...shown, groups }, look)].join("").match(/^By .*,/gm);
  assert.deepEqual(titles(), ["By process and syscall,", "By errno,"]);
  assert.deepEqual(titles(1), ["By process and syscall,"]);
  assert.equal(titles(0), null);
  const json = [...REPORT_FORMATS.json.render(exampleReport(), { ...shown, groups: 0 })].join("");
  assert.equal(JSON.parse(json).groups.length, 2);
});

Deno.test("In a pipe nothing is shortened or wrapped, and the columns are those of 120", () => {
  const text = renderReport(exampleReport(), { ...PLAIN, width: 120, whole: true });
  assertGolden("report/example_pipe.txt", text);
  assert.doesNotMatch(text, /\/[^\n ]*…/);
});

Deno.test("Sections are those that were asked for, in their order", () => {
  const headings = (tables: ReportTextOptions["tables"]) =>
    renderReport(exampleReport(), { ...PLAIN, tables }).match(/(?<=\n\n)[A-Z]\w+( \w+)?(?= by| \d|\n)/g);
  assert.deepEqual(
    headings(["waiting", "files"]),
    ["By process", "By errno", "Waiting", "Files"].filter((name) => !name.startsWith("By")),
  );
  assert.deepEqual(headings([]), null);
});

Deno.test("Time, order and shares of a table of --by leave out waiting, which has a column", () => {
  const all = exampleReport();
  const errnos = all.groups.filter(({ by }) => by.join() === "errno");
  // One row only waits, longer than all others take.
  const [first, ...others] = errnos[0].rows;
  const waiter = { ...first, errno: "EPIPE", total_ns: 9e12, waiting_ns: 9e12 };
  const total_ns = Number(all.total_ns) + 9e12;
  const waiting_ns = Number(all.waiting_ns) + 9e12;
  const groups = [{ ...errnos[0], rows: [waiter, first, ...others] }];
  const text = renderReport({ ...all, total_ns, waiting_ns, groups }, {
    ...PLAIN,
    tables: [],
    columns: ["time", "share"],
    top: null,
  });
  const rows = [...text.matchAll(/^ *(\S+) +<?([\d.]+)% +(\S+) +(\S.*)$/gm)].map((found) => found.slice(1));
  assert.equal(rows.length, groups[0].rows.length, text);
  assert.deepEqual(rows.at(-1), ["0ns", "0.0", "2h30m", "EPIPE"]);
  const shares = rows.map(([, share]) => Number(share));
  assert.deepEqual(shares, shares.toSorted((a, b) => b - a));
  assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 100) < 0.5, text);
  // Where nothing but waiting was traced, it is all there is.
  const only = { ...waiter, total_ns: 5e9, waiting_ns: 5e9 };
  const waited = renderReport(
    { ...all, total_ns: 5e9, waiting_ns: 5e9, groups: [{ ...groups[0], rows: [only] }] },
    { ...PLAIN, tables: [], columns: ["time", "share"], top: null },
  );
  assert.match(waited, /^ *TIME +TIME% +ERRNO\n *5\.00s +100% +EPIPE$/m);
});

Deno.test("A table of --by that is cut says how much of all calls the rows shown miss", () => {
  const report = exampleReport();
  const errnos = report.groups.filter(({ by }) => by.join() === "errno");
  const note = (top: number | null) => {
    const text = renderReport({ ...report, groups: errnos }, { ...PLAIN, tables: [], top });
    return /^… (.*)$/m.exec(text)?.[1];
  };
  const [{ rows }] = errnos;
  const busy = (row: ReportMeasures) => Number(row.total_ns) - Number(row.waiting_ns ?? 0);
  const rest = rows.toSorted((a, b) => busy(b) - busy(a)).slice(1);
  const missed = (value: (row: ReportMeasures) => number) =>
    formatShare(
      rest.reduce((sum, row) => sum + value(row), 0),
      rows.reduce((sum, row) => sum + value(row), 0),
    );
  assert.equal(
    note(1),
    `${rest.length} more rows: those shown miss ${missed(busy)} of the time, ${
      missed(({ calls }) => calls)
    } of the calls`,
  );
  assert.equal(note(null), undefined);
  // Of nested rows the hidden ones may all be in one that is shown.
  const nested = renderReport({ ...report, groups: report.groups.slice(0, 1) }, { ...PLAIN, tables: [] });
  assert.match(nested, /^… \d+ more rows$/m);
});

Deno.test("Shares of what was waited for are of the time waiting", () => {
  const report = { ...exampleReport(), groups: [] };
  const text = renderReport(report, { ...PLAIN, tables: ["waiting"], columns: ["share"], top: null });
  const shares = [...text.matchAll(/^ *([\d.]+)% /gm)].map(([, share]) => Number(share));
  assert.equal(shares.length, report.waiting.length, text);
  assert.equal(shares.reduce((a, b) => a + b, 0).toFixed(1), "100.0", text);
});

Deno.test("In a pipe every column that was asked for is there, and on a terminal those that fit", () => {
  const columns = COLUMN_NAMES.filter((name) => name !== "spent" && name !== "cached");
  const heading = (whole: boolean) =>
    /System calls.*\n(.*)/.exec(
      renderReport(exampleReport(), { ...PLAIN, width: 120, columns, whole, tables: ["syscalls"] }),
    )?.[1];
  assert.match(heading(true) ?? "", /^SYSCALL .* ERRORS .* P99 +MAX +1\d*.s‥\S+ +CALLS\/S$/);
  assert.doesNotMatch(heading(false) ?? "", /1\d*.s‥/);
});

Deno.test("An empty name is two quotes in every table", () => {
  const by: GroupKey[][] = [["file"], ["process", "file"]];
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 10, maxProcesses: 10, maxSlowest: 3, by });
  engine.ingest(batchOf([{ nr: 257, ret: -2n, file: 1 }, { nr: 257, file: 2, task: 2 }], {
    tasks: [taskName(1, 7, { comm: "" }), taskName(2, 8, { comm: "cat" })],
    files: [{ slot: 1, path: "" }, { slot: 2, path: "/etc" }],
  }));
  const text = renderReport(buildReport(HEADER, engine.snapshot(), { top: null, sort: "time" }), PLAIN);
  for (const table of ["By file", "By process", "Processes", "Files", "Slowest"]) {
    const section = text.split("\n\n").find((section) => section.startsWith(table));
    assert.match(section ?? "", table === "Processes" ? /^"" /m : / ""( |$)/m, `${table}:\n${text}`);
  }
});

Deno.test("What stands out is the first section, and is left out on request", () => {
  const text = renderReport(exampleReport(), PLAIN);
  assert.match(text, /^cost .*\n(?: .*\n)*\nWhat stands out\n(- .*\n)+/m);
  assert.doesNotMatch(renderReport(exampleReport(), { ...PLAIN, advice: false }), /What stands out/);
});

/** A report of a run with more files and processes than the limits allow. */
function foldedReport() {
  const engine = new StatsEngine({ arch: "x86_64", maxFiles: 8, maxProcesses: 4, maxSlowest: 1 });
  const next = random(3);
  for (let i = 0; i < 400; i++) {
    const durationNs = Math.floor(Math.exp(6 + 12 * next()));
    engine.ingest(batchOf([{ nr: 0, durationNs, ret: 512n, bytes: 512, file: 1 }], {
      tasks: [taskName(1, 1_000 + i, { comm: `job${i}` })],
      files: [{ slot: 1, path: `/var/spool/jobs/${i}/input.dat` }],
    }));
  }
  return buildReport(HEADER, engine.snapshot(), { top: null, sort: "time" });
}
