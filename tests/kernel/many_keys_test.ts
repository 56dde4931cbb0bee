/** A million keys in use at once, of which cells hold a hundredth: none of their calls is missing. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Report } from "../../runtime/report.ts";
import { compile } from "../kernel_lib/compile.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const [FILES, THREADS, ROUNDS] = [5_000, 50, 2];
const PER_SECOND = 200_000;

/** How often the program makes each call. */
const TIMES = FILES * THREADS * ROUNDS;
const MADE = { pread64: 2 * TIMES, pwrite64: TIMES, ftruncate: TIMES };

/** Runs in which a machine that others use may stand still for so long that calls are lost: these are counted. */
const RUNS = 3;

for (const flags of [[], ["--no-rows"]]) {
  const title = `A million keys in use: every call is counted, with its file and thread ${flags}`;
  Deno.test(title.trimEnd(), async () => {
    const program = await compile(fileURLToPath(new URL("../kernel_lib/keys.c", import.meta.url)));
    const folder = scratchDirectory("keys");
    const words = [program, folder, ...[FILES, THREADS, ROUNDS, PER_SECOND].map(String)];
    const output = `${scratchDirectory("keys-report")}/report.json`;
    let report: Report;
    for (let run = 1;; run++) {
      const ran = [
        "--json",
        "-o",
        output,
        "-e",
        Object.keys(MADE).join(),
        "-P",
        folder,
        ...flags,
        "--",
        ...words,
      ];
      const { code, stderr } = await runIor(["trace", ...ran]);
      assert.equal(code, 0, stderr);
      report = JSON.parse(await Deno.readTextFile(output));
      assert.notEqual(report.loss.calls, null, "it is unknown how many calls were lost");
      assert.equal(report.calls + report.loss.calls!, 4 * TIMES);
      if (report.loss.calls === 0) break;
      assert.ok(run < RUNS, `${report.loss.calls} calls were lost in the last of ${RUNS} runs`);
    }
    const counted = report.syscalls.map(({ syscall, calls }) => [syscall, calls]);
    assert.deepEqual(Object.fromEntries(counted), MADE);
    assert.equal(report.errors, TIMES);
    assert.equal(report.files.length, FILES);
    for (const { path, calls } of report.files) assert.equal(calls, 4 * THREADS * ROUNDS, path);
  });
}
