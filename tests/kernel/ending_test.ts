import assert from "node:assert/strict";
import { actorProgram, startActor, startStream } from "../kernel_lib/actor.ts";
import { isInCall, untilInCall } from "../kernel_lib/in_call.ts";
import { type IorResult, iorWords, outcome, startIor } from "../kernel_lib/ior.ts";
import { allGone, nothingLeftBehind, programsHeldBy, programsInKernel } from "../kernel_lib/leftovers.ts";
import { readRows } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { StepsRun, stepsWords } from "../kernel_lib/steps.ts";
import { waitFor } from "../wait.ts";

const file = (name: string) => `${scratchDirectory("file")}/${name}`;
const isThere = (path: string) => {
  try {
    return Deno.lstatSync(path) !== null;
  } catch {
    return false;
  }
};

/** Programs of a full set: fork, exec, exit of a task, enter, exit of a call. */
const PROGRAMS_AT_LEAST = 5;

/** The bit of SIGINT in the masks of `/proc/PID/status`. */
const SIGINT_BIT = 1n << 1n;

/** Waits until an ior traces and listens to signals, and gives the numbers of its programs. */
async function programsOf(ior: Deno.ChildProcess): Promise<number[]> {
  let held: number[] = [];
  await waitFor(() => {
    held = programsHeldBy(ior.pid);
    const [, caught] = /^SigCgt:\t(\w+)$/m.exec(Deno.readTextFileSync(`/proc/${ior.pid}/status`))!;
    return held.length >= PROGRAMS_AT_LEAST && (BigInt(`0x${caught}`) & SIGINT_BIT) !== 0n;
  }, { timeoutMs: 10_000, what: "ior to trace" });
  const now = await programsInKernel();
  for (const id of held) assert.ok(now.includes(id), `program ${id} is not in the kernel`);
  return held;
}

/** True while an ior sees calls: the program of their enter is the last one that it attaches. */
const isAttached = ({ pid }: Deno.ChildProcess): boolean =>
  [...Deno.readDirSync(`/proc/${pid}/fdinfo`)].some(({ name }) => {
    try {
      return /^tp_name:\s*sys_enter$/m.test(Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`));
    } catch {
      return false; // it has just been closed
    }
  });

/** Runs `ior trace` on the whole machine for few calls until it is told to end by `end`. */
async function traceUntil(
  end: (ior: Deno.ChildProcess) => void,
): Promise<IorResult & { programs: number[] }> {
  const ior = startIor(["trace", "--json", "-e", "getpgid"]);
  const programs = await programsOf(ior);
  end(ior);
  return { ...await outcome(ior), programs };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends a trace with its report, and nothing stays in the kernel`, async () => {
    const { code, stdout, stderr, programs } = await traceUntil((ior) => ior.kill(signal));
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(JSON.parse(stdout).schema, "ior.report/1");
    await allGone(programs);
  });
}

Deno.test("ior killed by SIGKILL leaves nothing in the kernel", async () => {
  const { signal, programs } = await traceUntil((ior) => ior.kill("SIGKILL"));
  assert.equal(signal, "SIGKILL");
  await allGone(programs);
});

Deno.test("SIGTERM reaches the command, and the trace has its end", async () => {
  const output = file("rows");
  const actor = await actorProgram();
  const args = [
    "stream",
    "--format",
    "ndjson",
    "--family",
    "all",
    "-o",
    output,
    "--",
    actor,
    "tell",
    "sleep:20000",
  ];
  const ior = startIor(args);
  const reader = ior.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  await untilInCall(pid, "nanosleep");
  ior.kill("SIGTERM");
  const { signal } = await ior.status;
  await reader.cancel();
  await ior.stderr.cancel();
  assert.equal(signal, "SIGTERM");
  const { rows } = readRows(output);
  const last = rows.at(-1)!;
  assert.deepEqual([last.syscall, last.ret, last.pid], ["nanosleep", null, pid]);
  assert.equal(isThere(`/proc/${pid}`), false);
});

Deno.test("Ctrl-C ends the command and the trace of it, with the report", async () => {
  const output = file("report.json");
  // The terminal sends it to all processes of the foreground group.
  const words = iorWords([
    "trace",
    "--json",
    "-o",
    output,
    "--",
    await actorProgram(),
    "tell",
    "sleep:20000",
  ]);
  const group = new Deno.Command("setsid", { args: ["--wait", ...words], stdout: "piped", stderr: "piped" })
    .spawn();
  const reader = group.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  const [, , , , groupId] = Deno.readTextFileSync(`/proc/${pid}/stat`).split(" ");
  Deno.kill(-Number(groupId), "SIGINT");
  const { code, signal } = await group.status;
  await reader.cancel();
  await group.stderr.cancel();
  // setsid gives its child's signal as a status, as shells do.
  assert.ok(signal === "SIGINT" || code === 128 + 2 || code === 2, `status ${code}, signal ${signal}`);
  const report = JSON.parse(Deno.readTextFileSync(output));
  assert.deepEqual(report.command_status, { signal: "SIGINT" });
});

/** Sends a signal until the process has ended: the first ones end the trace, and may come to it as one. */
async function endBySignals(ior: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  await waitFor(() => {
    try {
      ior.kill(signal);
      return /^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${ior.pid}/status`));
    } catch {
      return true;
    }
  }, { timeoutMs: 900, what: `ior to end by a second ${signal}` });
}

Deno.test("A second Ctrl-C ends ior at once, though the command goes on", async () => {
  const actor = await actorProgram();
  const words = ["bash", "-c", 'trap "" INT; exec "$@"', "bash", actor, "tell", "sleep:20000"];
  const output = file("report");
  const ior = startIor(["trace", "-o", output, "--", ...words]);
  const reader = ior.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  const programs = programsHeldBy(ior.pid);
  assert.ok(programs.length >= PROGRAMS_AT_LEAST);
  ior.kill("SIGINT");
  // Both signals at once could reach it as one.
  await waitFor(
    () => !Deno.readTextFileSync(`/proc/${ior.pid}/status`).includes("ShdPnd:\t0000000000000002"),
    {
      timeoutMs: 20_000,
      what: "the first signal to arrive",
    },
  );
  const before = performance.now();
  await endBySignals(ior, "SIGINT");
  const { signal } = await ior.status;
  assert.equal(signal, "SIGINT");
  assert.ok(performance.now() - before < 900);
  assert.ok(!isThere(output), "ior ended by the first signal, a second after it, with a report");
  assert.ok(isThere(`/proc/${pid}`), "the command ended");
  Deno.kill(pid, "SIGKILL");
  await reader.cancel();
  await ior.stderr.cancel();
  await allGone(programs);
});

/** Number of files without a name that a process has open below a directory. */
function unnamedFilesOf({ pid }: Deno.ChildProcess, directory: string): number {
  const isUnnamed = (fd: string) => {
    try {
      const target = Deno.readLinkSync(`/proc/${pid}/fd/${fd}`);
      return target.startsWith(`${directory}/`) && target.endsWith(" (deleted)");
    } catch {
      return false; // it has just been closed
    }
  };
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].filter(({ name }) => isUnnamed(name)).length;
}

/** Names of all files below a directory. */
const filesIn = (directory: string): string[] =>
  [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(`${directory}/${name}`) : [name]
  ).sort();

for (
  const { what, args, parts } of [
    {
      what: "a report, a recording and a flamegraph",
      args: ["trace", "-o", "report", "--record", "run.parquet", "--flame", "run.svg"],
      parts: 3,
    },
    { what: "segments", args: ["record", "rec/"], parts: 1 },
    { what: "flamegraphs", args: ["flame", "--split", "-o", "run.svg"], parts: 4 },
  ]
) {
  Deno.test(`A second signal leaves nothing of ${what}`, async () => {
    const directory = scratchDirectory("second");
    const isBegun = () => unnamedFilesOf(ior, directory) === parts;
    const words = [
      "bash",
      "-c",
      'trap "" INT; exec "$@"',
      "bash",
      await actorProgram(),
      "tell",
      "sleep:20000",
    ];
    const ior = startIor([...args, "--", ...words], { cwd: directory });
    const reader = ior.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    await waitFor(isBegun, { timeoutMs: 10_000, what: `${parts} files to be begun` });
    await endBySignals(ior, "SIGINT");
    assert.equal((await ior.status).signal, "SIGINT");
    assert.deepEqual(filesIn(directory), []);
    Deno.kill(pid, "SIGKILL");
    await reader.cancel();
    await ior.stderr.cancel();
    await nothingLeftBehind();
  });
}

Deno.test("A closed pipe ends a stream quietly, and nothing stays in the kernel", async () => {
  const words = iorWords(["stream", "--format", "ndjson", "--", "find", "/usr", "-xdev"]);
  const shell = '"$@" 2>&3 | head -n 3; exit "${PIPESTATUS[0]}"';
  const { stdout, stderr, signal } = await outcome(
    new Deno.Command("bash", {
      args: ["-c", `exec 3>&2; ${shell}`, "bash", ...words],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
  assert.equal(signal, null);
  assert.equal(stdout.split("\n").length, 4, stdout);
  // The command's own output goes there; ior and the runtime say nothing.
  assert.ok(!/ior:|error|Broken/.test(stderr.replaceAll(/^\/.*$/gm, "")), stderr.slice(-500));
  await nothingLeftBehind();
});

Deno.test("A closed pipe ends a trace of the whole machine", async () => {
  const words = iorWords(["stream", "--format", "text", "--family", "all"]);
  const shell = new Deno.Command("bash", {
    args: ["-c", '"$@" | head -n 2', "bash", ...words],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const { stdout, stderr } = await outcome(shell);
  assert.equal(stderr, "");
  assert.equal(stdout.split("\n").length, 3, stdout);
  await nothingLeftBehind();
});

Deno.test("A command goes on when its ior is killed", async () => {
  const done = file("done");
  const actor = await actorProgram();
  Deno.writeTextFileSync(done, "x");
  const ior = startIor([
    "stream",
    "-o",
    file("rows"),
    "--",
    actor,
    "tell",
    "wait",
    `rename:${done},${done}.after`,
  ], { stdin: "piped" });
  const reader = ior.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  const programs = programsHeldBy(ior.pid);
  ior.kill("SIGKILL");
  await ior.status;
  await allGone(programs);
  const writer = ior.stdin.getWriter();
  await writer.write(new Uint8Array(1)); // the command, which has not ended, waits for it
  await waitFor(() => isThere(`${done}.after`), { timeoutMs: 20_000, what: `process ${pid} to go on` });
  await writer.close().catch(() => {});
  await reader.cancel();
  await ior.stderr.cancel();
});

/** The children of a process. */
function childrenOf(pid: number): number[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) =>
      Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).split(" ").filter((word) => word).map(
        Number,
      )
    );
  } catch {
    return [];
  }
}

/** Waits until a process is at its gate, where it reads, or has become the command; true when it is at the gate. */
async function isHeld(pid: number, command: string): Promise<boolean> {
  const state = await waitFor(() => {
    if (isInCall(pid, "read")) return "held";
    return Deno.readLinkSync(`/proc/${pid}/exe`) === command ? "let go" : null;
  }, { timeoutMs: 20_000, what: "the process of the command to be held or let go" });
  return state === "held";
}

/**
 * Starts a stream and stops it while it holds its command, which would do these words, below a new directory. On a busy
 * machine it may have let the command go before it could be stopped: then another one is started.
 */
function streamThatHolds(wordsIn: (directory: string) => string[]) {
  return waitFor(async () => {
    const directory = scratchDirectory("held");
    const command = await actorProgram();
    const args = ["stream", "-o", `${directory}/rows`, "--", command, ...wordsIn(directory)];
    const ior = startIor(args);
    const held = await waitFor(() => childrenOf(ior.pid)[0], { timeoutMs: 20_000, what: "the command" });
    // Not one instruction further, so that it cannot let the command go meanwhile.
    ior.kill("SIGSTOP");
    await waitFor(() => /^State:\tT/m.test(Deno.readTextFileSync(`/proc/${ior.pid}/status`)), {
      timeoutMs: 20_000,
      what: "ior to be stopped",
    });
    if (await isHeld(held, command)) return { ior, held, directory };
    for (const pid of [held, ior.pid]) Deno.kill(pid, "SIGKILL");
    await outcome(ior);
    return null;
  }, { timeoutMs: 60_000, what: "ior to be stopped while it holds its command" });
}

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  Deno.test(`A command that is still held when ior ends by ${signal} neither runs nor stays behind`, async () => {
    const { ior, held, directory } = await streamThatHolds((directory) => {
      Deno.writeTextFileSync(`${directory}/source`, "x");
      return [`rename:${directory}/source,${directory}/ran`, "sleep:60000"];
    });
    ior.kill(signal);
    ior.kill("SIGCONT");
    await outcome(ior);
    await waitFor(() => !isThere(`/proc/${held}`), { timeoutMs: 20_000, what: "the held command to go" });
    assert.ok(!isThere(`${directory}/ran`), "the command ran");
    await nothingLeftBehind();
    // Whoever is killed cannot clean up; whoever is asked to end can.
    if (signal !== "SIGKILL") assert.deepEqual(filesIn(directory), ["source"]);
  });
}

Deno.test("A process that is traced by its number goes on when the trace ends", async () => {
  await using actor = await startActor(["tell", "wait", "access:/a", "wait", "exit:3"], 1);
  const stream = await startStream(["-p", String(actor.pid), "-e", "access"]);
  await actor.go();
  stream.child.kill("SIGINT");
  const { code } = await stream.rows();
  assert.equal(code, 0);
  await actor.go();
  assert.equal((await actor.ended).code, 3);
});

Deno.test("Two traces of the same process at once see the same calls", async () => {
  await using actor = await startActor(["tell", "wait", "access:/a", "fork:access:/b", "access:/c"], 1);
  const flags = ["-p", String(actor.pid), "-e", "access"];
  const streams = await Promise.all([startStream(flags), startStream(flags)]);
  await actor.go();
  for (const stream of streams) {
    assert.deepEqual((await stream.rows()).rows.map((row) => row.path), ["/a", "/b", "/c"]);
  }
});

Deno.test("A stream to a file that is cut short leaves no half file under its name", async () => {
  const output = file("rows");
  Deno.writeTextFileSync(output, "before");
  const ior = startIor(["stream", "-e", "getpgid", "-o", output]);
  await programsOf(ior);
  ior.kill("SIGKILL");
  await outcome(ior);
  assert.equal(Deno.readTextFileSync(output), "before");
});

Deno.test("An interrupted stream is complete: it has every call up to then, and its end counts them", async () => {
  const told = Array(20).fill(["access:/a", "tell"]).flat();
  await using actor = await startActor(["tell", "wait", ...told, "wait"], 1);
  const stream = await startStream(["-p", String(actor.pid), "-e", "access"]);
  await actor.go();
  await actor.tells(21);
  stream.child.kill("SIGTERM");
  const { rows, end } = await stream.rows();
  assert.deepEqual([rows.length, end.calls], [20, 20]);
});

Deno.test("Rows that a stream cannot show in the moment after a signal are counted, each of them", async () => {
  const unread = 400_000;
  const output = file("rows");
  await using busy = new StepsRun(null, await stepsWords(0, [1, unread, 1]), { stdin: "piped" });
  await busy.step(1);
  const flags = ["-e", "pread64", "-p", String(busy.child.pid), "--ring-size", "256M"];
  const ior = startIor(["stream", "--strict", "-o", output, "--format", "ndjson", ...flags]);
  await programsOf(ior);
  await waitFor(() => isAttached(ior), { timeoutMs: 10_000, what: "the programs to be attached" });
  // Stopped while the calls are made, it has all of them to show when the signal comes.
  ior.kill("SIGSTOP");
  await busy.go();
  await busy.step(2);
  ior.kill("SIGINT");
  ior.kill("SIGCONT");
  const { code, stderr } = await outcome(ior);
  const { rows, end } = readRows(output);
  const notShown = end.loss.by.not_shown;
  assert.ok(notShown! > 0, `all were shown: ${JSON.stringify(end)}`);
  assert.deepEqual([rows.length + notShown, end.calls, end.loss.calls], [unread, rows.length, notShown]);
  assert.equal(code, 4);
  assert.match(stderr, /^ior: [\d,]+ calls were seen and not shown: ior was told to stop$/m);
});

for (const words of [["--format", "csv"], ["--format", "text"]]) {
  Deno.test(`A reader of ${words[1]} that stops does not keep a stream from its end by two signals`, async () => {
    await using busy = new StepsRun(null, await stepsWords(0, ["-"]), { stdin: "piped" });
    const ior = startIor(["stream", ...words, "-e", "pread64", "-p", String(busy.child.pid)]);
    await programsOf(ior);
    await waitFor(() => isAttached(ior), { timeoutMs: 10_000, what: "the programs to be attached" });
    ior.kill("SIGINT");
    // Nobody has read a byte, and ior waits for its reader.
    await waitFor(() => !isAttached(ior), { timeoutMs: 20_000, what: "tracing to end" });
    await endBySignals(ior, "SIGINT");
    await outcome(ior);
  });
}
