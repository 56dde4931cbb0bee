/**
 * Reads the test runner's reports and prints what failed, by file, and the last line `N passed, N failed`
 * (`, N skipped` when any). Used by `tests/run` with one argument per run, a path without its ending:
 *
 * - `PATH.xml` is the runner's JUnit report, absent when the runner could not start
 * - `PATH.status` is the runner's exit status
 * - `PATH.files` lists the test files that were to run, one a line
 *
 * or `not-run:FILE` for a test file that could not be run at all.
 */
import { relative, resolve } from "node:path";

/** One test or test step. */
export interface TestResult {
  /** Path of the test file, relative to the working directory. */
  file: string;
  name: string;
  outcome: "passed" | "failed" | "skipped";
  /** First line of what went wrong; empty unless failed. */
  message: string;
}

/** What one run of the runner left behind. */
export interface RunOutcome {
  /** The JUnit report, `null` when there is none. */
  xml: string | null;
  /** Exit status of the runner. */
  status: number;
  /** Test files that were to run. */
  files: string[];
}

/** The end of a skipped test's name that says why it may be: `… (skipped: this is not arm64)`. */
const DECLARED_SKIP = /\(skipped: [^()]+\)$/;

/**
 * The results of one run. A skip without a declared reason is a failure, and so is a file that was to run and of
 * which the report has no test: it did not load, or the runner ended before it.
 */
export function resultsOf(run: RunOutcome): TestResult[] {
  const results = run.xml === null ? [] : parseReport(run.xml);
  for (const result of results) {
    if (result.outcome === "skipped" && !DECLARED_SKIP.test(result.name)) {
      result.outcome = "failed";
      result.message = "It was skipped, and its name does not end in (skipped: REASON)";
    }
  }
  const seen = new Set(results.map((result) => result.file));
  for (const file of run.files.map(relativePath)) {
    if (!seen.has(file)) results.push(failure(file, "Its tests", "None ran; the runner's output says why"));
  }
  if (run.status !== 0 && !results.some((result) => result.outcome === "failed")) {
    results.push(
      failure("deno test", "The runner", `It ended with status ${run.status} and reported no failure`),
    );
  }
  return results;
}

/** The failures by file, then the line of counts. */
export function summary(results: TestResult[]): string[] {
  const failed = results.filter((result) => result.outcome === "failed");
  const byFile = Map.groupBy(failed, (result) => result.file);
  const lines: string[] = [];
  for (const [file, failures] of byFile) {
    lines.push(`${file}: ${failures.length} failed`);
    for (const { name, message } of failures) lines.push(`  ${name}${message && `: ${message}`}`);
  }
  if (results.length === 0) lines.push("No test ran");
  const passed = results.filter((result) => result.outcome === "passed").length;
  const skipped = results.length - passed - failed.length;
  lines.push(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return lines;
}

/** The test cases of a JUnit report as Deno writes it. Throws when their number is not the one the report states. */
export function parseReport(xml: string): TestResult[] {
  const results: TestResult[] = [];
  // Inside attributes and text the runner escapes every angle bracket, so that tags can be found by their brackets.
  for (const [, attributes, content] of xml.matchAll(/<testcase ([^>]*)>([^]*?)<\/testcase>/g)) {
    const fault = content.match(/<(?:failure|error)\b([^>]*)>/);
    const skipped = content.includes("<skipped");
    results.push({
      file: relativePath(attribute(attributes, "classname")),
      name: attribute(attributes, "name"),
      outcome: fault ? "failed" : skipped ? "skipped" : "passed",
      message: fault ? attribute(fault[1], "message").split("\n")[0] : "",
    });
  }
  const stated = Number(xml.match(/<testsuites [^>]*\btests="(\d+)"/)?.[1]);
  if (results.length !== stated) {
    throw new Error(`Cannot read the test report: it states ${stated} tests and has ${results.length}`);
  }
  return results;
}

function attribute(attributes: string, name: string): string {
  const value = attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return value.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity) => entities[entity]);
}

function failure(file: string, name: string, message: string): TestResult {
  return { file, name, outcome: "failed", message };
}

function relativePath(path: string): string {
  return relative(Deno.cwd(), resolve(path));
}

function readRun(base: string): RunOutcome {
  let xml: string | null = null;
  try {
    xml = Deno.readTextFileSync(`${base}.xml`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return {
    xml,
    status: Number(Deno.readTextFileSync(`${base}.status`)),
    files: Deno.readTextFileSync(`${base}.files`).split("\n").filter((line) => line !== ""),
  };
}

if (import.meta.main) {
  const results = Deno.args.flatMap((arg) =>
    arg.startsWith("not-run:")
      ? [failure(arg.slice("not-run:".length), "Its tests", "They need root")]
      : resultsOf(readRun(arg))
  );
  for (const line of summary(results)) console.log(line);
  const failed = results.some((result) => result.outcome === "failed");
  Deno.exit(failed || results.length === 0 ? 1 : 0);
}
