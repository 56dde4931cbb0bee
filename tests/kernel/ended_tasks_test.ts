/** What becomes of the selected processes and threads when they end: others may be given their numbers. */
import assert from "node:assert/strict";
import { Capture } from "../../bpf/mod.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { runActorAs, startActor, startStream } from "../kernel_lib/actor.ts";
import { waitFor } from "../wait.ts";

const SELECTED = [
  { kind: "process", option: "-p", of: (pid: number) => ({ pids: [pid] }) },
  { kind: "thread", option: "-t", of: (tid: number) => ({ tids: [tid] }) },
];

for (const { kind, option, of } of SELECTED) {
  Deno.test(`The number of a selected ${kind} that has ended selects no other that is given it`, async () => {
    await using first = await startActor(["tell", "wait", "access:/1"], 1);
    await using second = await startActor(["tell", "wait", "access:/2"], 1);
    const stream = await startStream([option, `${first.pid},${second.pid}`, "-e", "access"]);
    Deno.kill(stream.child.pid, "SIGSTOP"); // the number is given again before ior can look
    await first.go();
    await first.ended;
    const other = await runActorAs(first.pid, ["access:/other"]);
    Deno.kill(stream.child.pid, "SIGCONT");
    await second.go();
    const { rows, code, stderr } = await stream.rows();
    assert.equal(other, first.pid, "the number is given again");
    assert.equal(code, 0, stderr);
    assert.deepEqual(rows.map(({ path }) => path), ["/1", "/2"]);
  });

  Deno.test(`Nor does the number of a ${kind} that ended between the load of the programs and their start`, async () => {
    await using actor = await startActor(["tell", "wait"], 1);
    using capture = await Capture.load({
      selection: { ...emptyFilter(), ...of(actor.pid), syscalls: ["access"] },
      launches: false,
      ringBytes: 65_536,
      sequencer: new RowSequencer(),
      epoch: 1,
    });
    assert.ok(capture.selectsTasks && !capture.haveTasksEnded);
    await actor.go();
    await actor.ended;
    capture.attach();
    assert.ok(capture.haveTasksEnded);
    assert.deepEqual(capture.endedTasks(), { pids: [], tids: [], ...of(actor.pid) });
    assert.equal(await runActorAs(actor.pid, ["access:/other"]), actor.pid, "the number is given again");
    capture.disable();
    assert.equal(capture.drain().batch, null);
  });
}

Deno.test("A trace of a thread ends when the thread does, before its process", async () => {
  await using actor = await startActor(["both:access:/thread", "tell", "sleep:60000"], 1);
  const tid = await waitFor(() => {
    const tids = [...Deno.readDirSync(`/proc/${actor.pid}/task`)].map(({ name }) => Number(name));
    return tids.find((tid) => tid !== actor.pid) ?? null;
  }, { timeoutMs: 20_000, what: "the thread" });
  const stream = await startStream(["-t", String(tid), "-e", "access"]);
  await actor.go();
  const { rows, code, stderr } = await stream.rows();
  assert.equal(code, 0, stderr);
  assert.deepEqual(rows.map(({ path, pid, tid }) => [path, pid, tid]), [["/thread", actor.pid, tid]]);
});

Deno.test("A process whose first thread has ended is selected until its last one ends", async () => {
  await using actor = await startActor(["block", "both:access:/last", "tell", "usr1", "leave"], 1);
  const stream = await startStream(["--no-follow", "-p", String(actor.pid), "-e", "access"]);
  Deno.kill(actor.pid, "SIGUSR1");
  await waitFor(() => /^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${actor.pid}/status`)), {
    timeoutMs: 20_000,
    what: "the end of the first thread",
  });
  await actor.go();
  const { rows, code, stderr } = await stream.rows();
  assert.equal(code, 0, stderr);
  assert.deepEqual(rows.map(({ path, pid }) => [path, pid]), [["/last", actor.pid]]);
});
