/**
 * `deno task bench`: what tracing costs, as ratios against an untraced run of the same loop in the same minute, beside
 * the budgets. Needs root and gcc; takes about two minutes. Read the ratios: the nanoseconds are this machine's.
 */
import { measureSnapshots, snapshotLine } from "./flame.ts";
import {
  buildLoops,
  type Loop,
  LOOPS,
  median,
  parseLoop,
  runBare,
  runTraced,
  runUnselected,
} from "./loops.ts";
import { extrasLines } from "./extras.ts";
import { rejectedLines } from "./rejected.ts";
import { stacksLines } from "./stacks.ts";
import { sumsLines } from "./sums.ts";
import { recordingBenchLines, runRecordingBench } from "./recording.ts";
import { liveRowsLines, rowsBenchLines, runRowsBench } from "./rows.ts";
import { readerLines } from "./reader.ts";
import { ringLockLines } from "./ring_lock.ts";
import { measureUserSide } from "./user_side.ts";

const ROUNDS = 5;
const SECONDS = 1;
const SUSTAINED_SECONDS = 10;

/** Budgets of the design, nanoseconds per call; set on a machine whose bare read-write call took 150. */
const ADDED_BUDGET_NS: Record<Loop, number | null> = {
  "read-write": 280,
  "open-stat-read-close": 320,
  stat: null,
};

const directory = Deno.makeTempDirSync({ prefix: "ior-bench-" });
const program = buildLoops(directory);
const commit = new TextDecoder().decode(
  new Deno.Command("git", { args: ["rev-parse", "--short", "HEAD"] }).outputSync().stdout,
).trim();
console.log(
  `ior bench, commit ${commit}, Linux ${Deno.osRelease()}, ${navigator.hardwareConcurrency} cores, ${
    new Date().toISOString().slice(0, 10)
  }`,
);

let peakRss = 0;
console.log("\nadded nanoseconds per call (median of rounds; bare loop = 1.0)");
for (const loop of LOOPS) {
  const bare: number[] = [];
  const traced: number[] = [];
  const unselected: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(runBare(program, loop, SECONDS).nsPerCall);
    const { report, stderr } = runTraced(directory, [program, loop, String(SECONDS)]);
    if (report.loss.state !== "none") {
      console.log(`  ${loop}: loss ${report.loss.state} ${report.loss.calls}`);
    }
    traced.push(parseLoop(stderr).nsPerCall);
    peakRss = Math.max(peakRss, report.cost.max_rss_bytes);
    if (loop === "read-write") unselected.push((await runUnselected(program, loop, SECONDS)).nsPerCall);
  }
  const base = median(bare);
  const ratio = (ns: number) => `${(ns / base).toFixed(2)}x`;
  const added = median(traced) - base;
  const budget = ADDED_BUDGET_NS[loop];
  console.log(
    `  ${loop}: bare ${base.toFixed(0)} ns, traced ${median(traced).toFixed(0)} ns (${
      ratio(median(traced))
    }), added ${added.toFixed(0)} ns` +
      (budget ? ` (budget ${budget})` : ""),
  );
  if (unselected.length > 0) {
    const extra = median(unselected) - base;
    console.log(
      `  ${loop}, process not selected: ${median(unselected).toFixed(0)} ns (${
        ratio(median(unselected))
      }), added ${extra.toFixed(0)} ns (budget 150)`,
    );
  }
}

console.log("\nadded to a call that a filter rejects (shortest of rounds; bare loop = 1.0)");
for (const line of await rejectedLines(directory, ROUNDS, 0.3)) console.log(line);

console.log("\nadded to a call for what a trace is asked to know of it (shortest of rounds)");
for (const line of extrasLines(directory, ROUNDS, 0.3)) console.log(line);

console.log("\nadded to a call as a row and as a part of a sum (median of rounds; bare loop = 1.0)");
for (const line of sumsLines(directory, 1, ROUNDS, SECONDS)) console.log(line);

console.log("\nadded to a call as a row, and as a row with its stack (shortest of rounds)");
for (const line of stacksLines(directory, ROUNDS, 0.3)) console.log(line);

const cores = navigator.hardwareConcurrency;
console.log(`\nthe same on a busy machine: a loop on each of ${cores} cores`);
for (const line of sumsLines(directory, cores, ROUNDS, SECONDS)) console.log(line);

console.log("\nuser side, nanoseconds per call (recorded loop, read with the compiler warm)");
for (const loop of LOOPS) {
  const cost = await measureUserSide(program, loop, 0.3);
  console.log(
    `  ${loop}: reader and decoder ${cost.readerNs.toFixed(0)} ns (budget 40), stats ${
      cost.statsNs.toFixed(0)
    } ns (budget 60), flame trie ${cost.flameNs.toFixed(0)} ns (budget 150), ${cost.calls} calls`,
  );
}
console.log(snapshotLine(measureSnapshots()));

console.log(
  "\nat the rates of large machines: reader and decoder on a ring of 16 MiB, and the lock of a ring",
);
for (const line of [...readerLines(1), ...ringLockLines(directory, 5, 0.3)]) console.log(line);

console.log("\nrows as text");
for (const line of rowsBenchLines(runRowsBench(), 1_000_000)) console.log(line);
for (const line of liveRowsLines(directory, program, SECONDS)) console.log(line);

console.log("\nrecording, and reading it back");
for (const line of recordingBenchLines(await runRecordingBench(), 500_000)) console.log(line);

console.log(`\nhighest rate with no loss, default ring, ${SUSTAINED_SECONDS} s`);
for (const processes of [1, 2]) {
  const one = `"$0" read-write ${SUSTAINED_SECONDS}`;
  const { report, stderr } = runTraced(directory, [
    "sh",
    "-c",
    Array(processes).fill(one).join(" & ") + "; wait",
    program,
  ]);
  const { ns } = parseLoop(stderr);
  peakRss = Math.max(peakRss, report.cost.max_rss_bytes);
  console.log(
    `  ${processes} process(es): ${
      (report.calls / (ns / 1e9) / 1e6).toFixed(2)
    } million calls/s recorded, lost ${report.loss.calls ?? "unknown"} of ${
      report.calls + (report.loss.calls ?? 0)
    }; ior's CPU ${(report.cost.cpu_ns / report.calls).toFixed(0)} ns per call`,
  );
}

console.log("\nstart to first call seen");
const starts: number[] = [];
for (let round = 0; round < 7; round++) {
  const file = `${directory}/rows.ndjson`;
  const begin = performance.timeOrigin + performance.now();
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", main, "stream", "--format", "ndjson", "-o", file, "--", "true"],
  }).outputSync();
  const row = JSON.parse(Deno.readTextFileSync(file).split("\n")[1]);
  starts.push(new Date(row.time).getTime() - begin);
}
console.log(
  `  median ${median(starts).toFixed(0)} ms of ${starts.map((ms) => ms.toFixed(0)).join(", ")} (budget 150)`,
);
console.log(`\npeak resident memory of all runs: ${(peakRss / 1048576).toFixed(0)} MiB (budget 200 MB)`);
Deno.removeSync(directory, { recursive: true });
Deno.exit(0);
