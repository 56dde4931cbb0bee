import assert from "node:assert/strict";
import { Capture } from "../../bpf/mod.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { emptyFilter, type Filter, parseFilter } from "../../runtime/filter/mod.ts";
import { numberOf, untilInCall } from "../kernel_lib/in_call.ts";
import { waitFor } from "../wait.ts";

const TIMEOUT_MS = 20_000;
const EXCHANGES = 60;

/** Room for as many calls as a processor makes in more than half a second, in which a busy machine may not let them be read. */
const RING_BYTES = 64 * 1024 * 1024;

const READ = numberOf("read"), WRITE = numberOf("write");

const select = (syscalls: string[], where: string | null = null): Filter => ({
  ...emptyFilter(),
  syscalls,
  where: where === null ? null : parseFilter(`where ${where}`).where,
});

/** A row as far as filters look at it. */
interface Call {
  epoch: number;
  nr: number;
  ret: number;
  path: string | undefined;
  restarts: number;
}

/** A capture of one process, and the rows it has had. */
async function tracing(
  pid: number,
  selection: Filter,
): Promise<Disposable & { capture: Capture; calls: Call[]; drain(): void }> {
  const capture = await Capture.load({
    selection: { ...selection, pids: [pid] },
    launches: false,
    ringBytes: RING_BYTES,
    sequencer: new RowSequencer(),
    epoch: 1,
  });
  const calls: Call[] = [];
  const paths: (string | undefined)[] = [];
  const take = ({ epoch, length, columns, files }: EventBatch) => {
    for (const { slot, path } of files) paths[slot] = path;
    for (let i = 0; i < length; i++) {
      const { nr, ret, file, restarts } = columns;
      const path = paths[file[i]];
      calls.push({ epoch, nr: nr[i], ret: Number(ret[i]), path, restarts: restarts[i] });
    }
    capture.recycle(columns);
  };
  const drain = () => {
    for (let full = true; full;) {
      const taken = capture.drain();
      if (taken.batch) take(taken.batch);
      full = taken.full;
    }
  };
  capture.attach();
  return { capture, calls, drain, [Symbol.dispose]: () => capture[Symbol.dispose]() };
}

function spawn(command: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
}

Deno.test("no call has a row under a filter that does not select it, however often filters change", async () => {
  // Two calls in turn, on two files, as fast as they go.
  const busy = spawn("dd", "if=/dev/zero", "of=/dev/null", "bs=1");
  const [uid, gid] = [Deno.uid()!, Deno.gid()!];
  const filters: [Filter, (call: Call) => boolean][] = [
    [select(["read"]), ({ nr }) => nr === READ],
    [select(["write"]), ({ nr }) => nr === WRITE],
    [select(["read", "write"], "path ~ ^/dev/null$"), ({ path }) => path === "/dev/null"],
    [select(["read", "write"], "failed"), () => false],
    [select(["read", "write"], "not path ~ ^/dev/null$"), ({ path }) => path === "/dev/zero"],
    [select(["read"], `uid = ${uid}`), ({ nr }) => nr === READ],
    [select(["read", "write"], `uid = ${uid + 1}`), () => false],
    [select(["write"], `uid = ${uid} and gid = ${gid},${gid + 1}`), ({ nr }) => nr === WRITE],
    [select(["read", "write"], `gid = ${gid + 1}`), () => false],
    [select(["read", "write"], "comm ~ cat"), () => false],
    [select(["read", "write"], "latency >= 60s"), () => false],
  ];
  try {
    using trace = await tracing(busy.pid, filters[0][0]);
    const { capture, calls, drain } = trace;
    const of = (epoch: number) => filters[(epoch - 1) % filters.length];
    for (let epoch = 1; epoch <= EXCHANGES; epoch++) {
      if (epoch > 1) capture.changeFilter(of(epoch)[0], epoch);
      // A change in the middle of a full ring, and one right behind another, are among them.
      if (epoch % 3 === 0) continue;
      const before = calls.length;
      const hasRows = of(epoch)[0].syscalls.length > 0 &&
        of(epoch)[1]({ epoch, nr: READ, ret: 1, path: "/dev/zero", restarts: 0 });
      if (!hasRows) drain();
      else {
        await waitFor(() => (drain(), calls.slice(before).some((call) => call.epoch === epoch)), {
          timeoutMs: TIMEOUT_MS,
          what: `rows of epoch ${epoch}`,
        });
      }
    }
    capture.disable();
    drain();
    assert.ok(calls.length > 1000, `${calls.length} calls`);
    const wrong = calls.filter((call) => !of(call.epoch)[1](call));
    assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} of ${calls.length}`);
    assert.equal(capture.loss().state, "none");
  } finally {
    busy.kill("SIGKILL");
    await busy.output();
    await busy.stdin.close().catch(() => {});
  }
});

/** A cat whose every line is answered before the next is sent. */
async function withCat(
  body: (
    cat: { pid: number; say(line: string): Promise<void>; untilReading(): Promise<unknown> },
  ) => Promise<void>,
) {
  const cat = spawn("cat");
  const input = cat.stdin.getWriter(), answers = cat.stdout.getReader();
  const untilReading = () => untilInCall(cat.pid, "read");
  await untilReading();
  try {
    await body({
      pid: cat.pid,
      untilReading,
      async say(line) {
        await input.write(new TextEncoder().encode(line));
        assert.equal(new TextDecoder().decode((await answers.read()).value), line);
        await untilReading();
      },
    });
  } finally {
    await input.close();
    await answers.cancel();
    await cat.status;
  }
}

const seen = (calls: Call[]) =>
  calls.map(({ epoch, nr, ret }) => [epoch, nr === READ ? "read" : "write", ret]);

Deno.test("a call that enters under one filter and returns under the next has no row", async () => {
  await withCat(async (cat) => {
    using trace = await tracing(cat.pid, select(["read", "write"]));
    await cat.say("a\n");
    trace.capture.changeFilter(select(["read", "write"]), 2);
    await cat.say("bb\n");
    await cat.say("ccc\n");
    trace.capture.disable();
    trace.drain();
    // The first read was entered before the trace, the second one waits over the change.
    assert.deepEqual(seen(trace.calls), [[1, "write", 2], [2, "write", 3], [2, "read", 4], [2, "write", 4]]);
    assert.equal(trace.capture.loss().state, "none");
  });
});

Deno.test("a call turned off has no rows any more but that of a thread inside it, and nothing counts as lost", async () => {
  await withCat(async (cat) => {
    using trace = await tracing(cat.pid, select(["read", "write"]));
    const { capture } = trace;
    await cat.say("a\n");
    assert.equal(capture.isCallEnabled(READ), true);
    capture.selectCalls(select(["write"]));
    assert.equal(capture.isCallEnabled(READ), false);
    await cat.say("bb\n");
    await cat.say("ccc\n");
    capture.selectCalls(select(["read", "write"]));
    await cat.say("dddd\n");
    await cat.say("eeeee\n");
    capture.disable();
    trace.drain();
    assert.deepEqual(seen(trace.calls), [
      [1, "write", 2],
      [1, "read", 3],
      [1, "write", 3],
      [1, "write", 4],
      [1, "write", 5],
      [1, "read", 6],
      [1, "write", 6],
    ]);
    assert.equal(capture.loss().state, "none");
  });
});

Deno.test("a call that was interrupted and starts again after it was turned off has no row, nor part in a later one", async () => {
  await withCat(async (cat) => {
    using trace = await tracing(cat.pid, select(["read", "write"]));
    const { capture } = trace;
    await cat.say("a\n");
    Deno.kill(cat.pid, "SIGSTOP");
    await waitFor(() => /\) T /.test(Deno.readTextFileSync(`/proc/${cat.pid}/stat`)), {
      timeoutMs: TIMEOUT_MS,
      what: "cat to be stopped inside its read",
    });
    capture.selectCalls(select(["write"]));
    Deno.kill(cat.pid, "SIGCONT");
    await cat.untilReading();
    await cat.say("bb\n");
    capture.selectCalls(select(["read", "write"]));
    await cat.say("ccc\n");
    await cat.say("dddd\n");
    capture.disable();
    trace.drain();
    assert.deepEqual(seen(trace.calls), [
      [1, "write", 2],
      [1, "write", 3],
      [1, "write", 4],
      [1, "read", 5],
      [1, "write", 5],
    ]);
    assert.ok(trace.calls.every(({ restarts }) => restarts === 0));
    assert.equal(capture.loss().state, "none");
    assert.deepEqual(capture.running().map(({ syscall }) => syscall), ["read"]);
  });
});
