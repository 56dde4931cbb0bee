/** Streams into a pipe: a reader that stops, and one that goes away. */
import assert from "node:assert/strict";
import { iorWords, outcome } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { parseRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { StepsRun, stepsWords } from "../kernel_lib/steps.ts";

/** The smallest ring that ior takes. */
const SMALLEST_RING = "64k";

/** What the whole process may use, whatever it traces; the budget of the design. */
const MEMORY_BYTES = 200 * 1024 * 1024;

/** Pace of the calls, and how many of them are made while nobody reads: ten seconds of them. */
const CALLS_PER_MS = 50;
const STOPPED_CALLS = 10_000 * CALLS_PER_MS;

/** Far more calls than the pipe, what ior keeps for it and the smallest ring hold together. */
const UNREAD_CALLS = 200_000;

/** Makes a named pipe. */
function namedPipe(): string {
  const path = `${scratchDirectory("pipe")}/rows`;
  assert.ok(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
  return path;
}

/** A reader that reads when it is told to. */
class Reader implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #decoder = new TextDecoder();
  readonly #bytes = new Uint8Array(64 * 1024);
  text = "";

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  static async open(path: string): Promise<Reader> {
    return new Reader(await Deno.open(path));
  }

  /** Reads until the text has what is wanted, or to the end; false at the end. */
  async until(wanted: RegExp | null): Promise<boolean> {
    let tail = "";
    while (wanted === null || !wanted.test(tail)) {
      const length = await this.#file.read(this.#bytes);
      if (length === null) return false;
      const piece = this.#decoder.decode(this.#bytes.subarray(0, length), { stream: true });
      this.text += piece;
      tail = tail.slice(tail.lastIndexOf("\n") + 1) + piece;
    }
    return true;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Matches a row of a step, in full. */
const rowOfStep = (step: number) => new RegExp(`"bytes":${step},.*\\n`);

Deno.test("A reader that stops for ten seconds costs rows, each of them is counted, and the others come", async () => {
  const pipe = namedPipe();
  const words = await stepsWords(CALLS_PER_MS, ["-", STOPPED_CALLS, "-"]);
  const flags = ["--format", "ndjson", "-e", "pread64", "--ring-size", SMALLEST_RING];
  await using run = new StepsRun(["stream", ...flags], words, { stdin: "piped", stdoutPath: pipe });
  using reader = await Reader.open(pipe);
  assert.ok(await reader.until(rowOfStep(1)), "no row of the first step");
  const stoppedAt = performance.now();
  await run.go();
  const { iorPeakBytes: before } = await run.step(1);
  // Nothing reads the pipe until all calls of the second step are made: at its pace, ten seconds.
  const { iorPeakBytes: after } = await run.step(2);
  assert.ok(performance.now() - stoppedAt >= 9_990, "the calls were made faster than at their pace");
  await run.go();
  assert.ok(await reader.until(rowOfStep(3)), "no row of the third step");
  await run.goOn();
  await reader.until(null);
  const { code, calls, stderr } = await run.end();
  assert.equal(code, 0, stderr);
  const { rows, end } = parseRows(reader.text);
  assert.equal(end.loss.state, "some");
  assert.ok(end.loss.by.ring_full > 0, JSON.stringify(end.loss));
  assert.equal(end.loss.calls, Object.values(end.loss.by).reduce((sum, lost) => sum + lost, 0));
  assert.equal(rows.length + end.loss.calls!, calls, JSON.stringify(end.loss));
  const ofStep = [1, 2, 3].map((step) => rows.filter(({ bytes }) => bytes === step).length);
  assert.equal(ofStep[0] + ofStep[1] + ofStep[2], rows.length);
  assert.ok(ofStep.every((count) => count > 0) && ofStep[1] < STOPPED_CALLS, `rows by step: ${ofStep}`);
  assert.ok(after < MEMORY_BYTES, `ior takes ${after} bytes when nobody reads, before that ${before}`);
});

for (const format of ["text", "csv", "ndjson", "strace"]) {
  Deno.test(`A reader of ${format} that goes away after a line ends the stream with status 0 and without a word`, async () => {
    await using busy = new StepsRun(null, await stepsWords(1, ["-"]), { stdin: "piped" });
    const flags = ["--format", format, "-e", "pread64", "-p", String(busy.child.pid)];
    const shell = '"$@" | head -n 1; exit "${PIPESTATUS[0]}"';
    const { code, signal, stdout, stderr } = await outcome(
      new Deno.Command("bash", {
        args: ["-c", shell, "bash", ...iorWords(["stream", ...flags])],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    );
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
    assert.match(stdout, /^[^\n]+\n$/);
    await nothingLeftBehind();
  });
}

Deno.test("A reader that goes away when the pipe has long been full ends the stream, and not its command", async () => {
  const pipe = namedPipe();
  const words = await stepsWords(0, ["-", UNREAD_CALLS, 1000]);
  const flags = ["--format", "csv", "-e", "pread64", "--ring-size", SMALLEST_RING];
  await using run = new StepsRun(["stream", ...flags], words, { stdin: "piped", stdoutPath: pipe });
  {
    using reader = await Reader.open(pipe);
    assert.ok(await reader.until(/,1,.*\n/), "no row");
    await run.go();
    await run.step(2);
  }
  await run.goOn();
  const { code, signal, stderr } = await run.end();
  assert.deepEqual([code, signal], [0, null], stderr);
  assert.doesNotMatch(stderr, /error|Broken|Cannot/i);
  assert.equal(run.done.length, 3, "the command did not go on");
});
