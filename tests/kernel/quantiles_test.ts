/** Quantiles of the report against those of a program that measured its own calls. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compile } from "../kernel_lib/compile.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Largest relative error of a quantile that the report states. */
const STATED_ERROR = 0.02;

/** What the program's own measurement adds to a call: two clock reads, and the tracer's work around the call. */
const AROUND_A_CALL_NS = 60_000;

/** Quantile of a sorted list: the smallest value that at least `q` of the values do not exceed. */
function exactQuantile(sorted: number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

/** Runs of the program: what interrupts it after a call is in its own measurement only, and not in that of the tracer. */
const ATTEMPTS = 3;

/** What a run says against the report of it; `null` for nothing. */
async function contradiction(program: string, file: string): Promise<string | null> {
  const { code, stderr } = await runIor([
    "trace",
    "--json",
    "-e",
    "nanosleep,clock_nanosleep",
    "-o",
    file,
    "--",
    program,
  ]);
  assert.equal(code, 0, stderr);
  const measured = stderr.trim().split("\n").map(Number).sort((a, b) => a - b);
  assert.equal(measured.length, 200);
  const report = JSON.parse(Deno.readTextFileSync(file));
  assert.equal(report.syscalls.length, 1);
  const row = report.syscalls[0];
  assert.equal(row.calls, 200);
  for (const [name, q] of [["p50_ns", 0.5], ["p90_ns", 0.9], ["p99_ns", 0.99], ["max_ns", 1]] as const) {
    const exact = exactQuantile(measured, q);
    const [low, high] = [exact * (1 - STATED_ERROR) - AROUND_A_CALL_NS, exact * (1 + STATED_ERROR)];
    // No call takes longer than the program saw.
    assert.ok(row[name] <= high, `${name} is ${row[name]}, the program measured ${exact}`);
    if (row[name] < low) return `${name} is ${row[name]}, the program measured ${exact}`;
  }
  const total = measured.reduce((sum, ns) => sum + ns, 0);
  assert.ok(row.total_ns <= total, `${row.total_ns} of ${total}`);
  return row.total_ns >= total - 200 * AROUND_A_CALL_NS ? null : `${row.total_ns} of ${total}`;
}

Deno.test("Quantiles of sleeps of known lengths are within the stated error of what the program measured itself", async () => {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/sleeper.c", import.meta.url)));
  const file = `${scratchDirectory("quantiles")}/report.json`;
  const found: string[] = [];
  while (found.length < ATTEMPTS) {
    const one = await contradiction(program, file);
    if (one === null) return;
    found.push(one);
  }
  assert.fail(found.join("; "));
});
