/** Recordings of real runs: what comes out of them is what the same run said itself. */
import assert from "node:assert/strict";
import { type IorResult, runIor } from "../kernel_lib/ior.ts";
import { parseRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Several processes and threads, pipes, sockets, failures, renames, and calls of every table. */
const PROGRAM = [
  "bash",
  "-c",
  "for i in 1 2 3; do ls -lR /usr/include/linux | sort | tail -n 3; cat /no/such$i; done;" +
  "python3 -c 'import threading,socket,os\n" +
  "def work():\n" +
  '  a,b=socket.socketpair(); a.send(b"x"*1000); b.recv(2000)\n' +
  '  n="t%d"%threading.get_native_id(); open(n,"w").write(n); os.rename(n,n+".new")\n' +
  "ts=[threading.Thread(target=work) for _ in range(8)]\n" +
  "[t.start() for t in ts]; [t.join() for t in ts]'",
];

function succeeded({ code, stderr }: IorResult): void {
  assert.equal(code, 0, stderr);
}

const readJson = (path: string) => JSON.parse(Deno.readTextFileSync(path));

/** Traces the program once, with everything that can be written beside the report. */
async function traceOnce(directory: string, ...flags: string[]): Promise<void> {
  const args = ["trace", "--json", "-o", `${directory}/live.json`, "--family", "all", ...flags];
  succeeded(await runIor([...args, "--", ...PROGRAM], { cwd: directory }));
}

Deno.test("The report of a recording is the report of its run, number for number", async () => {
  const directory = scratchDirectory("replay");
  const by = ["--by", "process,syscall", "--by", "dir,errno", "--threads"];
  await traceOnce(directory, "--record", `${directory}/run.parquet`, ...by);
  succeeded(
    await runIor(["report", "--json", `${directory}/run.parquet`, "-o", `${directory}/again.json`, ...by]),
  );
  const [live, again] = ["live", "again"].map((name) => readJson(`${directory}/${name}.json`));
  assert.ok(live.calls > 1000 && live.processes.length > 5 && live.errors > 3);
  assert.deepEqual(again, live);
});

Deno.test("The report of segments, and of a pattern that names them, is the report of their run", async () => {
  const directory = scratchDirectory("segments");
  await traceOnce(directory, "--record", `${directory}/rec/`, "--segment-rows", "1000");
  const files = [...Deno.readDirSync(`${directory}/rec`)].map(({ name }) => name);
  assert.equal(files.length, 1);
  assert.equal(files[0], `host=${Deno.hostname()}`);
  const live = readJson(`${directory}/live.json`);
  const pattern = `${directory}/rec/host=*/date=*/*.parquet`;
  for (const from of [[`${directory}/rec`], [pattern]]) {
    const { code, stdout, stderr } = await runIor(["report", "--json", ...from]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), live);
  }
});

Deno.test("The rows of a recording have the calls, bytes and times of its report, also when they are replayed once more", async () => {
  const directory = scratchDirectory("rows");
  await traceOnce(directory, "--record", `${directory}/run.parquet`);
  const live = readJson(`${directory}/live.json`);
  const rowsFile = `${directory}/rows.ndjson`;
  const from = ["--from", `${directory}/run.parquet`];
  succeeded(await runIor(["stream", "--format", "ndjson", ...from, "-o", rowsFile]));
  const { rows, end } = parseRows(Deno.readTextFileSync(rowsFile));
  assert.deepEqual([rows.length, end.calls], [live.calls, live.calls]);
  assert.deepEqual(rows.map(({ seq }) => seq), rows.map((_, i) => i + 1));
  const timed = rows.filter(({ ret }) => ret !== null);
  assert.equal(timed.reduce((sum, { latency_ns }) => sum + Number(latency_ns), 0), live.total_ns);
  assert.equal(rows.filter(({ failed }) => failed).length, live.errors);
  succeeded(await runIor(["report", "--json", rowsFile, "-o", `${directory}/again.json`]));
  const again = readJson(`${directory}/again.json`);
  // NDJSON does not say when processes started: a number is one process there.
  const { processes, ...rest } = again;
  const { processes: liveProcesses, ...liveRest } = live;
  assert.deepEqual(rest, liveRest);
  // deno-lint-ignore no-explicit-any
  const withoutStart = (table: any[]) => table.map(({ started: _, ...row }) => row);
  assert.deepEqual(withoutStart(processes), withoutStart(liveProcesses));
});

Deno.test("A flamegraph of a recording is the one of its run, and has all of the report's time", async () => {
  const directory = scratchDirectory("flame");
  const [live, again] = [`${directory}/live.folded`, `${directory}/again.folded`];
  await traceOnce(directory, "--record", `${directory}/run.parquet`, "--flame", live);
  const from = ["--from", `${directory}/run.parquet`];
  succeeded(await runIor(["flame", ...from, "-o", again]));
  const text = Deno.readTextFileSync(live);
  assert.equal(Deno.readTextFileSync(again), text);
  const total = text.trimEnd().split("\n").reduce((sum, line) => sum + Number(/ (\d+)$/.exec(line)![1]), 0);
  assert.equal(total, readJson(`${directory}/live.json`).total_ns);
  const page = `${directory}/page.html`;
  succeeded(await runIor(["flame", ...from, "-o", page]));
  for (const metric of ["count", "duration", "gap", "bytes"]) {
    const [one, two] = [`${directory}/${metric}.1.folded`, `${directory}/${metric}.2.folded`];
    succeeded(await runIor(["flame", ...from, "--metric", metric, "-o", one]));
    succeeded(await runIor(["flame", "--from", page, "--metric", metric, "-o", two]));
    assert.equal(Deno.readTextFileSync(two), Deno.readTextFileSync(one), metric);
    assert.notEqual(Deno.readTextFileSync(one), "");
  }
  succeeded(await runIor(["flame", ...from, "--split", "-o", `${directory}/split.svg`]));
  for (const metric of ["count", "duration", "gap", "bytes"]) {
    assert.match(Deno.readTextFileSync(`${directory}/split.${metric}.svg`), /^<svg [^]*<\/svg>\s*$/);
  }
});

Deno.test("Two recordings of the same program are compared, and an identical one has no change", async () => {
  const directory = scratchDirectory("diff");
  for (const name of ["a", "b"]) {
    const target = `${directory}/${name}.parquet`;
    const { code, stderr } = await runIor(["record", "-q", target, "--", ...PROGRAM], { cwd: directory });
    assert.equal(code, 0, stderr);
    assert.equal(stderr.includes("recorded in"), false, "quiet");
  }
  const [a, b] = [`${directory}/a.parquet`, `${directory}/b.parquet`];
  const { code, stdout, stderr } = await runIor(["diff", "--json", a, b]);
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).schema, "ior.diff/1");
  assert.equal((await runIor(["diff", a, a, "--fail-on", "calls > 1.0x"])).code, 0);
  assert.equal((await runIor(["diff", a, a, "--fail-on", "calls >= 1.0x"])).code, 3);
  const folded = await runIor(["flame", "--diff", a, b, "--format", "folded"]);
  assert.equal(folded.code, 0, folded.stderr);
  assert.match(folded.stdout.split("\n")[0], /^\S+ \d+ \d+$/);

  const where = ["--where", "syscall = openat and failed"];
  const selected = await runIor(["diff", "--json", ...where, a, b]);
  assert.equal(selected.code, 0, selected.stderr);
  const report = await runIor(["report", "--json", ...where, a]);
  const { calls } = JSON.parse(report.stdout);
  assert.ok(calls > 0);
  const { syscalls } = JSON.parse(selected.stdout);
  assert.deepEqual([syscalls.length, syscalls[0].syscall, syscalls[0].calls.before], [1, "openat", calls]);
  Deno.writeTextFileSync(`${directory}/a.json`, report.stdout);
  const refused = await runIor(["diff", ...where, `${directory}/a.json`, b]);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /Cannot use --where with .*a\.json: it is a report, which has no single calls/,
  );
});
