/** Sampled traces: what has no row is counted all the same, exactly. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Capture } from "../../bpf/mod.ts";
import { CELLS } from "../../bpf/wire.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { parseExpression } from "../../runtime/expression/mod.ts";
import { emptyFilter, type Filter } from "../../runtime/filter/mod.ts";
import type { Report, ReportMeasures, ReportSampling } from "../../runtime/report.ts";
import { compile } from "../kernel_lib/compile.ts";
import { numberOf } from "../kernel_lib/in_call.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { readRows, type RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { waitFor } from "../wait.ts";
import { plainCells } from "../engine/cells.ts";

const CALLS = "openat,close,pwrite64,pread64";

/** A CPU begins its own count of a call, so rows may differ from the rate by one for each. */
const CPUS = navigator.hardwareConcurrency;

const source = (name: string) => fileURLToPath(new URL(`../kernel_lib/${name}.c`, import.meta.url));
const cellsProgram = () => compile(source("cells"));
const loopProgram = () => compile(source("loop"));
const unreadProgram = () => compile(source("unread"));

async function reportOf(flags: string[], command: string[]): Promise<Report> {
  const output = `${scratchDirectory("sampling")}/report.json`;
  const { code, stderr } = await runIor([
    "trace",
    "--json",
    "--no-advice",
    "-o",
    output,
    ...flags,
    "--",
    ...command,
  ]);
  assert.equal(code, 0, stderr);
  return JSON.parse(Deno.readTextFileSync(output));
}

interface Rows {
  rows: RowRecord[];
  sampling: ReportSampling;
  lost: number | null;
}

async function rowsOf(flags: string[], command: string[]): Promise<Rows> {
  const output = `${scratchDirectory("sampling")}/rows.ndjson`;
  const { code, stderr } = await runIor([
    "stream",
    "--format",
    "ndjson",
    "-o",
    output,
    ...flags,
    "--",
    ...command,
  ]);
  assert.equal(code, 0, stderr);
  const { rows, end } = readRows(output);
  const { sampling } = end as unknown as { sampling: ReportSampling };
  return { rows, sampling, lost: end.loss.calls };
}

/** What does not depend on time. */
const counts = ({ calls, errors, read_bytes, write_bytes }: ReportMeasures) => (
  { calls, errors, read_bytes, write_bytes }
);
const table = <Row extends ReportMeasures>(rows: Row[], name: (row: Row) => unknown) =>
  Object.fromEntries(
    rows.map((row) => [String(name(row)), counts(row)]).sort(([a], [b]) => a < b ? -1 : 1),
  );

/** All tables of a report that count calls. */
function tables(report: Report) {
  return {
    total: counts(report as unknown as ReportMeasures),
    syscalls: table(report.syscalls, ({ syscall }) => syscall),
    returned: Object.fromEntries(
      report.syscalls.map((row) => [row.syscall, row.latency.buckets.reduce((sum, [, , n]) => sum + n, 0)])
        .sort(),
    ),
    families: table(report.families, ({ family }) => family),
    files: table(report.files, ({ path }) => path),
    directories: table(report.directories, ({ path }) => path),
    commands: table(report.commands, ({ comm }) => comm),
    errorsBy: report.errors_by.map(({ errno, syscall, calls }) => `${errno} ${syscall} ${calls}`).sort(),
    groups: report.groups.map(({ rows }) =>
      rows.map((row) => JSON.stringify([row.comm, row.path, row.errno, row.calls])).sort()
    ),
    uses: report.uses.map(({ use, calls, files }) => [use, calls, files]),
    sizes: Object.fromEntries(report.syscalls.map(({ syscall, size }) => [syscall, size.buckets]).sort()),
    gaps: Object.fromEntries(
      report.syscalls.map(({ syscall, gap }) => [syscall, gap.buckets.reduce((sum, [, , n]) => sum + n, 0)])
        .sort(),
    ),
  };
}

Deno.test("a sampled report counts as one of all rows does, in every table", async () => {
  const command = [await cellsProgram(), scratchDirectory("cells"), "20", "3", "40"];
  const flags = ["-e", `${CALLS},newfstatat,fstat`, "--by", "comm,file,errno"];
  await reportOf(flags, command); // makes the files
  const whole = await reportOf(flags, command);
  const sampled = await reportOf([...flags, "--sample", "read=100,FS=10,close=0,pread64=100"], command);
  assert.equal(whole.loss.state, "none");
  assert.equal(sampled.loss.state, "none");
  assert.equal(whole.sampling, undefined);
  assert.deepEqual(tables(sampled), tables(whole));
  const { sampling } = sampled;
  assert.deepEqual(sampling?.rates, { read: 100, FS: 10, close: 0, pread64: 100 });
  assert.equal(sampling.counted, true);
  const made = 20 * 3 * 40;
  for (const [syscall, calls, rate] of [["pread64", 2 * made, 100], ["pwrite64", made, 10]] as const) {
    const rows = sampled.syscalls.find((row) => row.syscall === syscall)!.calls - sampling.by[syscall];
    assert.ok(Math.abs(rows - calls / rate) <= CPUS, `${rows} rows of ${calls} ${syscall}`);
  }
  assert.equal(sampling.by.close, sampled.syscalls.find(({ syscall }) => syscall === "close")!.calls);
  const times = sampled.syscalls.map((
    { total_ns, max_ns, latency },
  ) => [Number(total_ns), max_ns!, latency.buckets]);
  for (const [total, max, buckets] of times as [number, number, [number, number, number][]][]) {
    const least = buckets.reduce((sum, [low, , calls]) => sum + low * calls, 0);
    const most = buckets.reduce((sum, [, high, calls]) => sum + high * calls, 0);
    assert.ok(total >= least && total <= most, `${total} ns is not from ${least} to ${most}`);
    const [low, high] = buckets.at(-1)!;
    assert.ok(max >= low && max < high, `${max} is not in the last bucket`);
  }
});

Deno.test("rows and sums are all calls, and every thread and file has its share of the rows", async () => {
  const command = [await cellsProgram(), scratchDirectory("cells"), "2", "2", "2000"];
  const { rows, sampling, lost } = await rowsOf(
    ["-e", "pread64,pwrite64", "--sample", "pread64=10"],
    command,
  );
  assert.equal(lost, 0);
  const reads = rows.filter(({ syscall }) => syscall === "pread64");
  const made = 2 * 2 * 2 * 2000;
  assert.deepEqual(Object.keys(sampling.by), ["pread64"]);
  assert.equal(sampling.counted, false);
  assert.equal(reads.length + sampling.by.pread64, made);
  assert.ok(Math.abs(reads.length - made / 10) <= CPUS, `${reads.length} rows`);
  assert.equal(rows.length - reads.length, 2 * 2 * 2000, "a call without a rate has all rows");
  // Every second read fails: a rate that counted to ten would see one kind only.
  const failed = reads.filter(({ failed }) => failed).length;
  assert.ok(
    failed > reads.length / 3 && failed < reads.length * 2 / 3,
    `${failed} of ${reads.length} failed`,
  );
  const files = Map.groupBy(reads, ({ path }) => path);
  for (const [path, of] of files) assert.ok(of.length > reads.length / 4, `${of.length} rows of ${path}`);
});

Deno.test("with a rate of 0 nothing is sent, so that the smallest ring loses nothing", async () => {
  const calls = 300_000;
  const flags = ["-e", "pread64", "--sample", "pread64=0", "--ring-size", "64k"];
  const { rows, sampling, lost } = await rowsOf(flags, [await loopProgram(), String(calls), "2"]);
  const report = await reportOf(flags, [await loopProgram(), String(calls), "2"]);
  const loaded = rows.length + sampling.calls - 2 * calls;
  assert.deepEqual([rows.length, lost], [0, 0]);
  assert.ok(loaded >= 0 && loaded < 10, `${loaded} calls of the loader`);
  assert.deepEqual([report.calls, report.loss.calls], [2 * calls + loaded, 0]);
  assert.equal(report.slowest.length, 0);
  const slots = report.series.slots.filter(({ calls }) => calls > 0);
  assert.ok(slots.reduce((sum, { calls }) => sum + calls, 0) === report.calls);
});

Deno.test("more threads and files than there are cells: calls are rows, sums or counted as lost", async () => {
  const [files, threads, times] = [4000, 4, 50];
  const command = [
    await cellsProgram(),
    scratchDirectory("cells"),
    ...[files, threads, 1, times].map(String),
  ];
  const report = await reportOf(["-e", "pwrite64,pread64", "--sample", "FS=0"], command);
  const made = files * threads * times * 3;
  const others = report.syscalls.find(({ syscall }) => syscall === "pread64")!.calls - made * 2 / 3;
  assert.ok(others >= 0 && others < 10 || report.loss.calls! > 0, `${others} other calls`);
  const lost = report.loss.calls ?? 0;
  assert.ok(
    report.calls + lost >= made && report.calls + lost < made + 10,
    `${report.calls} calls, ${lost} lost`,
  );
  const { calls } = report.sampling!;
  assert.ok(calls > 2 * CELLS * times, `${calls} calls are sums: cells of both rounds were used again`);
});

Deno.test("half of the cells are for what is met often: what is met once is a row when the others are given out", async () => {
  const files = 2500;
  const command = [await cellsProgram(), scratchDirectory("cells"), String(files), "1", "1"];
  const { calls, sampling, loss } = await reportOf(["-e", "pwrite64,pread64", "--sample", "FS=0"], command);
  assert.equal(loss.calls, 0);
  assert.ok(calls >= 3 * files && calls < 3 * files + 10, `${calls} calls`);
  // No key is met twice, but by the loader.
  const summed = sampling!.calls;
  assert.ok(summed >= CELLS / 2 && summed < CELLS / 2 + 10, `${summed} calls are sums`);
});

Deno.test("a call by path is a part of the sum of its file, also when more paths are used than are remembered", async () => {
  const [names, rounds, times] = [2_500, 2, 20];
  const directory = Deno.realPathSync(scratchDirectory("paths"));
  const parent = directory.slice(0, directory.lastIndexOf("/"));
  const command = [await compile(source("paths")), directory, ...[names, rounds, times].map(String)];
  const flags = ["-e", "access,rename", "--sample", "FS=0", "-P", "name"];
  const { files, syscalls, sampling, loss } = await reportOf(flags, command);
  assert.equal(loss.state, "none");
  assert.deepEqual(syscalls.map(({ syscall, calls, errors }) => [syscall, calls, errors]).sort(), [
    ["access", 2 * names * rounds * times, 2 * names * rounds * times],
    ["rename", names, names],
  ]);
  assert.ok(sampling!.calls > CELLS * times / 4, `${sampling!.calls} calls are sums`);
  const calls = new Map(files.map((file) => [file.path, file.calls]));
  assert.equal(calls.size, 3 * names);
  for (let i = 0; i < names; i++) {
    assert.equal(calls.get(`${parent}/name${i}`), rounds * times);
    assert.equal(calls.get(`${directory}/name${i}`), rounds * times);
    assert.equal(calls.get(`${directory}/name${i}x`), 1);
  }
});

Deno.test("while a small ring is busy fewer calls are rows, and every call is a row, a part of a sum or lost", async () => {
  const calls = 300_000;
  const flags = ["-e", "pread64", "--auto-sample", "--ring-size", "64k"];
  const command = [await loopProgram(), String(calls), "2"];
  const { rows, sampling, lost } = await rowsOf(flags, command);
  const loaded = rows.length + sampling.calls + (lost ?? NaN) - 2 * calls;
  assert.ok(loaded >= 0 && loaded < 10, `${loaded} calls of the loader`);
  assert.ok(sampling.raised!.pread64 >= 4 && sampling.calls > 0, JSON.stringify(sampling));
  const report = await reportOf(flags, command);
  const counted = report.calls + report.loss.calls! - 2 * calls;
  assert.ok(counted >= 0 && counted < 10, `${counted} calls of the loader`);
  assert.ok(report.sampling!.raised!.pread64 >= 4 && report.sampling!.counted);
});

Deno.test("a ring that is never busy leaves every call a row", async () => {
  const { rows, sampling } = await rowsOf(["-e", "pread64", "--auto-sample"], [
    await loopProgram(),
    "2000",
    "1",
  ]);
  assert.ok(rows.length >= 2000);
  assert.deepEqual([sampling.calls, sampling.raised], [0, {}]);
});

Deno.test("a flamegraph of sums is that of all rows, in calls and bytes", async () => {
  const command = [await cellsProgram(), scratchDirectory("cells"), "20", "3", "40"];
  const draw = async (flags: string[]) => {
    const output = `${scratchDirectory("sampling")}/graph.folded`;
    const run = ["flame", "-e", `${CALLS},fstat`, "--fields", "comm,tid,path,syscall,flags", "-o", output];
    const { code, stderr } = await runIor([...run, ...flags, "--", ...command]);
    assert.equal(code, 0, stderr);
    // Numbers of threads are others in each run.
    return Deno.readTextFileSync(output).split("\n").map((line) => line.replace(/;\d+;/, ";")).sort();
  };
  await draw([]); // makes the files
  for (const metric of ["count", "bytes"]) {
    const whole = await draw(["--metric", metric]);
    assert.ok(whole.length > 20);
    assert.deepEqual(await draw(["--metric", metric, "--sample", "FS=0"]), whole);
  }
});

Deno.test("the live view counts what has no row", async () => {
  const { code, stdout, stderr } = await runIor([
    ...["top", "--json", "--interval", "1s", "-e", "pread64", "--sample", "pread64=0", "--"],
    ...[await loopProgram(), "5000", "2"],
  ]);
  assert.equal(code, 0, stderr);
  const reports: Report[] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const calls = reports.reduce((sum, report) => sum + report.calls, 0);
  const summed = reports.reduce((sum, { sampling }) => sum + sampling!.calls, 0);
  assert.ok(calls >= 10_000 && calls < 10_010, `${calls} calls`);
  assert.equal(summed, calls);
  assert.equal(reports[0].sampling!.counted, true);
});

for (
  const words of [["top", "--json", "--interval", "500ms"], [
    "trace",
    "--json",
    "--interval",
    "500ms",
    "--full",
  ]]
) {
  Deno.test(`reports of intervals have every call once and slowest calls of their own (ior ${words[0]})`, async () => {
    const calls = 200_000;
    const output = `${scratchDirectory("intervals")}/reports`;
    const { code, stderr } = await runIor([
      ...[...words, "-o", output, "-e", "pread64", "--"],
      ...[await loopProgram(), String(calls), "2"],
    ]);
    assert.equal(code, 0, stderr);
    const reports: Report[] = Deno.readTextFileSync(output).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    const made = reports.reduce((sum, report) => sum + report.calls, 0);
    assert.ok(made >= 2 * calls && made < 2 * calls + 10, `${made} calls`);
    assert.ok(reports.every(({ sampling }) => sampling === undefined));
    for (const { interval, calls, slowest, slowest_missing, syscalls: [read] } of reports) {
      if (calls < 1000) continue;
      assert.equal(slowest.length, 50);
      assert.ok(slowest[0].latency_ns === read.max_ns || slowest_missing! > 0, JSON.stringify(interval));
    }
  });
}

Deno.test("filters select the same calls of a sampled trace", async () => {
  const directory = scratchDirectory("cells");
  const command = [await cellsProgram(), directory, "4", "2", "50"];
  const made = 4 * 2 * 50;
  for (
    const [flags, wanted] of [
      [["-e", CALLS, "-x", "-P", `^${directory}/`], { calls: made, errors: made }],
      [["-e", "pread64,pwrite64", "-P", `^${directory}/[01]$`], { calls: made * 3 / 2, errors: made / 2 }],
      [["-e", "pread64,pwrite64", "--slower", "10s"], { calls: 0, errors: 0 }],
      [["-e", "pwrite64", "--slower", "1ns"], { calls: made, errors: 0 }],
      [["-e", "pwrite64", "--comm", "cells*"], { calls: made, errors: 0 }],
      [["-e", "pwrite64", "--no-comm", "cells*"], { calls: 0, errors: 0 }],
    ] as const
  ) {
    const { calls, errors, loss } = await reportOf([...flags, "--sample", "FS=0"], command);
    assert.deepEqual({ calls, errors, lost: loss.calls }, { ...wanted, lost: 0 }, flags.join(" "));
  }
});

const READ = numberOf("read"), WRITE = numberOf("write");
const select = (syscalls: string[]): Filter => ({ ...emptyFilter(), syscalls });

Deno.test("every sum is of calls of one filter, however often filters change", async () => {
  // It calls until it is ended: however long it takes to load the programs, it is there when they are attached.
  const busy = new Deno.Command("dd", {
    args: ["if=/dev/zero", "of=/dev/null", "bs=1"],
    stdout: "null",
    stderr: "null",
  }).spawn();
  await using _ended = {
    async [Symbol.asyncDispose]() {
      busy.kill("SIGKILL");
      await busy.status;
    },
  };
  using capture = await Capture.load({
    selection: { ...select(["read"]), pids: [busy.pid] },
    launches: false,
    ringBytes: 1024 * 1024,
    sequencer: new RowSequencer(),
    epoch: 1,
    sampling: { FS: 0 },
  });
  capture.attach();
  const drain = () => {
    for (let full = true; full;) {
      const taken = capture.drain();
      if (taken.batch) {
        assert.equal(taken.batch.length, 0, "there are no rows");
        capture.recycle(taken.batch.columns);
      }
      full = taken.full;
    }
  };
  let [epoch, changes, seen] = [1, 0, 0];
  // A look may find the bytes of calls that it does not count yet.
  let [calls, bytes] = [0, 0];
  const take = () => {
    drain();
    for (const cell of plainCells(capture.takeSums(epoch))) {
      assert.equal(cell.nr, epoch % 2 === 1 ? READ : WRITE);
      assert.equal(cell.latency.counts.reduce((sum, count) => sum + count, 0), cell.calls);
      calls += cell.calls;
      bytes += cell.bytes;
    }
  };
  await waitFor(() => {
    take();
    capture.changeFilter(select([epoch % 2 === 1 ? "write" : "read"]), epoch + 1);
    take();
    assert.ok(bytes - calls === 0 || bytes - calls === 1, `${bytes} bytes of ${calls} calls`);
    seen += calls;
    [calls, bytes] = [0, 0];
    epoch++;
    changes++;
    return changes > 100 && seen > 1000;
  }, { timeoutMs: 60_000, what: "sums of a hundred filters" });
});

Deno.test("a filter that needs the single call is refused while calls are sampled", async () => {
  using capture = await Capture.load({
    selection: select(["read"]),
    launches: false,
    ringBytes: 64 * 1024,
    sequencer: new RowSequencer(),
    epoch: 1,
    sampling: {},
  });
  const where = parseExpression({ option: "--where", text: "bytes > 10 and ret > 2", example: "" });
  assert.throws(() => capture.changeFilter({ ...select(["read"]), where }, 2), {
    message: "Cannot filter by bytes: calls of this trace are sampled",
  });
});

Deno.test("a recording of a sample says so in its report", async () => {
  const file = `${scratchDirectory("sampling")}/run.parquet`;
  const command = [await loopProgram(), "5000", "1"];
  const recorded = await runIor([
    "record",
    file,
    "-q",
    "-e",
    "pread64",
    "--sample",
    "pread64=50",
    "--",
    ...command,
  ]);
  assert.equal(recorded.code, 0, recorded.stderr);
  const json = await runIor(["report", file, "--json"]);
  const report: Report = JSON.parse(json.stdout);
  assert.equal(report.sampling?.counted, false);
  const all = report.calls + report.sampling.calls;
  assert.ok(all >= 5000 && all < 5010, `${all} calls`);
  const { stdout } = await runIor(["report", file]);
  assert.match(
    stdout,
    /^sampling +rows are 1 of 50 pread64; [\d,]+ MORE CALLS HAVE NO ROW AND ARE NOT COUNTED BELOW$/m,
  );
  // What a trace counts whole.
  const few = ["--strict", "--brief", "--assert", "calls(pread64) < 200"];
  const traced = await runIor(["trace", ...few, "-e", "pread64", "--sample", "pread64=50", "--", ...command]);
  assert.equal(traced.code, 3, traced.stderr);
  const svg = `${scratchDirectory("sampling")}/run.svg`;
  for (
    const reader of [
      ["report", ...few, file],
      ["diff", "--strict", file, file],
      ["files", "--strict", file],
      ["flame", "--strict", "--from", file, "-o", svg],
      ["top", "--strict", "--batch", "--from", file],
    ]
  ) {
    assert.equal((await runIor(reader)).code, 4, reader.join(" "));
  }
  for (const reader of [few.with(0, "--brief"), ["--json"]]) {
    assert.equal((await runIor(["report", ...reader, file])).code, 0, reader.join(" "));
  }
  assert.equal((await runIor(["stream", "--strict", "--from", file])).code, 0, "its rows are all there");
});

Deno.test("what cannot be sampled is refused", async () => {
  for (
    const [words, message] of [
      [["trace", "--sample", "read"], /Cannot use --sample `read`: it must be NAME=R/],
      [["trace", "--sample", "raed=5"], /unknown system call.*\n.*Did you mean `read`/],
      [["trace", "--sample", "read="], /R must be a whole number from 0/],
      [
        ["flame", "--sample", "read=5", "--where", "bytes > 10"],
        /Cannot sample calls that are filtered by bytes.*\n.*Leave --sample, /,
      ],
      [
        ["top", "--batch", "--auto-sample", "--where", "latency > 1s and fd = 3"],
        /Cannot sample calls that are filtered by fd/,
      ],
    ] as const
  ) {
    const { code, stderr } = await runIor([...words, "--", "true"]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});

Deno.test("Where rates may be raised no call is lost on a small ring, and the report says which are on [unknown]", async () => {
  const [files, threads] = [2_000, 2];
  const command = [await cellsProgram(), scratchDirectory("raised"), `${files}`, `${threads}`, "1"];
  const report = await reportOf(["--auto-sample", "--ring-size", "64k", "-e", CALLS], command);
  assert.equal(report.loss.state, "none");
  const calls = new Map(report.syscalls.map(({ syscall, calls }) => [syscall, calls]));
  assert.deepEqual([calls.get("pwrite64"), calls.get("pread64")], [files * threads, 2 * files * threads]);
  assert.ok(report.loss.unnamed! > 0);
  assert.equal(report.files.find(({ path }) => path === "[unknown]")!.calls, report.loss.unnamed);
});

/** Bytes that the threads of kernel_lib/unread.c read while nobody reads their calls. */
function unreadBytes(threads: number, calls: number): number {
  let bytes = 0;
  for (let thread = 0; thread < threads; thread++) {
    let random = thread * 7919 + 1;
    for (let call = 0; call < calls; call++) {
      random = (Math.imul(random, 1103515245) + 12345) >>> 0;
      bytes += 2 ** ((random >>> 20) % 18);
    }
  }
  return bytes;
}

Deno.test("While nobody reads no call is lost, also of more keys than there is room for, interrupted or killed", async () => {
  const [files, threads, calls, ends] = [300, 16, 5_000, 200];
  const numbers = [files, threads, calls, ends].map(String);
  const command = [await unreadProgram(), scratchDirectory("unread"), ...numbers];
  for (const flags of [[], ["--no-rows"], ["--auto-sample"]]) {
    const report = await reportOf(["--ring-size", "64k", "-e", "pread64,readv", ...flags], command);
    assert.equal(report.loss.state, "none", `${report.loss.calls} lost with ${flags}`);
    const figures = (name: string) => {
      const { calls, errors, read_bytes, latency } = report.syscalls.find(({ syscall }) => syscall === name)!;
      const returned = latency.buckets.reduce((sum, [, , count]) => sum + count, 0);
      return { calls, errors, read_bytes, returned };
    };
    const made = threads * calls;
    const before = files + threads;
    const loader = figures("pread64").calls - 2 * made - before;
    assert.ok(loader >= 0 && loader < 10, `${loader} calls of the loader`);
    assert.equal(figures("pread64").returned, figures("pread64").calls);
    assert.equal(figures("pread64").errors, made);
    const others = Number(figures("pread64").read_bytes) - unreadBytes(threads, calls) - before;
    assert.ok(others >= 0 && others < 10_000, `${others} bytes of the loader`);
    const waited = report.waiting.reduce((sum, { calls }) => sum + calls, 0);
    assert.equal(waited, 2 * ends, `${waited} calls waited with ${flags}`);
    assert.deepEqual(figures("readv"), { calls: 2 * ends, errors: ends, read_bytes: 0, returned: ends });
  }
});

Deno.test("Under a condition on threads no call is lost of those that are known, though its files are not", async () => {
  const [threads, calls, ends] = [8, 3_000, 200];
  const numbers = [200, threads, calls, ends].map(String);
  const command = [await unreadProgram(), scratchDirectory("judged"), ...numbers];
  for (const condition of [["--comm", "unread"], ["--where", "errno = EINVAL or comm = unread"]]) {
    const flags = ["--ring-size", "64k", "--no-rows", "-e", "pread64,readv", ...condition];
    const { loss, syscalls } = await reportOf(flags, command);
    // There was no room for the names of the children, each of which is killed in its only call.
    assert.equal(loss.calls, ends);
    assert.ok(loss.unnamed! > 0);
    assert.deepEqual(
      syscalls.map(({ syscall, errors }) => [syscall, errors]).toSorted(),
      [["pread64", threads * calls], ["readv", ends]],
    );
  }
});
