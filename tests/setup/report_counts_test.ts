import assert from "node:assert/strict";
import { relative } from "node:path";
import { parseReport, resultsOf, summary } from "../report_counts.ts";

/** Runs the real test runner on `sources` and counts what it reports. */
async function count(sources: Record<string, string>): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(sources)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-check", "--no-config", `--junit-path=${folder}/report.xml`, folder],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    const xml = await Deno.readTextFile(`${folder}/report.xml`).catch(() => null);
    const files = Object.keys(sources).map((name) => `${folder}/${name}`);
    const here = `${relative(Deno.cwd(), folder)}/`;
    return summary(resultsOf({ xml, status: code, files })).map((line) => line.replaceAll(here, ""));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("The count of a run without failures is one line", async () => {
  const text = `Deno.test("a & <b>", () => {}); Deno.test.ignore("c (skipped: no arm64 here)", () => {});`;
  assert.deepEqual(await count({ "a_test.ts": text }), ["1 passed, 0 failed, 1 skipped"]);
});

Deno.test("Failures are listed by file, and a skip without a reason is one of them", async () => {
  const lines = await count({
    "a_test.ts": `Deno.test("breaks", () => { throw new Error("Found 1 <&> wanted 2"); });
      Deno.test.ignore("hides", () => {});`,
    "b_test.ts": `Deno.test("works", () => {});`,
  });
  assert.deepEqual(lines, [
    "a_test.ts: 2 failed",
    "  breaks: Uncaught Error: Found 1 <&> wanted 2",
    "  hides: It was skipped, and its name does not end in (skipped: REASON)",
    "1 passed, 2 failed",
  ]);
});

Deno.test("A file that fails while it loads counts as failed", async () => {
  const lines = await count({
    "a_test.ts": `throw new Error("At load"); Deno.test("never", () => {});`,
    "b_test.ts": `Deno.test("works", () => {});`,
  });
  assert.deepEqual(lines, [
    "a_test.ts: 1 failed",
    "  Its tests: None ran; the runner's output says why",
    "1 passed, 1 failed",
  ]);
});

Deno.test("A runner that cannot start fails every file", async () => {
  const lines = await count({
    "a_test.ts": `import "./absent.ts";`,
    "b_test.ts": `Deno.test("works", () => {});`,
  });
  assert.equal(lines.at(-1), "0 passed, 2 failed");
});

Deno.test("A runner that fails without a failure in its report is a failure", () => {
  const xml = '<testsuites tests="1"><testcase name="a" classname="./a_test.ts">\n</testcase></testsuites>';
  assert.deepEqual(summary(resultsOf({ xml, status: 3, files: ["a_test.ts"] })), [
    "deno test: 1 failed",
    "  The runner: It ended with status 3 and reported no failure",
    "1 passed, 1 failed",
  ]);
});

Deno.test("A report that states more tests than it has is refused", () => {
  assert.throws(() => parseReport('<testsuites tests="2"></testsuites>'), {
    message: "Cannot read the test report: it states 2 tests and has 0",
  });
});

Deno.test("A run of nothing says so", () => {
  assert.deepEqual(summary([]), ["No test ran", "0 passed, 0 failed"]);
});
