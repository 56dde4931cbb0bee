import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compile } from "../kernel_lib/compile.ts";
import { missingFeatures } from "../kernel_lib/features.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { readRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const source = (name: string) => fileURLToPath(new URL(`../kernel_lib/${name}.c`, import.meta.url));

/** The smallest ring that ior takes. */
const SMALLEST_RING = "64k";

interface Loss {
  state: string;
  calls: number | null;
  by: Record<string, number>;
}

/** Runs `ior trace --json` on the loop and gives what it counted. */
async function traceLoop(calls: number, threads: number, ...flags: string[]) {
  const output = `${scratchDirectory("loss")}/report.json`;
  const words = [await compile(source("loop")), String(calls), String(threads)];
  const ran = await runIor(["trace", "--json", "-e", "pread64", ...flags, "-o", output, "--", ...words]);
  const report = JSON.parse(Deno.readTextFileSync(output));
  return { ...ran, report, loss: report.loss as Loss };
}

function sum(loss: Loss): number {
  return Object.values(loss.by).reduce((total, calls) => total + calls, 0);
}

Deno.test("Of two million calls each is counted or counted as lost", async () => {
  const { code, stderr, report, loss } = await traceLoop(2_000_000, 1);
  assert.equal(code, 0, stderr);
  assert.notEqual(loss.state, "unknown");
  assert.equal(loss.calls, sum(loss));
  assert.equal(report.calls + loss.calls, 2_000_000);
  assert.equal(report.read_bytes, report.calls);
  assert.equal(report.syscalls[0].calls, report.calls);
});

for (const ring of [SMALLEST_RING, "256k"]) {
  Deno.test(`With a ring of ${ring}, far too small, calls are lost and each of them is counted`, async () => {
    const { code, stderr, report, loss } = await traceLoop(500_000, 2, "--rows", "--ring-size", ring);
    assert.equal(code, 0, stderr);
    assert.equal(loss.state, "some");
    assert.ok(loss.by.ring_full > 0, `ring_full is ${loss.by.ring_full}`);
    assert.equal(loss.calls, sum(loss));
    assert.ok(report.calls > 0, "not a single call was seen");
    assert.equal(report.calls + loss.calls, 1_000_000);
  });
}

Deno.test("On the smallest ring a trace loses nothing when the kernel decides what it adds up", async () => {
  const { report, loss } = await traceLoop(500_000, 2, "--ring-size", SMALLEST_RING);
  assert.equal(loss.state, "none");
  assert.equal(report.calls, 1_000_000);
});

Deno.test("A stream has as many rows as its end says, and rows and lost calls are all calls", async () => {
  const output = `${scratchDirectory("loss")}/rows.ndjson`;
  const words = [await compile(source("loop")), "300000", "2"];
  const flags = ["--format", "ndjson", "-e", "pread64", "--ring-size", SMALLEST_RING];
  const { code, stderr } = await runIor(["stream", ...flags, "-o", output, "--", ...words]);
  assert.equal(code, 0, stderr);
  const { rows, end } = readRows(output);
  assert.equal(end.loss.state, "some");
  assert.equal(rows.length + end.loss.calls!, 600_000);
  for (const row of rows) {
    assert.equal(row.syscall, "pread64");
    assert.equal(row.path, "/dev/zero", `row ${row.seq}`);
    assert.equal(row.bytes, 1);
  }
});

Deno.test("A call that was lost ends ior with status 4 under --strict, and not without a loss", async () => {
  const lossy = await traceLoop(200_000, 2, "--strict", "--rows", "--ring-size", SMALLEST_RING);
  assert.equal(lossy.loss.state, "some");
  assert.equal(lossy.code, 4, lossy.stderr);
  const complete = await traceLoop(1000, 2, "--strict");
  assert.deepEqual({ code: complete.code, state: complete.loss.state }, { code: 0, state: "none" });
  assert.equal(complete.loss.calls, 0);
  assert.equal(complete.report.calls, 2000);
});

Deno.test("The report as text says how many calls were lost, and what to do", async () => {
  const words = [await compile(source("loop")), "200000", "2"];
  const flags = ["--rows", "-e", "pread64", "--ring-size", SMALLEST_RING];
  const { stdout } = await runIor(["trace", ...flags, "--", ...words]);
  const [, counted] = /^calls +([\d,]+)/m.exec(stdout) ?? [];
  const [, lost] = /^LOSS +([\d,]+) CALLS/m.exec(stdout) ?? [];
  assert.ok(counted !== undefined && lost !== undefined, stdout);
  const number = (text: string) => Number(text.replaceAll(",", ""));
  assert.equal(number(counted) + number(lost), 400_000);
  assert.match(stdout, /^LOSS.*ring_full.*--ring-size/m);
});

Deno.test("A stream as text says on standard error how many calls were lost, and what to do", async () => {
  const words = [await compile(source("loop")), "200000", "2"];
  const { stdout, stderr } = await runIor([
    "stream",
    "-e",
    "pread64",
    "--ring-size",
    SMALLEST_RING,
    "--",
    ...words,
  ]);
  const [, lost] = /^ior: ([\d,]+) calls were lost/m.exec(stderr) ?? [];
  assert.ok(lost !== undefined, stderr);
  const rows = stdout.split("\n").filter((line) => / pread64 /.test(line)).length;
  assert.equal(rows + Number(lost.replaceAll(",", "")), 400_000);
  assert.match(stderr, /--ring-size/);
});

Deno.test("A recording says on standard error how many calls were lost, beside those that it has", async () => {
  const file = `${scratchDirectory("loss")}/run.parquet`;
  const words = [await compile(source("loop")), "200000", "2"];
  const flags = ["-e", "pread64", "--ring-size", SMALLEST_RING];
  const { stderr } = await runIor(["record", file, ...flags, "--", ...words]);
  const numbers = [/^ior: ([\d,]+) calls recorded in /m, /^ior: ([\d,]+) calls were lost/m]
    .map((line) => Number(line.exec(stderr)?.[1].replaceAll(",", "")));
  assert.equal(numbers[0] + numbers[1], 400_000, stderr);
  const quiet = await runIor(["record", file, "-q", ...flags, "--", ...words]);
  assert.equal(quiet.stderr, "");
});

const lacking = missingFeatures(["ia32"]);
Deno.test({
  name:
    "Selected calls through the 32-bit table have rows or are added up, each, and none under a wrong name" +
    (lacking.length > 0 ? " (skipped: this machine makes no 32-bit calls)" : ""),
  ignore: lacking.length > 0,
  async fn() {
    const words = [await compile(source("compat")), "5000"];
    // Number 20 of the 32-bit table is getpid; that of the 64-bit table is writev.
    const cases: [calls: string, rows: Record<string, number>][] = [
      ["pread64,getpid", { getpid: 5001, pread64: 1 }],
      ["pread64,writev", { pread64: 1 }],
    ];
    for (const [calls, expected] of cases) {
      const output = `${scratchDirectory("loss")}/rows.ndjson`;
      const flags = ["--format", "ndjson", "-e", calls, "--strict"];
      const { code, stderr } = await runIor(["stream", ...flags, "-o", output, "--", ...words]);
      assert.equal(code, 0, stderr);
      const { rows, end } = readRows(output);
      const counted = Object.fromEntries(
        [...Map.groupBy(rows, (row) => row.syscall)].map(([name, of]) => [name, of.length]),
      );
      assert.deepEqual(counted, expected);
      assert.equal(end.loss.state, "none");
    }
    const summed = `${scratchDirectory("loss")}/report.json`;
    const flags = ["--json", "--no-rows", "-e", "getpid", "--strict"];
    const { code, stderr } = await runIor(["trace", ...flags, "-o", summed, "--", ...words]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(Deno.readTextFileSync(summed)).calls, 5001);
  },
});
