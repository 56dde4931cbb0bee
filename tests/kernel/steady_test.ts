/**
 * A busy machine for long: at 300,000 calls a second every call is a row or a counted loss, and memory stays flat. With
 * `IOR_NIGHTLY=1` for a minute.
 */
import assert from "node:assert/strict";
import { reportOf } from "../kernel_lib/recordings.ts";
import type { EndRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { type StepsEnd, StepsRun, stepsWords } from "../kernel_lib/steps.ts";

/** Set for the long form. */
const NIGHTLY = Deno.env.get("IOR_NIGHTLY") === "1";

const CALLS_PER_MS = 300;

/** An even number of looks at the memory, one after each step, and how long a step takes. */
const STEPS = NIGHTLY ? 20 : 6;
const STEP_MS = NIGHTLY ? 3000 : 1000;

/**
 * By how much memory may grow in the second half: below a tenth of what its rows are, and above what a heap may still take
 * before its first large collection in the short form.
 */
const GROWTH_BYTES = (NIGHTLY ? 8 : 32) * 1024 * 1024;

/** Bytes that are read at once of a file that is too large to be held. */
const PIECE_BYTES = 1024 * 1024;

/** Larger than the record at the end of a stream. */
const LAST_LINE_BYTES = 64 * 1024;

const NEWLINE = 0x0a;

/** Runs ior with these arguments around the calls. */
async function runSteadily(args: string[]): Promise<StepsEnd> {
  const words = await stepsWords(CALLS_PER_MS, Array(STEPS).fill(CALLS_PER_MS * STEP_MS));
  await using run = new StepsRun([...args, "-e", "pread64"], words);
  const end = await run.end();
  assert.equal(end.code, 0, end.stderr);
  assert.equal(end.calls, STEPS * STEP_MS * CALLS_PER_MS);
  assertFlat(run.done.map(({ iorPeakBytes }) => iorPeakBytes));
  return end;
}

function assertFlat(peaks: readonly number[]): void {
  const [half, end] = [peaks[STEPS / 2 - 1], peaks[STEPS - 1]];
  assert.ok(end - half <= GROWTH_BYTES, `memory grew from ${half} to ${end} bytes: ${peaks}`);
}

/** How many lines a file has, and the last of them. */
async function linesOf(path: string): Promise<{ lines: number; last: string }> {
  using file = await Deno.open(path);
  const piece = new Uint8Array(PIECE_BYTES);
  let lines = 0;
  for (let length; (length = await file.read(piece)) !== null;) {
    for (let at = -1; (at = piece.indexOf(NEWLINE, at + 1)) >= 0 && at < length;) lines++;
  }
  const { size } = await file.stat();
  await file.seek(Math.max(0, size - LAST_LINE_BYTES), Deno.SeekMode.Start);
  const end = await new Response(file.readable).text();
  return { lines, last: end.trimEnd().split("\n").at(-1)! };
}

const span = `${STEPS * STEP_MS / 1000} seconds of ${CALLS_PER_MS * 1000} calls each`;

Deno.test(`A recording of ${span}: rows and counted losses are all calls, and memory stays flat`, async () => {
  const file = `${scratchDirectory("steady")}/run.parquet`;
  const { calls } = await runSteadily(["record", file]);
  const { calls: rows, loss } = await reportOf(file);
  assert.equal(rows + loss.calls!, calls, JSON.stringify(loss));
  Deno.removeSync(file);
});

Deno.test(`A recording in segments of ${span}: the same`, async () => {
  const directory = `${scratchDirectory("steady")}/rec`;
  const { calls } = await runSteadily(["record", `${directory}/`, "--segment-time", "1s"]);
  const { calls: rows, loss } = await reportOf(directory);
  assert.equal(rows + loss.calls!, calls, JSON.stringify(loss));
  Deno.removeSync(directory, { recursive: true });
});

Deno.test(`A stream to a file of ${span}: the same`, async () => {
  const file = `${scratchDirectory("steady")}/rows.ndjson`;
  const { calls } = await runSteadily(["stream", "--format", "ndjson", "-o", file]);
  const { lines, last } = await linesOf(file);
  const end: EndRecord = JSON.parse(last);
  assert.equal(lines, end.calls + 2, "there are a header and an end besides the rows");
  assert.equal(end.calls + end.loss.calls!, calls, JSON.stringify(end.loss));
  Deno.removeSync(file);
});
