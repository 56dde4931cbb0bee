/**
 * Where the time of calls off the processor goes, held against calls that wait for a known time and against what the kernel
 * says of a thread in /proc/PID/schedstat.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Report } from "../../runtime/report.ts";
import { schemaText } from "../../cli/schema/mod.ts";
import { compileSchema } from "../json_schema.ts";
import { compile } from "../kernel_lib/compile.ts";
import { makeProcessorGroup, makeReadGroup } from "../kernel_lib/control_groups.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { parseRows, type RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { run } from "../kernel_lib/system.ts";

/** A call of the program: its row, how long it took by the program's clock, and its wait for a processor by the kernel's. */
interface Waited {
  row: RowRecord;
  tookNs: number;
  delayNs: number;
}

/** A part of a call's time, -1 when the row does not say it: an assertion then fails. */
const NONE = { iowait_ns: -1, blocked_ns: -1, runqueue_ns: -1 };

/** A program that runs in a control group: a shell that goes into it and becomes the program. */
function inGroup(directory: string, words: readonly string[]): string[] {
  return ["sh", "-c", `echo $$ > ${directory}/cgroup.procs; exec "$@"`, "sh", ...words];
}

/** Traces calls that wait, see waits.c. `names` are the system calls they make, `group` is the control group that they are in. */
async function traceRows(
  words: readonly string[],
  names: readonly string[],
  group: string | null = null,
): Promise<{ rows: RowRecord[]; stdout: string }> {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/waits.c", import.meta.url)));
  const output = `${scratchDirectory("waits")}/rows.ndjson`;
  const command = group === null ? [program, ...words] : inGroup(group, [program, ...words]);
  const { code, stdout, stderr } = await runIor([
    ...["stream", "--format", "ndjson", "--waits", "-e", names.join(), "-o", output, "--", ...command],
  ]);
  assert.equal(code, 0, stderr);
  return { rows: parseRows(Deno.readTextFileSync(output)).rows, stdout };
}

/** The same by the word. */
async function traceWaits(
  words: readonly string[],
  names: readonly string[],
  group: string | null = null,
): Promise<Waited[]> {
  const { rows, stdout } = await traceRows(words, names, group);
  return stdout.trim().split("\n").map((line, i) => {
    const [tookNs, delayNs] = line.split(" ").slice(1).map(Number);
    // The call is the longest one of its name that fits into the time that the program saw.
    const row = rows.filter(({ syscall, latency_ns }) => syscall === names[i] && latency_ns! <= tookNs)
      .reduce((a, b) => b.latency_ns! > a.latency_ns! ? b : a);
    return { row, tookNs, delayNs };
  });
}

function partsOf({ latency_ns, ...row }: RowRecord) {
  const { iowait_ns, blocked_ns, runqueue_ns } = { ...NONE, ...row };
  return { iowait_ns, blocked_ns, runqueue_ns, latency_ns: latency_ns! };
}

Deno.test("A read of a pipe, a lock and a sleep block until what they wait for comes, and no longer", async () => {
  const lock = `${scratchDirectory("waits")}/lock`;
  const waits = await traceWaits(["pipe:300", `flock:${lock}`, "poll:120"], ["read", "flock", "poll"]);
  // The other process begins its own time when the call sleeps, which shows before it has left the processor.
  for (const [i, atLeastNs] of [150e6, 50e6, 119e6].entries()) {
    const { iowait_ns, blocked_ns, runqueue_ns, latency_ns } = partsOf(waits[i].row);
    assert.equal(iowait_ns, 0);
    assert.ok(blocked_ns >= atLeastNs, `${waits[i].row.syscall} was blocked for ${blocked_ns} ns`);
    assert.ok(iowait_ns + blocked_ns + runqueue_ns <= latency_ns);
    // What is left is the work of the call: microseconds, on a machine that has time for it.
    assert.ok(latency_ns - blocked_ns - runqueue_ns < 20e6, `${latency_ns} ns, blocked for ${blocked_ns}`);
  }
});

Deno.test("Each of many sleeps blocks as long as it sleeps, also one whose end the kernel does not show", async () => {
  const sleeps = Array<string>(300).fill("poll:5");
  const { rows } = await traceRows(sleeps, ["poll"]);
  const slept = rows.map(partsOf).filter(({ latency_ns }) => latency_ns >= 5e6);
  assert.ok(slept.length >= sleeps.length, `${slept.length} sleeps`);
  for (const { blocked_ns, runqueue_ns, latency_ns } of slept) {
    const awayNs = blocked_ns + runqueue_ns;
    // The rest is the work of the call, and what a busy host takes from it.
    assert.ok(blocked_ns > 0 && awayNs >= 2.5e6 && awayNs <= latency_ns, `${blocked_ns} ns of ${latency_ns}`);
  }
});

/** How often a wait is measured: the kernel's figure begins at a clock that it may not have looked at for a tick. */
const MEASUREMENTS = 3;

Deno.test("A call on a busy processor waits for it as long as the kernel says, and does not block", async () => {
  const apart: string[] = [];
  while (apart.length < MEASUREMENTS) {
    const [{ row, delayNs, tookNs }] = await traceWaits(["busy:60000000"], ["read"]);
    const { iowait_ns, blocked_ns, runqueue_ns, latency_ns } = partsOf(row);
    assert.deepEqual([iowait_ns, blocked_ns], [0, 0]);
    assert.ok(runqueue_ns > 0 && runqueue_ns <= latency_ns);
    // The kernel's figure is of a little more than the call: of all that the program did between its two clocks.
    // It begins its waits a little earlier too, when it looks for another thread: 3 % are for that.
    const outsideNs = tookNs - latency_ns;
    const earlierNs = 1e6 + 0.03 * delayNs;
    if (runqueue_ns <= delayNs + 1e6 && runqueue_ns >= delayNs - outsideNs - earlierNs) return;
    apart.push(`${runqueue_ns} ns, the kernel says ${delayNs}, outside of the call are ${outsideNs}`);
  }
  assert.fail(apart.join("; "));
});

Deno.test("A read past the page cache waits for I/O", async () => {
  const path = `${scratchDirectory("waits")}/data`;
  Deno.writeFileSync(path, new Uint8Array(1 << 20).fill(7));
  const [{ row }] = await traceWaits([`direct:${path}`], ["read"]);
  const { iowait_ns, blocked_ns, runqueue_ns, latency_ns } = partsOf(row);
  assert.equal(row.bytes, 1 << 20);
  assert.ok(
    iowait_ns > 0 && blocked_ns < iowait_ns,
    `${iowait_ns} ns of I/O, ${blocked_ns} of anything else`,
  );
  assert.ok(iowait_ns + blocked_ns + runqueue_ns <= latency_ns);
});

/** What a group may read of a device in a second, and the least time that a mebibyte takes then: the first tenth comes at once. */
const READ_RATE = 2 << 20;
const READ_AT_LEAST_NS = 0.4e9;

Deno.test("A read past the cache of a device that its group may read slowly waits for I/O that long", async () => {
  // Few kernels have dm-delay, which would slow the device itself; the limit of a group does the same on each.
  const path = `${scratchDirectory("waits")}/disk`;
  Deno.writeFileSync(path, new Uint8Array(4 << 20).fill(7));
  const device = run("losetup", "-f", "--show", path).trim();
  try {
    await using group = makeReadGroup(
      Deno.readTextFileSync(`/sys/block/${device.slice("/dev/".length)}/dev`).trim(),
      READ_RATE,
    );
    const [{ row }] = await traceWaits([`direct:${device}`], ["read"], group.directory);
    const { iowait_ns, blocked_ns, runqueue_ns, latency_ns } = partsOf(row);
    assert.equal(row.bytes, 1 << 20);
    assert.ok(iowait_ns >= READ_AT_LEAST_NS, `${iowait_ns} ns of I/O`);
    assert.ok(iowait_ns + blocked_ns + runqueue_ns <= latency_ns);
    assert.ok(latency_ns - iowait_ns - runqueue_ns < 50e6, `${latency_ns} ns, ${iowait_ns} of I/O`);
  } finally {
    run("losetup", "-d", device);
  }
});

Deno.test("Calls of a group that may run for a tenth of the time wait for a processor, or the time is between them", async () => {
  await using group = makeProcessorGroup(10);
  const [bytes, count] = [4 << 20, 1500];
  const words = ["dd", "if=/dev/zero", "of=/dev/null", `bs=${bytes}`, `count=${count}`, "status=none"];
  const { code, stdout, stderr } = await runIor([
    ...["stream", "--format", "ndjson", "--waits", "-e", "read", "--", ...inGroup(group.directory, words)],
  ]);
  assert.equal(code, 0, stderr);
  const reads = parseRows(stdout).rows.filter((row) => row.bytes === bytes);
  assert.equal(reads.length, count);
  const sum = (value: (row: RowRecord) => number | null | undefined) =>
    reads.reduce((sum, row) => sum + (value(row) ?? 0), 0);
  assert.deepEqual([sum((row) => row.iowait_ns), sum((row) => row.blocked_ns)], [0, 0]);
  const throttledNs = group.throttledNs();
  assert.ok(throttledNs > 0.2e9, `the group was kept from running for ${throttledNs} ns`);
  // Until 6.17 a thread stops wherever it is; since then on its way back to the program, when its call has returned.
  const inside = sum((row) => row.runqueue_ns);
  const between = sum((row) => row.gap_ns);
  assert.ok(
    inside + between >= 0.8 * throttledNs,
    `${inside} ns inside, ${between} between, of ${throttledNs}`,
  );
});

Deno.test("What the handler of a signal waits is part of the call that it interrupts, and of its own call", async () => {
  const [{ row }] = await traceWaits(["interrupted:300"], ["read"]);
  const { blocked_ns, runqueue_ns, latency_ns } = partsOf(row);
  assert.equal(row.restarts, 1);
  assert.ok(blocked_ns >= 150e6, `it was blocked for ${blocked_ns} ns`);
  // Without the 50 ms that the handler waits, these would seem to be work.
  assert.ok(latency_ns - blocked_ns - runqueue_ns < 20e6, `${latency_ns} ns, blocked for ${blocked_ns}`);
  assert.ok(blocked_ns + runqueue_ns <= latency_ns);
});

Deno.test("A report has the same of rows as of calls that the kernel added up", async () => {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/waits.c", import.meta.url)));
  const checkReport = compileSchema(JSON.parse(await schemaText("report")));
  for (const rows of ["--rows", "--no-rows"]) {
    const { code, stdout, stderr } = await runIor([
      ...["trace", "--json", "--waits", rows, "-e", "read", "--by", "syscall", "--", program, "pipe:300"],
    ]);
    assert.equal(code, 0, stderr);
    const report: Report = JSON.parse(stdout.slice(stdout.indexOf("{")));
    assert.deepEqual(checkReport(report), []);
    const tables = [
      report,
      report.syscalls[0],
      report.groups[0].rows[0],
      report.commands[0],
      report.families[0],
    ];
    for (const { blocked_ns, iowait_ns, runqueue_ns, total_ns } of tables) {
      assert.deepEqual([blocked_ns, iowait_ns], [report.blocked_ns, report.iowait_ns]);
      assert.ok(Number(blocked_ns) >= 150e6, `${rows}: blocked for ${blocked_ns} ns`);
      assert.ok(Number(blocked_ns) + Number(iowait_ns) + Number(runqueue_ns) <= Number(total_ns));
    }
  }
});

Deno.test("Conditions and columns ask for it, without an option; without any of these no row has it", async () => {
  const checkRow = compileSchema(JSON.parse(await schemaText("rows")));
  const rowsOf = async (flags: readonly string[]) => {
    const command = ["--", "sh", "-c", "(sleep 0.4; echo) | cat >/dev/null"];
    const { stdout, stderr, code } = await runIor(["stream", ...flags, "-e", "read", ...command]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const found = parseRows(await rowsOf(["--format", "ndjson", "--where", "blocked > 50ms"])).rows;
  assert.deepEqual(found.map(({ comm, iowait_ns }) => [comm, iowait_ns]), [["cat", 0]]);
  assert.deepEqual(checkRow(found[0]), []);
  const csv = await rowsOf(["--format", "csv", "--columns", "comm,blocked_ns"]);
  assert.ok(csv.split("\n").some((line) => /^cat,\d{8,}$/.test(line)), csv);
  const { rows } = parseRows(await rowsOf(["--format", "ndjson"]));
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.deepEqual(Object.keys(row).filter((name) => /iowait|blocked|runqueue|fetched/.test(name)), []);
  }
});
