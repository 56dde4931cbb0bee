import assert from "node:assert/strict";
import { runIor } from "../kernel_lib/ior.ts";
import { callsOf, type NamesRun, reportNames, traceNames } from "../kernel_lib/random_workload_names.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Set for the long form. */
const NIGHTLY = Deno.env.get("IOR_NIGHTLY") === "1";

/** Distinct files: several times what the kernel side keeps at once, and more than its numbers for files. */
const MANY_FILES = NIGHTLY ? 1_000_000 : 200_000;

/** Rest after each thousand of them, so that a machine of two processors with other work loses none: its writer of rows is slow. */
const PAUSE_US = 30_000;

/** The smallest ring that ior takes. */
const SMALLEST_RING = "64k";

/** What the whole process may use, whatever it traces; the budget of the design. */
const MEMORY_BYTES = 200 * 1024 * 1024;

/** By how much two readings of the kernel's counters of memory may differ: they are kept per processor. */
const INEXACT_BYTES = 4 * 1024 * 1024;

const COMPLETE: NamesRun[] = [
  { names: "files", count: MANY_FILES, pauseUs: PAUSE_US },
  { names: "removed", count: MANY_FILES / 4, pauseUs: PAUSE_US },
  { names: "threads", count: MANY_FILES, pauseUs: PAUSE_US },
];

const WORDS = {
  files: "files, each of them new",
  removed: "files, each removed while it is open, so that the next takes its place in the kernel",
  threads: "names of one thread",
};

for (const run of COMPLETE) {
  const what = `${run.count} ${WORDS[run.names]}`;
  Deno.test(`A stream of ${what}: each row has the right name`, async (t) => {
    const { rows, loss, wrong, memoryByIor, memoryByKernel } = await traceNames(run);
    await t.step("and none is lost or made up", () => {
      assert.deepEqual(wrong, []);
      assert.equal(loss.state, "none", JSON.stringify(loss));
      assert.equal(rows, callsOf(run));
    });
    await t.step("and ior stays below 200 MB", () => {
      assert.ok(memoryByIor < MEMORY_BYTES, `ior says ${memoryByIor} bytes`);
      assert.ok(memoryByKernel < MEMORY_BYTES, `the kernel says ${memoryByKernel} bytes`);
      // The kernel's figure is from before the last rows are written, and is exact to its batches of pages only.
      assert.ok(
        memoryByIor >= memoryByKernel - INEXACT_BYTES,
        `ior says ${memoryByIor} bytes, the kernel ${memoryByKernel}`,
      );
    });
  });
  Deno.test(`A report of ${what}: each call is counted, and ior stays below 200 MB`, async () => {
    const { calls, loss, memoryByIor, memoryByKernel } = await reportNames(run);
    assert.equal(loss.state, "none", JSON.stringify(loss));
    assert.equal(calls, callsOf(run));
    assert.ok(memoryByIor < MEMORY_BYTES, `ior says ${memoryByIor} bytes`);
    assert.ok(memoryByKernel < MEMORY_BYTES, `the kernel says ${memoryByKernel} bytes`);
  });
}

/** Small and without a rest: a burst. */
const BURSTS: NamesRun[] = [
  { names: "files", count: 30_000, pauseUs: 0, ringSize: SMALLEST_RING },
  { names: "removed", count: 20_000, pauseUs: 0, ringSize: SMALLEST_RING },
  { names: "threads", count: 60_000, pauseUs: 0, ringSize: SMALLEST_RING },
];

for (const run of BURSTS) {
  Deno.test(`A burst of ${run.count} ${WORDS[run.names]}, into a ring of ${SMALLEST_RING}: rows and counted losses are all calls, and the rows have the right names`, async () => {
    const { rows, loss, wrong } = await traceNames(run);
    assert.deepEqual(wrong, []);
    assert.equal(loss.state, "some");
    assert.ok(loss.by.ring_full > 0, JSON.stringify(loss));
    assert.ok(rows > 0, "not a single call was seen");
    assert.equal(rows + loss.calls!, callsOf(run), JSON.stringify(loss));
    assert.equal(Object.values(loss.by).reduce((sum, calls) => sum + calls, 0), loss.calls);
  });
  Deno.test(`A report of a burst of ${run.count} ${WORDS[run.names]}, into a ring of ${SMALLEST_RING}: each call is counted, though not all have names`, async () => {
    const { calls, loss } = await reportNames(run);
    assert.equal(loss.state, "none", JSON.stringify(loss));
    assert.ok(loss.unnamed! > 0, "every call has its names");
    assert.equal(calls, callsOf(run), JSON.stringify(loss));
  });
}

Deno.test("The memory that ior says it has used is its own, not that of the large process that started it", async () => {
  const large = new Uint8Array(2 * MEMORY_BYTES).fill(1);
  const output = `${scratchDirectory("memory")}/report.json`;
  const { code, stderr } = await runIor(["trace", "--json", "-o", output, "--", "true"]);
  assert.equal(code, 0, stderr);
  const { cost } = JSON.parse(Deno.readTextFileSync(output));
  assert.ok(
    cost.max_rss_bytes < MEMORY_BYTES,
    `ior says ${cost.max_rss_bytes} bytes, started by ${large.length}`,
  );
});
