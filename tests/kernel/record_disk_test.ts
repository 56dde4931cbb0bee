/** Commands that write to a disk which is full: what was whole is kept, and everything that is missing is said. */
import assert from "node:assert/strict";
import { ROW_GROUP_ROWS } from "../../engine/recording/row_group.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { filesBelow, numbersFrom, numbersOf, reportOf, segmentsIn } from "../kernel_lib/recordings.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { smallDisk } from "../kernel_lib/small_disk.ts";
import { stepsWords } from "../kernel_lib/steps.ts";

/** Room for some row groups of these calls, which take about 430 KB each (2026-11), and not for all. */
const DISK_BYTES = 1536 * 1024;

/** Calls that are made: seven row groups. */
const CALLS = 7 * ROW_GROUP_ROWS;

/** Rows of a segment; the last one whole is not the last of the run. */
const SEGMENT_ROWS = 50_000;

/** A ring that holds all of them, so that nothing but the disk loses any. */
const FLAGS = ["-e", "pread64", "--ring-size", "256M"];

const words = () => stepsWords(0, [CALLS]);

/** What ior says of a recording that has ended too early. */
function assertSaid(stderr: string, rows: number): void {
  assert.match(stderr, /^ior: Cannot write to \S+: no space left on device$/m);
  const count = (pattern: RegExp) => Number(pattern.exec(stderr)?.[1].replaceAll(",", ""));
  assert.equal(count(/^ior: ([\d,]+) calls are not in the recording$/m), CALLS - rows, stderr);
  assert.equal(count(/^ior: ([\d,]+) calls recorded in /m), rows, stderr);
}

Deno.test("A recording on a disk that gets full ends with status 1, and its file has all row groups that were whole", async () => {
  using disk = smallDisk(DISK_BYTES);
  const file = `${disk.path}/run.parquet`;
  const { code, stderr } = await runIor(["record", file, ...FLAGS, "--", ...await words()]);
  assert.equal(code, 1, stderr);
  assert.deepEqual(filesBelow(disk.path), [file]);
  const report = await reportOf(file);
  assert.ok(report.calls > 0 && report.calls < CALLS && report.calls % ROW_GROUP_ROWS === 0);
  assert.deepEqual(await numbersOf(file), numbersFrom(1, report.calls));
  assertSaid(stderr, report.calls);
  assert.equal(report.loss.state, "unknown"); // of the calls that are missing nobody knows more than their number
  const { stderr: note } = await runIor(["report", file]);
  assert.match(
    note,
    new RegExp(`^ior: ${CALLS - report.calls} calls are missing from .*: Cannot write to `, "m"),
  );
  await nothingLeftBehind();
});

Deno.test("Segments on a disk that gets full are those that were whole", async () => {
  using disk = smallDisk(DISK_BYTES);
  const directory = `${disk.path}/rec`;
  const flags = [...FLAGS, "--segment-rows", String(SEGMENT_ROWS)];
  const { code, stderr } = await runIor(["record", `${directory}/`, ...flags, "--", ...await words()]);
  assert.equal(code, 1, stderr);
  assert.deepEqual(filesBelow(disk.path), segmentsIn(directory));
  const { calls, loss } = await reportOf(directory);
  assert.ok(calls > 0 && calls < CALLS && calls % SEGMENT_ROWS === 0);
  assert.deepEqual(await numbersOf(directory), numbersFrom(1, calls));
  assertSaid(stderr, calls);
  assert.equal(loss.state, "unknown");
});

Deno.test("A report beside a recording on a full disk is whole, and ior ends with status 1", async () => {
  using disk = smallDisk(DISK_BYTES);
  const [file, output] = [`${disk.path}/run.parquet`, `${scratchDirectory("report")}/report.json`];
  const args = ["trace", "--json", "-o", output, "--record", file, ...FLAGS, "--", ...await words()];
  const { code, stderr } = await runIor(args);
  assert.equal(code, 1, stderr);
  const { calls, read_bytes, loss } = JSON.parse(Deno.readTextFileSync(output));
  assert.deepEqual([calls, read_bytes, loss.state], [CALLS, CALLS, "none"]);
  const recorded = await reportOf(file);
  assert.ok(recorded.calls > 0 && recorded.calls < CALLS);
  assertSaid(stderr, recorded.calls);
});

Deno.test("A disk without any room ends a recording, and nothing is under its name", async () => {
  using disk = smallDisk(DISK_BYTES);
  const filler = `${disk.path}/filler`;
  assert.throws(() => Deno.writeFileSync(filler, new Uint8Array(2 * DISK_BYTES)));
  const file = `${disk.path}/run.parquet`;
  const { code, stderr } = await runIor(["record", file, ...FLAGS, "--", ...await words()]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^ior: Cannot write (to )?\S+: no space left on device$/m);
  assert.deepEqual(filesBelow(disk.path), [filler]);
});

Deno.test("Rows as text on a disk that gets full end with status 1, and nothing is under their name", async () => {
  using disk = smallDisk(DISK_BYTES);
  const file = `${disk.path}/rows`;
  const args = ["stream", "--format", "csv", "-o", file, ...FLAGS, "--", ...await words()];
  const { code, stderr } = await runIor(args);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /^ior: Cannot write to \S+: no space left on device\n {2}\S/m);
  assert.deepEqual(filesBelow(disk.path), []);
  await nothingLeftBehind();
});
