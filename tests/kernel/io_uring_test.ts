/** Rows of requests to io_uring, held against a program that writes down what each of its completions said. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { testSeed } from "../engine/batches.ts";
import { compile } from "../kernel_lib/compile.ts";
import { missingFeatures } from "../kernel_lib/features.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { readRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const SOURCE = fileURLToPath(new URL("../kernel_lib/uring_requests.c", import.meta.url));

/** Requests of a run, about. */
const REQUESTS = 20_000;

/** Operations that the program asks for, as a list for `-e`. */
const OPERATIONS = "READ WRITE READV WRITEV FSYNC NOP OPENAT CLOSE POLL_ADD ACCEPT ASYNC_CANCEL"
  .split(" ").map((name) => `io_uring:${name}`).join(",");

const lacking = missingFeatures(["io_uring"]);
const skipped = lacking.length > 0 ? " (skipped: this kernel makes no rings)" : "";

/** Runs the program under ior, which writes to a file of its own; what the program has written down. */
async function run(command: string, flags: string[], mode: string[] = []) {
  const directory = scratchDirectory("io_uring");
  const output = `${scratchDirectory("io_uring")}/output`;
  const seed = testSeed();
  const program = [await compile(SOURCE), directory, String(seed), String(REQUESTS), ...mode];
  const { code, stdout, stderr } = await runIor([command, ...flags, "-o", output, "--", ...program]);
  assert.equal(code, 0, `seed ${seed}: ${stderr}`);
  return { log: stdout.trimEnd().split("\n"), output, stderr, seed };
}

/** How often each line is there. */
function counted(lines: string[]): Map<string, number> {
  return new Map(
    [...Map.groupBy(lines, (line) => line)].map(([line, all]) => [line, all.length] as const).sort(),
  );
}

for (const mode of [[], ["sqpoll"]]) {
  const how = mode.length > 0 ? "a ring that the kernel polls" : "a ring";
  Deno.test({
    name:
      `Of requests to ${how} each completion is a row: linked, cancelled, repeated, on registered files${skipped}`,
    ignore: lacking.length > 0,
    async fn() {
      const flags = ["--format", "ndjson", "--ring-size", "32M", "--strict", "-e", OPERATIONS];
      const { log, output, stderr, seed } = await run("stream", flags, mode);
      const { rows, end } = readRows(output);
      assert.equal(end.loss.state, "none");
      // Paths of what has none of its own in the log, a pipe or a socket, are not compared.
      const known = new Set(log.map((line) => line.split(" ")[3]));
      const found = rows.map(({ syscall, fd, ret, path }) =>
        [
          String(syscall).replace("io_uring:", ""),
          fd ?? "-",
          ret,
          known.has(String(path)) ? path : "-",
        ].join(" ")
      );
      assert.deepEqual(counted(found), counted(log), `seed ${seed}`);
      assert.equal(new Set(rows.map(({ pid }) => pid)).size, 1);
      for (const row of rows) {
        assert.equal(row.family, "AIO");
        assert.ok(Number(row.latency_ns) >= 0);
        const moves = /^io_uring:(READV?|WRITEV?)$/.test(String(row.syscall));
        assert.equal(row.bytes, moves ? Math.max(0, Number(row.ret)) : null);
      }
      assert.doesNotMatch(stderr, /io_uring requests/, "none is left to count");
    },
  });
}

Deno.test({
  name: `A report counts the requests to io_uring that are selected, and says how many are not${skipped}`,
  ignore: lacking.length > 0,
  async fn() {
    const { log, output } = await run("trace", [
      "--json",
      "-e",
      "io_uring:read,io_uring:NOP",
      "--ring-size",
      "32M",
    ]);
    const report = JSON.parse(Deno.readTextFileSync(output));
    const isSelected = (line: string) => /^(READ|NOP) /.test(line);
    assert.equal(report.calls, log.filter(isSelected).length);
    const others = report.io_uring_requests[0].requests;
    // Repeated completions are several lines of one request: four of the accepts and polls that were repeated.
    assert.ok(others > 0 && others <= log.filter((line) => !isSelected(line)).length);
  },
});

Deno.test({
  name: `On the smallest ring requests to io_uring are lost, and each of them is counted${skipped}`,
  ignore: lacking.length > 0,
  async fn() {
    const flags = ["--format", "ndjson", "--ring-size", "64k", "-e", OPERATIONS];
    const { log, output } = await run("stream", flags);
    const { rows, end } = readRows(output);
    assert.equal(rows.length + (end.loss.calls ?? NaN), log.length);
  },
});
