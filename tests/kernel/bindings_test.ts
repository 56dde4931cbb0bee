/** A live session by the contract alone, on the real kernel. */
import assert from "node:assert/strict";
import { emptyTraceContext, machineArch, traceStarter } from "../../engine/mod.ts";
import type { Expression } from "../../runtime/expression/mod.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { fakeInterface } from "../engine/session/interface.ts";
import { untilInCall } from "../kernel_lib/in_call.ts";
import { nothingLeftBehind, programsHeldBy } from "../kernel_lib/leftovers.ts";
import { waitFor } from "../wait.ts";

const PLAN = {
  ringBytes: 1024 * 1024,
  durationNs: null,
  command: null,
  stats: { arch: machineArch(), maxFiles: 100, maxProcesses: 100, maxSlowest: 10 },
  flame: { arch: machineArch(), fields: ["syscall" as const], metric: "count" as const, maxNodes: 1000 },
};

Deno.test("The rows of a trace are in the ring that is lent to it, and go on in number when it starts again", async () => {
  const { bindings, ring } = fakeInterface(7);
  const context = emptyTraceContext().withBindings(bindings)
    .withFilter({ ...emptyFilter(), syscalls: ["execve"] });
  const start = traceStarter({
    ...PLAN,
    command: { argv: ["/bin/true"], stdoutToStderr: false, user: null, environment: null },
  });
  for (const run of [1, 2]) {
    await using session = await start(context);
    await session.ended;
    const rows = ring.snapshot();
    assert.equal(rows.length, run);
    const last = rows[run - 1];
    assert.ok("syscall" in last);
    assert.deepEqual([last.seq, last.syscall, last.path, last.epoch], [run, "execve", "/bin/true", 7]);
  }
});

const paths = (...values: string[]): Expression => ({ kind: "text", field: "path", operator: "~", values });

/** A shell that does what it is told, line by line; it has made the calls of its own start. */
async function startShell() {
  const child = new Deno.Command("/bin/sh", { stdin: "piped" }).spawn();
  const stdin = child.stdin.getWriter();
  await untilInCall(child.pid, "read", 0);
  return {
    pid: child.pid,
    does: (line: string) => stdin.write(new TextEncoder().encode(`${line}\n`)),
    async [Symbol.asyncDispose]() {
      await stdin.close();
      await child.status;
    },
  };
}

Deno.test("A running trace takes another filter and turns calls on and off, and rows carry the epoch of their filter", async () => {
  {
    const { bindings, published } = fakeInterface(7);
    await using shell = await startShell();
    const selection = { ...emptyFilter(), pids: [shell.pid], syscalls: ["openat", "chdir"] };
    const start = traceStarter(PLAN);
    await using session = await start(emptyTraceContext().withBindings(bindings).withFilter(selection));
    const programs = programsHeldBy(Deno.pid);
    const rows = () =>
      published.rows!.snapshot().map((row) =>
        "syscall" in row ? `${row.epoch} ${row.syscall} ${row.path}` : row.warning
      );
    const shows = (...wanted: string[]) =>
      waitFor(() => rows().length >= wanted.length || null, { what: wanted.join(), timeoutMs: 10_000 })
        .then(() => assert.deepEqual(rows(), wanted));
    const counted = async () => (await published.stats!.snapshot())?.calls;

    await shell.does(": </etc/passwd; cd /tmp");
    await shows("7 openat /etc/passwd", "7 chdir /tmp");
    assert.equal(await counted(), 2);

    assert.equal(await published.setFilter!({ ...selection, syscalls: ["chdir"] }), 8);
    assert.deepEqual(rows(), ["7 chdir /tmp"]);
    assert.equal(await counted(), 0);
    await shell.does(": </etc/passwd; cd /");
    await shows("7 chdir /tmp", "8 chdir /");
    assert.equal(await counted(), 1);
    assert.equal((await published.trie!.snapshotTree()).root.t, 1);

    await published.probes!.toggle("openat");
    await published.probes!.toggle("chdir");
    await shell.does("cd /usr; : </etc/group");
    await shows("7 chdir /tmp", "8 chdir /", "8 openat /etc/group");

    assert.equal(await published.setFilter!({ ...selection, where: paths("^/etc/group$", "^/$") }), 9);
    assert.deepEqual(rows(), ["8 chdir /", "8 openat /etc/group"]);
    await shell.does("cd /; : </etc/passwd; : </etc/group");
    await shows("8 chdir /", "8 openat /etc/group", "9 openat /etc/group");
    assert.deepEqual(published.probes!.activeCount().active, 1);

    await assert.rejects(published.setFilter!({ ...selection, pids: [] }), /Cannot change which processes/);
    assert.deepEqual(programsHeldBy(Deno.pid), programs, "nothing is detached or attached meanwhile");
    await session.stop();
    assert.equal(published.setFilter, null);
  }
  await nothingLeftBehind();
});

Deno.test("A trace that adds calls up gives each a row from the moment that rows are wanted", async () => {
  {
    const { bindings, published } = fakeInterface();
    await using shell = await startShell();
    // One for each redirection and one for its end.
    const selection = { ...emptyFilter(), pids: [shell.pid], syscalls: ["dup2"] };
    // It holds the rows that are wanted below, and is soon so full that calls are added up, however often it is read.
    const start = traceStarter({ ...PLAN, ringBytes: 256 * 1024, addsUp: true });
    await using session = await start(emptyTraceContext().withBindings(bindings).withFilter(selection));
    const calls = async () => (await published.stats!.snapshot())?.calls ?? 0;
    const redirects = async (count: number, wanted: number) => {
      await shell.does(`i=0; while [ $i -lt ${count / 2} ]; do : </etc/passwd; i=$((i+1)); done`);
      await waitFor(async () => await calls() >= wanted || null, {
        what: `${wanted} calls`,
        timeoutMs: 10_000,
      });
      assert.equal(await calls(), wanted);
    };
    const summed = () => session.figures().summed.dup2 ?? 0;
    await redirects(40_000, 40_000);
    const first = summed();
    assert.ok(first > 10_000, `${first} calls without a row`);
    await published.turnRows!(true);
    assert.equal(published.rows!.length, 0);
    await redirects(4_000, 44_000);
    assert.equal(published.rows!.length, 4_000);
    assert.equal(summed(), first);
    await published.turnRows!(false);
    await redirects(40_000, 84_000);
    assert.ok(summed() > first + 10_000, `${summed() - first} calls without a row`);
    await session.stop();
  }
  await nothingLeftBehind();
});
