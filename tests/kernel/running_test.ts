import assert from "node:assert/strict";
import { numberOf, untilInCall } from "../kernel_lib/in_call.ts";
import { runIor, startIor } from "../kernel_lib/ior.ts";
import { parseRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function spawn(command: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
}

Deno.test("A call that was entered before the trace began has no row, and the ones behind it have", async () => {
  const cat = spawn("cat");
  const input = cat.stdin.getWriter(), answers = cat.stdout.getReader();
  await untilInCall(cat.pid, "read");
  // Tracing has begun when a row of this process comes.
  const loop = "while :; do echo >/dev/null; sleep 0.01; done";
  const beacon = new Deno.Command("sh", { args: ["-c", loop], stdin: "null", stdout: "null" }).spawn();
  const flags = ["--no-follow", "-d", "20s", "-p", `${cat.pid},${beacon.pid}`];
  const ior = startIor(["stream", "--format", "ndjson", "-e", "read,write", ...flags]);
  const stdout = ior.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const stderr = new Response(ior.stderr).text();
  let text = "", beaconEnded = false;
  const more = async () => {
    const { value, done } = await stdout.read();
    text += value ?? "";
    return !done;
  };
  try {
    while (!text.includes(`"pid":${beacon.pid},`)) {
      if (!await more()) throw new Error(`ior ended without a row: ${await stderr}`);
    }
    beacon.kill("SIGKILL");
    beaconEnded = true;
    for (const line of ["first\n", "second\n"]) {
      await input.write(encoder.encode(line));
      assert.equal(decoder.decode((await answers.read()).value), line);
      await untilInCall(cat.pid, "read");
    }
  } finally {
    // A second kill is an error when the first one has been seen to work.
    if (!beaconEnded) beacon.kill("SIGKILL");
    await input.close();
    await answers.cancel();
    await beacon.status;
    await cat.status;
  }
  while (await more());
  assert.equal((await ior.status).code, 0, await stderr);
  const document = parseRows(text);
  const rows = document.rows.filter(({ pid }) => pid === cat.pid);
  const shown = rows.map(({ syscall, ret, bytes, restarts }) => [syscall, ret, bytes, restarts]);
  // The read that got the first line was entered before.
  assert.deepEqual(shown, [["write", 6, 6, 0], ["read", 7, 7, 0], ["write", 7, 7, 0], ["read", 0, 0, 0]]);
  assert.equal(rows[0].gap_ns, null, "the gap of the first row");
  assert.equal(document.end.loss.state, "none");
});

/** The report of a command that ends and leaves a reader behind, once that waits; and the reader. */
async function traceReader(words: readonly string[]) {
  const fifo = `${scratchDirectory("running")}/fifo`;
  const script = `
    mkfifo "$0"; exec 3<>"$0"
    cat <&3 >/dev/null 2>&1 &
    echo $! >"$0.pid"
    while ! grep -q "^${numberOf("read")} " /proc/$!/syscall; do :; done`;
  const output = `${fifo}.json`;
  const args = [...words, "--json", "-e", "read", "-P", `^${fifo}$`, "-o", output];
  let reader = 0;
  try {
    const { code, stderr } = await runIor([...args, "--", "sh", "-c", script, fifo]);
    assert.equal(code, 0, stderr);
  } finally {
    reader = Number(Deno.readTextFileSync(`${fifo}.pid`));
    Deno.kill(reader, "SIGKILL");
  }
  return { report: JSON.parse(Deno.readTextFileSync(output)), reader, fifo };
}

for (const words of [["trace"], ["top", "--interval", "1m"]]) {
  Deno.test(`A call still running when ior ${words[0]} ends is no call: it is listed with its file and its age`, async () => {
    const { report, reader, fifo } = await traceReader(words);
    assert.equal(report.calls, 0, "calls");
    assert.equal(report.loss.state, "none");
    assert.equal(report.running?.length, 1, `running is ${JSON.stringify(report.running)}`);
    const { pid, tid, comm, syscall, path, age_ns } = report.running[0];
    assert.deepEqual({ pid, tid, comm, syscall, path }, {
      pid: reader,
      tid: reader,
      comm: "cat",
      syscall: "read",
      path: fifo,
    });
    assert.ok(age_ns > 0 && age_ns <= report.wall_ns, `age ${age_ns} of ${report.wall_ns}`);
  });
}
