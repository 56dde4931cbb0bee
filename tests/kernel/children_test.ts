import assert from "node:assert/strict";
import { actorProgram, runActorAs, startActor, startStream } from "../kernel_lib/actor.ts";
import { runIor, startIor } from "../kernel_lib/ior.ts";
import { readRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { waitFor } from "../wait.ts";

/** Generous: only reached when a test fails. */
const TIMEOUT_MS = 20_000;

/** Words of a script that waits until a file is there. */
const UNTIL_GO = 'until test -e "$0/go"; do sleep 0.02; done';

/** Traces a shell's script, which has the directory as `$0`, and gives the report. */
async function reportOf(flags: string[], directory: string, script: string) {
  const output = `${directory}/report.json`;
  const command = ["sh", "-c", script, directory];
  const { code, stderr } = await runIor(["trace", "--json", "-o", output, ...flags, "--", ...command]);
  assert.equal(code, 0, stderr);
  return JSON.parse(Deno.readTextFileSync(output));
}

Deno.test("The wall time of a command is from its exec to its end, without its start and without what it leaves", async () => {
  const directory = scratchDirectory("wall");
  // The child begins its own time when the command has ended.
  const child = '(while kill -0 "$$"; do sleep 0.02; done; sleep 0.5) >/dev/null 2>&1 &';
  const report = await reportOf(["--all-children"], directory, child);
  const short = report.command_wall_ns, whole = report.wall_ns;
  assert.ok(short > 0, `${short}`);
  assert.ok(short < whole - 500_000_000, `${short} of ${whole}`);
  const slept = await reportOf([], directory, "sleep 0.2");
  assert.ok(slept.command_wall_ns >= 200_000_000, `${slept.command_wall_ns}`);
  assert.ok(slept.command_wall_ns <= slept.wall_ns, `${slept.command_wall_ns} of ${slept.wall_ns}`);
});

Deno.test("A command that still runs when the trace ends has no wall time and no children left", async () => {
  const directory = scratchDirectory("running");
  try {
    const script = `exec >/dev/null 2>&1; (${UNTIL_GO}) & wait`;
    const report = await reportOf(["-d", "300ms", "--no-wait"], directory, script);
    assert.equal(report.command_wall_ns, null);
    assert.equal(report.children_left, undefined);
  } finally {
    Deno.writeTextFileSync(`${directory}/go`, "");
  }
});

/** Children that wait; their numbers are in a file each. */
const WAITING = `for i in 1 2 3; do (${UNTIL_GO}) >/dev/null 2>&1 & done`;

Deno.test("Children that a command leaves are counted, and those that have ended are not", async () => {
  const directory = scratchDirectory("left");
  try {
    const script = `true & sh -c 'true & wait'; ${WAITING}`;
    const report = await reportOf([], directory, script);
    // Each of the three may have a sleep of its own.
    assert.ok(report.children_left >= 3 && report.children_left <= 6, `${report.children_left}`);
    const none = await reportOf([], directory, "true & sh -c 'true & wait'; wait");
    assert.equal(none.children_left, 0);
  } finally {
    Deno.writeTextFileSync(`${directory}/go`, "");
  }
});

Deno.test("The last report of ior top says how many children the command has left", async () => {
  const directory = scratchDirectory("left_top");
  const script = `until test -e "$0/end"; do sleep 0.02; done; ${WAITING}`;
  try {
    const ior = startIor(["top", "--json", "--interval", "50ms", "--", "sh", "-c", script, directory]);
    const [first, all] = ior.stdout.tee();
    const text = new Response(all).text();
    const stderr = new Response(ior.stderr).text();
    const reader = first.getReader();
    await reader.read();
    Deno.writeTextFileSync(`${directory}/end`, "");
    reader.cancel();
    assert.equal((await ior.status).code, 0, await stderr);
    const reports = (await text).trimEnd().split("\n").map((line) => JSON.parse(line));
    const { children_left: left } = reports.pop();
    assert.ok(left >= 3 && left <= 6, `${left}`);
    assert.ok(reports.length > 0 && reports.every(({ children_left }) => children_left === undefined));
  } finally {
    for (const name of ["end", "go"]) Deno.writeTextFileSync(`${directory}/${name}`, "");
  }
});

Deno.test("Processes of several threads that end at once are counted off once each", async () => {
  const directory = scratchDirectory("threads");
  const actor = await actorProgram();
  const many = `for i in $(seq 50); do "${actor}" both:getuid both:getuid both:getuid exit:0 & done`;
  const report = await reportOf([], directory, `${many}; wait`);
  assert.equal(report.children_left, 0);
});

Deno.test("--no-follow leaves no children, for none is followed", async () => {
  const report = await reportOf(
    ["--no-follow"],
    scratchDirectory("no-follow"),
    "sleep 0.3 >/dev/null 2>&1 &",
  );
  assert.equal(report.children_left, 0);
});

Deno.test("--all-children traces a daemon until its end, with every row", async () => {
  const directory = scratchDirectory("daemon");
  const daemon = `for i in 1 2 3 4 5; do echo line; sleep 0.05; done >"$1/log"`;
  const output = `${directory}/rows.ndjson`;
  const script = `setsid sh -c 'sh -c "$2" "$0" "$1" & exit' x "$0" '${daemon}' &`;
  const { code, stderr } = await runIor([
    ...["stream", "--format", "ndjson", "--all-children", "-e", "write", "-P", `^${directory}/log$`],
    ...["-o", output, "--", "sh", "-c", script, directory],
  ]);
  assert.equal(code, 0, stderr);
  const { rows, end } = readRows(output);
  assert.deepEqual(rows.map(({ bytes }) => bytes), [5, 5, 5, 5, 5]);
  assert.equal(end.loss.state, "none");
});

Deno.test("Where children are waited for, the number of the command selects no other process that is given it", async () => {
  const directory = scratchDirectory("number");
  const until = (name: string) => `until test -e "$0/${name}"; do sleep 0.02; done`;
  const stream = await startStream([
    ...["--all-children", "-e", "newfstatat,access", "--", "sh", "-c"],
    ...[`echo $$ >"$0/pid"; (${["one", "two", "go"].map(until).join("; ")}) >/dev/null 2>&1 &`, directory],
  ]);
  const pid = Number(
    await waitFor(() => {
      const text = readIfThere(`${directory}/pid`);
      return text.endsWith("\n") && readIfThere(`/proc/${text.trim()}/comm`) === "" && text;
    }, { timeoutMs: TIMEOUT_MS, what: "the end of the command" }),
  );
  // Between two rows that are read one after the other ior learns of that end.
  for (const [name, next] of [["one", "two"], ["two", "go"]]) {
    Deno.writeTextFileSync(`${directory}/${name}`, "");
    await stream.sees(`${directory}/${next}`);
  }
  const other = await runActorAs(pid, ["access:/other"]);
  Deno.writeTextFileSync(`${directory}/go`, "");
  const { rows, code, stderr } = await stream.rows();
  assert.equal(code, 0, stderr);
  assert.equal(other, pid, "the number is given again");
  assert.deepEqual(rows.filter((row) => row.path === "/other"), []);
});

Deno.test("A child that is given the number of the command, which has ended, is a child", async () => {
  const directory = scratchDirectory("own_number");
  const again = [
    'while kill -0 "$$"; do sleep 0.02; done; sleep 0.5; for try in $(seq 1000)',
    "do echo $(($$ - 1)) >/proc/sys/kernel/ns_last_pid; true & test $! != $$ || break; done",
    'echo "$! $$" >"$0/numbers"; wait',
  ];
  const report = await reportOf(["--all-children"], directory, `(${again.join("; ")}) >/dev/null 2>&1 &`);
  const [last, own] = Deno.readTextFileSync(`${directory}/numbers`).trim().split(" ");
  assert.equal(last, own, "the number is given again");
  const short = report.command_wall_ns, whole = report.wall_ns;
  assert.ok(short > 0 && short < whole - 500_000_000, `${short} of ${whole}`);
});

/** The text of a file, empty when there is none. */
function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

Deno.test("Ctrl-C ends a trace that waits for children, and says how many are left", async () => {
  const directory = scratchDirectory("ctrl-c");
  const output = `${directory}/report.json`;
  const script = 'sleep 60 >/dev/null 2>&1 & echo $! >"$0/child"';
  const ior = startIor(
    ["trace", "--json", "--all-children", "-o", output, "--", "sh", "-c", script, directory],
  );
  const stderr = new Response(ior.stderr).text();
  const stdout = new Response(ior.stdout).text();
  const child = Number(
    await waitFor(() => {
      try {
        return Deno.readTextFileSync(`${directory}/child`).trim();
      } catch {
        return "";
      }
    }, { timeoutMs: TIMEOUT_MS, what: "the child to run" }),
  );
  try {
    // The shell has ended when its child has another parent.
    const parent = () => /^PPid:\t(\d+)$/m.exec(Deno.readTextFileSync(`/proc/${child}/status`))?.[1];
    const name = (pid: string) => Deno.readTextFileSync(`/proc/${pid}/comm`).trim();
    await waitFor(() => parent() === "0" || name(parent()!) !== "sh", {
      timeoutMs: TIMEOUT_MS,
      what: "the command to end",
    });
    ior.kill("SIGINT");
    assert.equal((await ior.status).code, 0, await stderr);
    await stdout;
  } finally {
    Deno.kill(child, "SIGKILL");
  }
  const report = JSON.parse(Deno.readTextFileSync(output));
  assert.deepEqual(report.command_status, { exit: 0 });
  assert.equal(report.children_left, 1);
});

Deno.test("What stands between ior and a selected process is not followed as its child", async () => {
  const directory = scratchDirectory("ancestry");
  const output = `${directory}/rows.ndjson`;
  const selected = `ior=$1; shift; "$ior" "$0" "$@" & while kill -0 $! 2>&-; do cat "$0/no-child" 2>&-; done`;
  // As sudo: it stands between, has work of its own, and waits for ior.
  const between = `#!/bin/sh\ndirectory=$1; shift\n"$@" &\n` +
    `while kill -0 $! 2>&-; do cat "$directory/no-between" 2>&-; done\nwait $!\n`;
  Deno.writeTextFileSync(`${directory}/between`, between, { mode: 0o755 });
  const wrapper = ["sh", "-c", selected, directory, `${directory}/between`];
  const inside = ["sh", "-c", 'exec "$@" -p "$(cut -d" " -f4 /proc/$PPID/stat)"', "sh"];
  const flags = ["--format", "ndjson", "-d", "1s", "-e", "openat", "-P", directory, "-o", output];
  const { stderr } = await runIor(["stream", ...flags], { wrapper: [...wrapper, ...inside] });
  const paths = new Set(readRows(output).rows.map(({ path }) => path));
  assert.deepEqual([...paths], [`${directory}/no-child`], stderr);
});

Deno.test("A live thread's number given as a process is refused in a line, with the way to trace it", async () => {
  await using actor = await startActor(["tell", "both:getuid", "wait"], 1);
  const threads = await waitFor(() => {
    const tids = [...Deno.readDirSync(`/proc/${actor.pid}/task`)].map(({ name }) => Number(name));
    return tids.length > 1 ? tids : null;
  }, { timeoutMs: TIMEOUT_MS, what: "a second thread" });
  const tid = threads.find((tid) => tid !== actor.pid)!;
  const { code, stderr } = await runIor(["trace", "-p", String(tid)]);
  assert.equal(
    stderr,
    `ior: Cannot trace process ${tid}: it is a thread of process ${actor.pid}\n  Trace one thread with --tid\n`,
  );
  assert.equal(code, 1);
});
