/** Rows of requests to io_uring, held against a program that writes down what each of its completions said. */
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Report, sumOfRequests } from "../../runtime/report.ts";
import { testSeed } from "../engine/batches.ts";
import { compile } from "../kernel_lib/compile.ts";
import { missingFeatures } from "../kernel_lib/features.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { type EndRecord, readRows, type RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const SOURCE = fileURLToPath(new URL("../kernel_lib/uring_requests.c", import.meta.url));

/** Requests of a run, about, and a ring for the rows of all of them; a million with `IOR_NIGHTLY=1`. */
const NIGHTLY = Deno.env.get("IOR_NIGHTLY") === "1";
const REQUESTS = NIGHTLY ? 1_000_000 : 20_000;
const RING_SIZE = NIGHTLY ? "256M" : "32M";

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
function counted(lines: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Lines that are not as often in both. */
function differences(found: Map<string, number>, wanted: Map<string, number>): string[] {
  return [...new Set([...found.keys(), ...wanted.keys()])].filter((line) =>
    found.get(line) !== wanted.get(line)
  )
    .map((line) => `${line}: ${found.get(line) ?? 0} rows, ${wanted.get(line) ?? 0} completions`);
}

/** The rows of a file, and its end: one after the other, as the text of a million is longer than a string may be. */
async function rowsOf(path: string, take: (row: RowRecord) => void): Promise<EndRecord> {
  let record = null;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (record !== null && "seq" in record) take(record);
    record = JSON.parse(line);
  }
  return record;
}

for (const mode of [[], ["sqpoll"]]) {
  const how = mode.length > 0 ? "a ring that the kernel polls" : "a ring";
  Deno.test({
    name:
      `Of requests to ${how} each completion is a row: linked, cancelled, repeated, on registered files${skipped}`,
    ignore: lacking.length > 0,
    async fn() {
      const flags = ["--format", "ndjson", "--ring-size", RING_SIZE, "--strict", "-e", OPERATIONS];
      const { log, output, stderr, seed } = await run("stream", flags, mode);
      // Paths of what has none of its own in the log, a pipe or a socket, are not compared.
      const known = new Set(log.map((line) => line.split(" ")[3]));
      const pids = new Set<number>();
      const found: string[] = [];
      const end = await rowsOf(output, ({ syscall, family, pid, fd, ret, bytes, latency_ns, path }) => {
        const name = syscall.replace("io_uring:", "");
        found.push([name, fd ?? "-", ret, known.has(String(path)) ? path : "-"].join(" "));
        pids.add(pid);
        assert.equal(family, "AIO");
        assert.ok(Number(latency_ns) >= 0);
        assert.equal(bytes, /^(READV?|WRITEV?)$/.test(name) ? Math.max(0, Number(ret)) : null);
      });
      assert.deepEqual([end.loss.state, end.calls], ["none", found.length]);
      assert.deepEqual(differences(counted(found), counted(log)), [], `seed ${seed}`);
      assert.equal(pids.size, 1);
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
  name: `Requests are counted of each of thousands of processes${skipped}`,
  ignore: lacking.length > 0,
  async fn() {
    const source = fileURLToPath(new URL("../kernel_lib/uring_processes.c", import.meta.url));
    const output = `${scratchDirectory("io_uring")}/output`;
    const command = [await compile(source), "6000"];
    const { code, stderr } = await runIor(["trace", "--json", "-e", "read", "-o", output, "--", ...command]);
    assert.equal(code, 0, stderr);
    const { io_uring_requests: processes = [], loss }: Report = JSON.parse(Deno.readTextFileSync(output));
    assert.deepEqual([processes.length, loss.state], [6000, "none"]);
    assert.ok(processes.every(({ requests }) => requests === 1));
  },
});

Deno.test({
  name: `Requests that are not selected are in the frames and reports of ior top as well${skipped}`,
  ignore: lacking.length > 0,
  async fn() {
    const source = fileURLToPath(new URL("../kernel_lib/uring_processes.c", import.meta.url));
    const top = ["top", "--interval", "100ms", "-e", "read", "--", await compile(source), "3000"];
    const json = await runIor([...top.toSpliced(1, 0, "--json")]);
    assert.equal(json.code, 0, json.stderr);
    const reports: Report[] = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    const requests = reports.flatMap(({ io_uring_requests: processes = [] }) => processes);
    // Each process has made its request in one interval.
    assert.deepEqual([requests.length, new Set(requests.map(({ pid }) => pid)).size], [3000, 3000]);
    assert.equal(sumOfRequests(requests), 3000);
    const text = await runIor([...top.toSpliced(1, 0, "--batch")]);
    assert.match(text.stdout, /3,000 io_uring requests not traced/, text.stderr);
  },
});

Deno.test({
  name:
    `Time and fetched bytes of requests to io_uring are unknown, not on a processor and not cached${skipped}`,
  ignore: lacking.length > 0,
  async fn() {
    const flags = ["--json", "--waits", "--cache", "--family", "AIO", "--ring-size", "32M", "--strict"];
    const { output } = await run("trace", flags);
    const report: Report = JSON.parse(Deno.readTextFileSync(output));
    const totals = { requests: 0, calls: 0 };
    let readBytes = 0;
    for (const { syscall, total_ns, read_bytes, parts_unknown_ns, fetch_unknown_bytes } of report.syscalls) {
      const isRequest = syscall.startsWith("io_uring:");
      assert.equal(parts_unknown_ns, isRequest ? total_ns : undefined, syscall);
      assert.equal(fetch_unknown_bytes, isRequest && read_bytes != 0 ? read_bytes : undefined, syscall);
      readBytes += Number(read_bytes);
      totals[isRequest ? "requests" : "calls"] += Number(total_ns);
    }
    assert.ok(totals.requests > 0 && totals.calls > 0 && readBytes > 0);
    for (const row of [report, report.commands[0], report.families[0]]) {
      assert.deepEqual([row.parts_unknown_ns, row.fetch_unknown_bytes], [totals.requests, readBytes]);
    }
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
