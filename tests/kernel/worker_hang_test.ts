/** A trace of which a worker answers no more: the thread of a real run is stopped by a debugger. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { MAX_SILENCE_MS } from "../../engine/workers/worker_channel.ts";
import { compile } from "../kernel_lib/compile.ts";
import { startIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { exists } from "../kernel_lib/system.ts";
import { waitFor } from "../wait.ts";

/** Longest from the hang to the end of ior, milliseconds. */
const END_MS = MAX_SILENCE_MS * 3;

/** Traces and records a command that makes calls until it is told to stop, and stops a worker of ior meanwhile. */
async function traceWithHanging(worker: string) {
  const scratch = scratchDirectory("hang");
  const [runs, stop, rows] = ["runs", "stop", "rows.parquet"].map((name) => `${scratch}/${name}`);
  const script = `echo >${runs}; while [ ! -e ${stop} ]; do sleep 0.1; done; exit 3`;
  const child = startIor(["trace", "--record", rows, "--", "sh", "-c", script]);
  const output = child.output();
  let late = false;
  const limit = AbortSignal.timeout(END_MS);
  limit.onabort = () => {
    late = true;
    child.kill("SIGKILL");
  };
  await waitFor(() => exists(runs), { timeoutMs: END_MS, what: "the command" });
  const holder = new Deno.Command(
    await compile(fileURLToPath(new URL("../kernel_lib/hold_thread.c", import.meta.url))),
    { args: [String(child.pid), worker], stdout: "piped" },
  ).spawn();
  const reader = holder.stdout.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /^held/);
  return {
    rows,
    /** Lets the command end; how ior ended. */
    async end() {
      Deno.writeTextFileSync(stop, "");
      const { code, stdout, stderr } = await output;
      limit.onabort = null;
      await reader.cancel();
      await holder.status;
      assert.ok(!late, "ior waited for the worker");
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    },
  };
}

// Both wait for the same limit, at once. Workers have numbers in the order in which a trace starts them.
Deno.test("A worker that hangs ends the trace, or the recording, after its limit and with what is known", async (t) => {
  const seconds = MAX_SILENCE_MS / 1000;
  const [counting, recording] = await Promise.all(["worker-1", "worker-2"].map(traceWithHanging));
  const endings = Promise.all([
    // The trace ends while its command goes on, and the recording has its name then.
    waitFor(() => exists(counting.rows), { timeoutMs: END_MS, what: "the recording" }).then(counting.end),
    recording.end(),
  ]);
  const [uncounted, unrecorded] = await endings;
  await t.step("without the one that counts there is no report, and what was recorded stays", () => {
    const words = new RegExp(
      `^ior: [\\d,]+ calls recorded in ${counting.rows}\n` +
        `ior: [\\d,]+ calls had been traced when the trace failed\n` +
        `ior: The stats worker hangs: no answer for ${seconds} s\n\n?$`,
    );
    assert.match(uncounted.stderr, words);
    assert.deepEqual([uncounted.code, uncounted.stdout], [1, ""]);
  });
  await t.step("without the one that records there is a report", () => {
    const words = `ior: The recorder worker hangs: no answer for ${seconds} s\nior: `;
    assert.ok(unrecorded.stderr.startsWith(words), unrecorded.stderr);
    assert.match(unrecorded.stderr, /^ior: Nothing is recorded in /m);
    assert.match(unrecorded.stdout, /^loss +none$/m);
    assert.equal(unrecorded.code, 1);
    assert.ok(!exists(recording.rows));
  });
  await nothingLeftBehind();
});
