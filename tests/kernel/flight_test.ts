/** `ior record --trigger`: what is written around calls that match, and what is said and run then. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compile } from "../kernel_lib/compile.ts";
import { type IorOptions, runIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { filesBelow, numbersFrom, numbersOf, reportOf, segmentsIn } from "../kernel_lib/recordings.ts";
import type { RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { smallDisk } from "../kernel_lib/small_disk.ts";
import { StepsRun, stepsWords } from "../kernel_lib/steps.ts";

const NOBODY = 65_534;
const MS = 1e6;

/** The calls of the program, and none of those that it is started with. */
const CALLS = ["-e", "pread64,read", "-P", "/old$,^pipe:"];

/** A call as the program has seen it, nanoseconds. */
interface Moment {
  action: string;
  before: number;
  after: number;
}

/** Records the program of moments.c; what is traced has these names in every window. */
async function recordMoments(actions: readonly string[], flags: readonly string[], options: IorOptions = {}) {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/moments.c", import.meta.url)));
  const directory = scratchDirectory("flight");
  if (options.env !== undefined) Deno.chownSync(directory, NOBODY, NOBODY);
  const old = `${directory}/old`;
  Deno.writeTextFileSync(old, "x");
  const words = [program, old, ...actions];
  const rec = `${directory}/rec`;
  const ended = await runIor(["record", `${rec}/`, ...CALLS, ...flags, "--", ...words], options);
  assert.equal(ended.code, 0, ended.stderr);
  const lines = ended.stdout.trim().split("\n").map((line) => line.split(" "));
  const moments: Moment[] = lines.map(([action, before, after]) => (
    { action, before: Number(before), after: Number(after) }
  ));
  return { ...ended, rec, old, moments };
}

async function rowsOf(file: string): Promise<RowRecord[]> {
  const { code, stdout, stderr } = await runIor(["stream", "--json", "--from", file]);
  assert.equal(code, 0, stderr);
  return stdout.trim().split("\n").map((line) => JSON.parse(line)).filter(({ type }) => type === "row");
}

const end = ({ time_ns, latency_ns }: RowRecord) => time_ns + latency_ns!;

Deno.test("A slow call among fast ones leaves a file with exactly the calls around it, which says what it was", async () => {
  const flags = ["--trigger", "syscall = read and latency > 100ms", "--before", "100ms", "--after", "60ms"];
  const { rec, old, moments, stderr } = await recordMoments(["f400", "s", "f300"], flags);
  const [file, ...others] = filesBelow(rec);
  assert.deepEqual(others, []);
  const rows = await rowsOf(file);
  const slow = moments.find(({ action }) => action === "s")!;
  // Of each call it is known within which bounds it ended; those of the slow one are its own and the start of the next.
  const calls = moments.filter(({ action }) => action === "f");
  const surely = calls.filter(({ before, after }) =>
    before >= slow.after - 100 * MS && after <= slow.before + 150 * MS + 60 * MS
  );
  const perhaps = calls.filter(({ before, after }) =>
    after >= slow.before + 150 * MS - 100 * MS && before <= slow.after + 60 * MS
  );
  const fast = rows.filter(({ syscall }) => syscall === "pread64");
  assert.ok(fast.length >= surely.length && fast.length <= perhaps.length, `${fast.length} rows`);
  assert.deepEqual(rows.map(({ syscall }) => syscall).filter((call) => call === "read"), ["read"]);
  const slowEnd = end(rows.find(({ syscall }) => syscall === "read")!);
  assert.equal(slowEnd, 100 * MS, "the window begins before the end of the slow call");
  for (const row of rows) assert.ok(end(row) >= 0 && end(row) <= slowEnd + 60 * MS);
  for (const row of fast) assert.deepEqual([row.path, row.comm], [old, "moments"]);

  const report = await reportOf(file);
  const [{ time, latency_ns, ...trigger }] = report.triggers;
  assert.deepEqual([trigger.condition, trigger.syscall, trigger.comm], [flags[1], "read", "moments"]);
  assert.deepEqual([trigger.matches, trigger.before_ns, trigger.after_ns], [1, 100 * MS, 60 * MS]);
  assert.match(trigger.path, /^pipe:/);
  assert.ok(latency_ns > 100 * MS && time > report.started);
  assert.deepEqual([report.wall_ns, report.loss.state], [160 * MS, "none"]);
  const { stdout } = await runIor(["report", rec]);
  assert.match(stdout, /^triggered +by read of moments \(\d+\) on pipe:\[\d+\], \d+ms at /m);
  assert.match(stderr, /^ior: Triggered by read of moments .*: \d+ calls in \S+\.parquet$/m);
  assert.match(stderr, /^ior: 1 window recorded in /m);
  await nothingLeftBehind();
});

Deno.test("A window without time before and after the match has its call alone", async () => {
  const flags = ["--trigger", "latency > 100ms", "--before", "0", "--after", "0"];
  const { rec, stderr } = await recordMoments(["f50", "s", "f50"], flags);
  assert.deepEqual((await rowsOf(segmentsIn(rec)[0])).map(({ syscall }) => syscall), ["read"]);
  assert.match(stderr, /^ior: Triggered by read of moments .*: 1 call in \S+\.parquet$/m);
});

Deno.test("Slow calls close together are one file, and one that comes later is another", async () => {
  const flags = ["--trigger", "latency > 100ms", "--before", "20ms", "--after", "500ms"];
  const { rec } = await recordMoments(["f50", "s", "s", "f1200", "s", "f20"], flags);
  const files = segmentsIn(rec);
  const reports = await Promise.all(files.map((file) => reportOf(file)));
  const matches = (found: typeof reports) => found.map(({ triggers }) => triggers[0].matches);
  assert.deepEqual(matches(reports), [2, 1]);
  const both = await reportOf(rec);
  assert.equal(both.calls, reports[0].calls + reports[1].calls);
  assert.equal(both.triggers.length, 2);
  assert.deepEqual([both.started, both.loss.state], [reports[0].started, "none"]);
});

Deno.test("An error triggers, names are right that are older than the buffer, and a program of the user hears of it", async () => {
  const env = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY), SUDO_USER: "nobody" };
  const exec =
    `sh -c 'echo "u$(id -u) $IOR_ERRNO $IOR_SYSCALL $IOR_COMM $IOR_MATCHES"; cat; test -s "$IOR_FILE"'`;
  const flags = [
    "--trigger",
    "errno = EINVAL",
    "--before",
    "1h",
    "--after",
    "0",
    "--buffer",
    "1M",
    "--exec",
    exec,
  ];
  const { rec, old, stderr } = await recordMoments(["b100000", "e"], flags, { env });
  const [file] = segmentsIn(rec);
  const rows = await rowsOf(file);
  assert.ok(rows.length > 5_000 && rows.length < 20_000, `${rows.length} rows`);
  assert.deepEqual([...new Set(rows.map(({ path, comm }) => `${path} ${comm}`))], [`${old} moments`]);
  assert.deepEqual(rows.map(({ seq }) => seq), numbersFrom(rows[0].seq, rows.length));
  assert.equal(rows.at(-1)!.errno, "EINVAL");
  assert.match(stderr, new RegExp(`^u${NOBODY} EINVAL pread64 moments 1$`, "m"));
  assert.doesNotMatch(stderr, /exit status/);
  assert.match(stderr, /: a larger --buffer holds more\)/);
  const [{ before_ns, wanted_before_ns }] = (await reportOf(file)).triggers;
  assert.ok(before_ns < wanted_before_ns);
  assert.equal(Deno.statSync(file).uid, NOBODY);
});

Deno.test("When nothing matches that is said, nothing is written, and the status is that of the command", async () => {
  const { rec, stderr } = await recordMoments(["f5"], ["--trigger", "errno = EIO"]);
  assert.deepEqual(filesBelow(rec), []);
  assert.match(stderr, /^ior: Nothing matched errno = EIO: nothing is recorded in /m);
});

Deno.test("A program that cannot be run or fails is said, and changes nothing", async () => {
  for (
    const [exec, said] of [
      ["no-such-program", /^ior: Cannot run no-such-program for /m],
      ["false", /^ior: false ended with exit status 1$/m],
      ["sh -c 'kill -9 $$'", /^ior: sh was killed by SIGKILL$/m],
    ] as const
  ) {
    const { rec, stderr } = await recordMoments(["e"], ["--trigger", "failed", "--exec", exec]);
    assert.equal(segmentsIn(rec).length, 1);
    assert.match(stderr, said);
  }
});

Deno.test("A window that a signal ends has every call until then", async () => {
  const directory = `${scratchDirectory("flight-ended")}/rec`;
  const options = { stdin: "piped", smallParent: false } as const;
  const args = ["record", `${directory}/`, "-e", "pread64", "--trigger", "ret > 0", "--no-wait"];
  await using run = new StepsRun(args, await stepsWords(0, [5000, 1]), options);
  await run.step(1);
  run.child.kill("SIGINT");
  assert.equal((await run.iorEnd()).code, 0);
  const report = await reportOf(directory);
  assert.deepEqual([report.calls, report.loss.state, report.triggers[0].matches], [5000, "none", 5000]);
  assert.deepEqual(await numbersOf(directory), numbersFrom(1, 5000));
});

Deno.test("Windows on a full disk are said to be missing, and ior ends with status 1", async () => {
  using disk = smallDisk(64 * 1024);
  const rec = `${disk.path}/rec/`;
  const words = await stepsWords(0, [200_000]);
  const { code, stderr } = await runIor([
    "record",
    rec,
    "-e",
    "pread64",
    "--trigger",
    "ret > 0",
    "--",
    ...words,
  ]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^ior: Cannot write to \S+: no space left on device$/m);
  assert.match(stderr, /^ior: [\d,]+ calls are not in the recording$/m);
  await nothingLeftBehind();
});
