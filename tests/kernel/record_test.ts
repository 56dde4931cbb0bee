/** `ior record`: segments, interruptions, and whom its files belong to. */
import assert from "node:assert/strict";
import { ROW_GROUP_ROWS } from "../../engine/recording/row_group.ts";
import { timeAfter } from "../../runtime/rfc3339.ts";
import { askDuckDb } from "../engine/recording/duckdb/ask.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { filesBelow, numbersFrom, numbersOf, reportOf, segmentsIn } from "../kernel_lib/recordings.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { StepsRun, stepsWords } from "../kernel_lib/steps.ts";
import { waitFor } from "../wait.ts";

/** The user that ior's files belong to when sudo says so. */
const NOBODY = 65_534;

/** Longest wait for segments; only reached when none come. */
const SEGMENTS_MS = 60_000;

/** Rows of a segment where it is cut by rows. */
const SEGMENT_ROWS = 1000;

/** Only the calls of the program that makes a known number of them. */
const KNOWN = ["-e", "pread64"];

/** Records a program of steps that goes on until it is let go. */
async function recordEndless(target: string, ...flags: string[]): Promise<StepsRun> {
  const options = { stdin: "piped", smallParent: false } as const;
  return new StepsRun(["record", target, ...KNOWN, ...flags], await stepsWords(20, ["-"]), options);
}

const segmentsThere = (directory: string, count: number) =>
  waitFor(() => segmentsIn(directory).length >= count, {
    timeoutMs: SEGMENTS_MS,
    what: `${count} segments in ${directory}`,
  });

Deno.test("Segments of a run that was killed hold every call up to the last of them, and the next run goes on beside", async () => {
  const directory = `${scratchDirectory("killed")}/rec`;
  await using run = await recordEndless(directory + "/", "--segment-rows", String(SEGMENT_ROWS));
  await segmentsThere(directory, 3);
  run.child.kill("SIGKILL");
  await run.goOn();
  assert.equal((await run.end()).signal, "SIGKILL");

  const segments = segmentsIn(directory);
  const rows = segments.length * SEGMENT_ROWS;
  for (const path of filesBelow(directory)) assert.match(path, /\.parquet(\.part)?$/);
  for (const path of segments) assert.equal((await reportOf(path)).calls, SEGMENT_ROWS);
  const report = await reportOf(directory);
  assert.deepEqual([report.calls, report.loss.state, report.loss.calls], [rows, "unknown", null]);
  assert.deepEqual(await numbersOf(directory), numbersFrom(1, rows));
  const [[found]] = await askDuckDb([
    `SELECT count(*)::int AS rows, max(seq)::int AS last FROM read_parquet('${directory}/**/*.parquet')`,
  ]);
  assert.deepEqual(found, { rows, last: rows });
  const { stdout } = await runIor(["report", directory]);
  assert.match(stdout, /^LOSS +UNKNOWN/m);
  const strict = await runIor(["stream", "--from", directory, "--strict"]);
  assert.equal(strict.code, 4, strict.stderr);

  const again = await runIor(["record", directory, ...KNOWN, "--", ...await stepsWords(0, [500])]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal((await reportOf(directory)).calls, rows + 500);
  for (const path of segments) assert.equal((await reportOf(path)).calls, SEGMENT_ROWS);
  await nothingLeftBehind();
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`A recording in one file that ends by ${signal} is complete`, async () => {
    const directory = scratchDirectory("interrupted");
    const file = `${directory}/run.parquet`;
    // The second step is never let go while ior is there.
    const words = await stepsWords(0, [5000, 1]);
    const options = { stdin: "piped", smallParent: false } as const;
    // SIGINT is not passed on: without a terminal the command does not hear of it, and ior would wait for it.
    await using run = new StepsRun(["record", file, "--no-wait", ...KNOWN], words, options);
    await run.step(1);
    run.child.kill(signal);
    const { code, signal: endedBy } = await run.iorEnd();
    // What is passed on to the command ends it, and ior's end is the command's.
    assert.deepEqual([code === 0, endedBy], signal === "SIGINT" ? [true, null] : [false, signal]);
    assert.deepEqual(filesBelow(directory), [file]);
    const report = await reportOf(file);
    assert.deepEqual([report.calls, report.read_bytes, report.loss.state], [5000, 5000, "none"]);
    assert.deepEqual(await numbersOf(file), numbersFrom(1, 5000));
  });
}

Deno.test("The signal that asks for a report ends no recording", async () => {
  const file = `${scratchDirectory("asked")}/run.parquet`;
  await using run = new StepsRun(["record", file, ...KNOWN], await stepsWords(0, [1000, 1000]), {
    stdin: "piped",
    smallParent: false,
  });
  await run.step(1);
  run.child.kill("SIGUSR2");
  await run.goOn();
  const { code, stderr } = await run.end();
  assert.equal(code, 0, stderr);
  assert.equal((await reportOf(file)).calls, 2000);
});

Deno.test("A recording in one file that was killed is not there under its name, and what was there before still is", async () => {
  for (const before of [null, "before"]) {
    const directory = scratchDirectory("killed-file");
    const file = `${directory}/run.parquet`;
    if (before !== null) Deno.writeTextFileSync(file, before);
    const options = { stdin: "piped", smallParent: false } as const;
    await using run = new StepsRun(["record", file, ...KNOWN], await stepsWords(0, [500_000, 1]), options);
    await run.step(1);
    run.child.kill("SIGKILL");
    await run.goOn();
    await run.end();
    const named = filesBelow(directory).filter((path) => !path.endsWith(".part"));
    assert.deepEqual(named, before === null ? [] : [file]);
    if (before !== null) assert.equal(Deno.readTextFileSync(file), before);
    const again = await runIor(["record", file, ...KNOWN, "--", ...await stepsWords(0, [100])]);
    assert.equal(again.code, 0, again.stderr);
    assert.equal((await reportOf(file)).calls, 100);
  }
});

Deno.test("Segments are cut by rows, and only the newest are kept", async () => {
  const directory = `${scratchDirectory("kept")}/rec`;
  const flags = ["--segment-rows", String(SEGMENT_ROWS), "--keep", "3"];
  const words = await stepsWords(0, [10 * SEGMENT_ROWS + 500]);
  const { code, stderr } = await runIor(["record", `${directory}/`, ...KNOWN, ...flags, "--", ...words]);
  assert.equal(code, 0, stderr);
  const segments = segmentsIn(directory);
  assert.deepEqual(filesBelow(directory), segments);
  const counts = await Promise.all(segments.map(async (path) => (await reportOf(path)).calls));
  assert.deepEqual(counts, [SEGMENT_ROWS, SEGMENT_ROWS, 500]);
  assert.deepEqual(await numbersOf(directory), numbersFrom(8 * SEGMENT_ROWS + 1, 2 * SEGMENT_ROWS + 500));

  const report = await reportOf(directory);
  assert.equal(report.loss.state, "none");
  const { from, to } = report.covers;
  assert.ok(report.started < from && from < to, `${report.started} ${from} ${to}`);
  const { stdout } = await runIor(["stream", "--format", "ndjson", "--from", directory]);
  assert.deepEqual(JSON.parse(stdout.slice(0, stdout.indexOf("\n"))).covers, { from, to });
  Deno.writeTextFileSync(`${directory}.ndjson`, stdout);
  assert.deepEqual((await reportOf(`${directory}.ndjson`)).covers, { from, to });

  const played = await runIor(["top", "--json", "--interval", "1h", "--from", directory]);
  const { interval } = JSON.parse(played.stdout);
  const times = [interval.start_ns, interval.end_ns].map((ns) => timeAfter(report.started, ns));
  assert.deepEqual(times, [from, to]);
});

Deno.test("Segments are cut by time while rows come, and together they have every row", async () => {
  const directory = `${scratchDirectory("timed")}/rec`;
  await using run = await recordEndless(`${directory}/`, "--segment-time", "100ms");
  await segmentsThere(directory, 4);
  await run.goOn();
  const { code, calls, stderr } = await run.end();
  assert.equal(code, 0, stderr);
  const report = await reportOf(directory);
  assert.deepEqual([report.calls, report.loss.state], [calls, "none"]);
  assert.deepEqual(await numbersOf(directory), numbersFrom(1, calls));
});

Deno.test("Segments are cut by size, at the end of a row group", async () => {
  const directory = `${scratchDirectory("sized")}/rec`;
  const calls = 400_000;
  const flags = ["--segment-size", "64k", "--ring-size", "256M"];
  const words = await stepsWords(0, [calls]);
  const { code, stderr } = await runIor(["record", `${directory}/`, ...KNOWN, ...flags, "--", ...words]);
  assert.equal(code, 0, stderr);
  const segments = segmentsIn(directory);
  const counts = await Promise.all(segments.map(async (path) => (await reportOf(path)).calls));
  const full = Math.floor(calls / ROW_GROUP_ROWS);
  assert.deepEqual(counts, [...Array(full).fill(ROW_GROUP_ROWS), calls % ROW_GROUP_ROWS]);
});

Deno.test("Under sudo recordings, their directories and flamegraphs belong to the calling user", async () => {
  const directory = scratchDirectory("owned");
  Deno.chownSync(directory, NOBODY, NOBODY);
  const env = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY), SUDO_USER: "nobody" };
  const runs = [
    ["record", `${directory}/run.parquet`],
    ["record", `${directory}/new/rec/`],
    ["flame", "-o", `${directory}/page.html`],
    ["flame", "-o", `${directory}/picture.svg`, "--split"],
    ["trace", "-o", `${directory}/report`, "--record", `${directory}/beside.parquet`, "--flame"],
  ];
  runs.at(-1)!.push(`${directory}/beside.folded`);
  for (const args of runs) {
    const { code, stderr } = await runIor([...args, "--", "ls", "/"], { env });
    assert.equal(code, 0, stderr);
  }
  const { success, stdout } = await new Deno.Command("find", {
    args: [directory, "-printf", "%U %G %y\\n"],
    stdout: "piped",
  }).output();
  assert.ok(success);
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  const counts = Object.fromEntries(
    Map.groupBy(lines, (line) => line).entries().map(([line, all]) => [line, all.length]),
  );
  // new, rec, host=… and date=… in the directory; a file each, four of them by --split and three of the trace.
  assert.deepEqual(counts, { [`${NOBODY} ${NOBODY} d`]: 5, [`${NOBODY} ${NOBODY} f`]: 10 });
});
