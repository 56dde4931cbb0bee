/** The brief report of real programs: what stands out in those that have a fault, and nothing in the others. */
import assert from "node:assert/strict";
import { assertGolden } from "../golden.ts";
import { ADVICE_PROGRAMS } from "../kernel_lib/advice_programs.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** How each rule's sentence begins, but for its numbers. */
const RULES: readonly [id: string, sentence: RegExp][] = [
  ["tiny_reads", / reads of less than/],
  ["tiny_writes", / writes of less than/],
  ["reopened_files", / opened before/],
  ["missing_files", / end in ENOENT/],
  ["random_access", / are seeks, /],
  ["metadata_queries", / only query metadata/],
  ["syncs", / syncs for /],
];

/** Lines of the section that says what stands out. */
function adviceOf(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("- "));
}

/**
 * A brief report without what differs from run to run and from machine to machine: times, shares, sizes and counts of the header, and which slow call a
 * busy machine happened to make.
 */
function masked(text: string, directory: string): string {
  // Which of two findings takes more time is not the same in every run.
  const lines = adviceOf(text).toSorted((a, b) => sentenceOf(a) < sentenceOf(b) ? -1 : 1);
  const body = text.replaceAll(/^- .*\n/gm, "") + lines.map((line) => `${line}\n`).join("");
  return body.replaceAll(directory, "DIR")
    .replace(/^ior .*$/m, "ior VERSION on HOST")
    .replace(/^(calls +).*$/m, "$1CALLS")
    .replace(/^(cost +).*$/m, "$1COST")
    .replace(/^(wall time +).*$/m, "$1TIME")
    .replace(/^- A single .*\n/gm, "")
    .replace(/\nWhat stands out\n(?!-)/, "")
    .replace(/ \([\d.,<>]+% of the wall time\)/g, " (SHARE of the wall time)")
    .replace(/ \([\d.,<>]+%\)/g, " (SHARE)")
    .replace(/[\d.,]+(?:ns|µs|ms|s)\b/g, "TIME")
    // A busy machine waits as well.
    .replace(/^(time +).*$/m, "$1TIME in calls")
    .replace(/^- [\d,]+ of [\d,]+/gm, "- N of N")
    .replace(/^- [\d,]+/gm, "- N")
    .replace(/for [\d,]+ (reads|writes)/g, "for N $1")
    .replace(/of [\d,]+ files|of a file/g, "of FILES")
    .replace(/\([\d,]+ calls?\)/g, "(N calls)");
}

/** A line without its numbers. */
function sentenceOf(line: string): string {
  return line.replaceAll(/[\d.,]+/g, "");
}

const reports: string[] = [];

for (const { name, setup, argv, faults } of ADVICE_PROGRAMS) {
  Deno.test(`What stands out: ${name}: ${faults.join(", ") || "nothing"}`, async () => {
    const directory = scratchDirectory("advice");
    if (setup !== undefined) {
      const { success } = await new Deno.Command("sh", { args: ["-c", setup], cwd: directory }).output();
      assert.ok(success, setup);
    }
    const file = `${directory}/report.txt`;
    const run = ["trace", "-q", "--brief", "-o", file, "--", ...argv];
    // Shares of the wall time are those of a machine that has time for the program.
    const { code, stderr } = await runIor(run, { cwd: directory, wrapper: ["nice", "-n", "-20"] });
    assert.equal(code, 0, stderr);
    const text = Deno.readTextFileSync(file);
    const found = RULES.filter(([, sentence]) => adviceOf(text).some((line) => sentence.test(line)))
      .map(([id]) => id);
    assert.deepEqual(found.sort(), [...faults].sort(), text);
    reports.push(`${name}\n\n${masked(text, directory)}`);
  });
}

Deno.test("The brief reports of all programs are the golden ones, but for times", () => {
  assert.equal(reports.length, ADVICE_PROGRAMS.length, "a report is missing");
  assertGolden("report/programs.txt", reports.join("\n"));
});
