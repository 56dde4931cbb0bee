import assert from "node:assert/strict";
import { actorProgram, startActor, startStream, traceActor } from "../kernel_lib/actor.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { parseRows, type RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { waitFor } from "../wait.ts";

/** A user number that nothing else on the machine has. */
const SOME_UID = 54321;

/** A group number likewise. */
const SOME_GID = 54322;

const paths = (rows: RowRecord[]) => rows.map((row) => row.path);
const calls = (rows: RowRecord[]) => rows.map((row) => row.syscall);
const ACCESS = ["-e", "access"];

Deno.test("--pid traces a process that runs already, its threads and its children, and ends when it ends", async () => {
  await using actor = await startActor(
    ["tell", "wait", "access:/p/1", "thread:access:/p/2", "fork:access:/p/3", "fork:fork:access:/p/4"],
    1,
  );
  await using other = await startActor(["tell", "wait", "access:/o/1", "wait"], 1);
  const stream = await startStream(["-p", String(actor.pid), ...ACCESS]);
  await other.go();
  await actor.go();
  const { rows, end, code, stderr } = await stream.rows();
  assert.equal(code, 0, stderr);
  assert.deepEqual(paths(rows), ["/p/1", "/p/2", "/p/3", "/p/4"]);
  const [main, thread, child, grandchild] = rows;
  assert.deepEqual([main.pid, main.tid], [actor.pid, actor.pid]);
  assert.equal(thread.pid, actor.pid);
  assert.notEqual(thread.tid, actor.pid);
  assert.equal(new Set([actor.pid, child.pid, grandchild.pid]).size, 3);
  assert.equal(end.loss.state, "none");
});

Deno.test("--no-follow leaves out the children of a process, not its threads", async () => {
  await using actor = await startActor(
    ["tell", "wait", "access:/p/1", "thread:access:/p/2", "fork:access:/p/3", "orphan:access:/p/4"],
    1,
  );
  const stream = await startStream(["--no-follow", "-p", String(actor.pid), ...ACCESS]);
  await actor.go();
  assert.deepEqual(paths((await stream.rows()).rows), ["/p/1", "/p/2"]);
});

Deno.test("Several processes are traced until the last of them has ended", async () => {
  await using first = await startActor(["tell", "wait", "access:/1"], 1);
  await using second = await startActor(["tell", "wait", "access:/2", "tell"], 1);
  await using third = await startActor(["tell", "wait", "access:/3"], 1);
  const stream = await startStream([
    "-p",
    `${first.pid},${second.pid}`,
    "--pid",
    String(third.pid),
    ...ACCESS,
  ]);
  for (const actor of [third, first, second]) {
    await actor.go();
    await actor.ended;
  }
  const { rows, code } = await stream.rows();
  assert.equal(code, 0);
  assert.deepEqual(rows.map(({ path, pid }) => [path, pid]), [
    ["/3", third.pid],
    ["/1", first.pid],
    ["/2", second.pid],
  ]);
});

Deno.test("A thread that began before the trace is traced with its process", async () => {
  await using actor = await startActor(
    ["both:access:/thread", "tell", "wait", "access:/main", "sleep:60000"],
    1,
  );
  const stream = await startStream(["-p", String(actor.pid), ...ACCESS]);
  // One for each of the two threads, whichever takes it first.
  await actor.go();
  await actor.go();
  await stream.sees("/thread");
  await stream.sees("/main");
  Deno.kill(actor.pid, "SIGKILL");
  const { rows } = await stream.rows();
  assert.deepEqual(paths(rows).sort(), ["/main", "/thread"]);
});

Deno.test("--tid traces one thread of a process and no other, and ends when it ends", async () => {
  await using actor = await startActor([
    "tell",
    "wait",
    "access:/main",
    "thread:access:/thread",
    "access:/end",
  ], 1);
  const stream = await startStream(["-t", String(actor.told[0]), ...ACCESS]);
  await actor.go();
  const { rows, code } = await stream.rows();
  assert.equal(code, 0);
  assert.deepEqual(paths(rows), ["/main", "/end"]);
});

Deno.test("--uid selects by the owner at the time of the call", async () => {
  const words = [
    "access:/before",
    `fork:uid:${SOME_UID}`,
    `uid:${SOME_UID}`,
    "access:/after",
    "fork:access:/child",
  ];
  const rows = await traceActor(["-u", String(SOME_UID), ...ACCESS], words);
  assert.deepEqual(rows.map(({ path, uid }) => [path, uid]), [["/after", SOME_UID], ["/child", SOME_UID]]);
  assert.deepEqual(await traceActor(["-u", String(SOME_UID + 1), ...ACCESS], words), []);
  const all = await traceActor(["-u", `root,${SOME_UID}`, ...ACCESS], words);
  assert.deepEqual(paths(all), ["/before", "/after", "/child"]);
});

Deno.test("--gid selects by the real group at the time of the call, live and from a recording", async () => {
  const words = [
    "access:/before",
    `fork:gid:${SOME_GID}`,
    `gid:${SOME_GID}`,
    "access:/after",
    "fork:access:/child",
  ];
  const rows = await traceActor(["--gid", String(SOME_GID), ...ACCESS], words);
  assert.deepEqual(rows.map(({ path, gid }) => [path, gid]), [["/after", SOME_GID], ["/child", SOME_GID]]);
  assert.deepEqual(await traceActor(["--gid", String(SOME_GID), "-u", "7", ...ACCESS], words), []);
  assert.deepEqual(paths(await traceActor(["--gid", `root,${SOME_GID}`, ...ACCESS], words)), [
    "/before",
    "/after",
    "/child",
  ]);
  const folder = scratchDirectory("gid");
  const record = ["record", "run.parquet", ...ACCESS, "--", await actorProgram(), ...words];
  assert.equal((await runIor(record, { cwd: folder })).code, 0);
  const csv = [
    "stream",
    "--format",
    "csv",
    "--columns",
    "path,gid",
    "--gid",
    String(SOME_GID),
    "run.parquet",
  ];
  const { stdout } = await runIor(csv, { cwd: folder });
  assert.deepEqual(stdout.trim().split("\n"), ["path,gid", `/after,${SOME_GID}`, `/child,${SOME_GID}`]);
});

Deno.test("--uid without a command selects on the whole machine", async () => {
  await using actor = await startActor([
    "tell",
    "wait",
    `uid:${SOME_UID}`,
    "access:/mine",
    "thread:access:/too",
  ], 1);
  await using other = await startActor(["tell", "wait", "access:/other"], 1);
  const stream = await startStream(["-u", String(SOME_UID), ...ACCESS]);
  for (const one of [other, actor]) {
    await one.go();
    await one.ended;
  }
  stream.child.kill("SIGINT");
  const { rows } = await stream.rows();
  assert.deepEqual(rows.map(({ path, pid }) => [path, pid]), [["/mine", actor.pid], ["/too", actor.pid]]);
});

const NAMES = ["access:/a", "name:the worker", "access:/b", "fork:access:/c", "name:other", "access:/d"];

Deno.test("--comm selects by the thread's name at the time of the call", async () => {
  const rows = await traceActor(["--comm", "WORKER", ...ACCESS], NAMES);
  assert.deepEqual(rows.map(({ path, comm }) => [path, comm]), [["/b", "the worker"], ["/c", "the worker"]]);
  assert.deepEqual(paths(await traceActor(["--comm", "^worker", ...ACCESS], NAMES)), []);
  assert.deepEqual(paths(await traceActor(["--comm", "^other$", "--comm", "^actor$", ...ACCESS], NAMES)), [
    "/a",
    "/d",
  ]);
});

Deno.test("--no-comm leaves out by the thread's name", async () => {
  assert.deepEqual(paths(await traceActor(["--no-comm", "worker", ...ACCESS], NAMES)), ["/a", "/d"]);
  assert.deepEqual(
    paths(await traceActor(["--comm", "o", "--no-comm", "worker", ...ACCESS], NAMES)),
    ["/a", "/d"],
  );
});

/** A tree of files to read, and the words that read them all. */
function readWords(): { root: string; words: string[] } {
  const root = scratchDirectory("read");
  Deno.mkdirSync(`${root}/logs/old`, { recursive: true });
  const files = ["one.txt", "logs/two.LOG", "logs/old/three.log"];
  for (const file of files) Deno.writeTextFileSync(`${root}/${file}`, "x");
  return { root, words: files.map((file) => `read:${root}/${file}`) };
}

Deno.test("--path selects every call on a file, by descriptor and by path", async () => {
  const { root, words } = readWords();
  const read = (file: string) => ["openat", "pread64", "close"].map((call) => [call, `${root}/${file}`]);
  const found = async (...flags: string[]) =>
    (await traceActor(flags, words)).filter(({ path }) => path?.startsWith(root)).map((
      row,
    ) => [row.syscall, row.path]);
  assert.deepEqual(await found("-P", ".log$"), [...read("logs/two.LOG"), ...read("logs/old/three.log")]);
  assert.deepEqual(await found("--path", `^${root}/logs/*`), read("logs/two.LOG"));
  assert.deepEqual(await found("-P", "one", "-P", "/old/"), [
    ...read("one.txt"),
    ...read("logs/old/three.log"),
  ]);
  assert.deepEqual(await found("-P", root, "--no-path", ".log$"), read("one.txt"));
  assert.deepEqual(await found("--no-path", "/old/"), [...read("one.txt"), ...read("logs/two.LOG")]);
});

Deno.test("--path shows nothing but what it names", async () => {
  const { words } = readWords();
  const rows = await traceActor(["-P", "two", "--family", "all"], words);
  assert.ok(rows.length > 0);
  for (const row of rows) assert.match(row.path ?? "", /two/);
});

Deno.test("--path finds a rename by either of its names", async () => {
  const root = scratchDirectory("rename");
  Deno.writeTextFileSync(`${root}/before`, "x");
  const words = [`rename:${root}/before,${root}/after`, `rename:${root}/after,${root}/before`];
  assert.equal((await traceActor(["-P", "/before$"], words)).length, 2);
  assert.equal((await traceActor(["-P", "/after$", "--no-path", "^nothing"], words)).length, 2);
  assert.equal((await traceActor(["-P", "/neither$"], words)).length, 0);
});

Deno.test("--path takes globs, lists of patterns and names relative to the working directory", async () => {
  const { root, words } = readWords();
  const found = async (...flags: string[]) =>
    (await traceActor([...flags, "-e", "openat"], words)).map(({ path }) => path?.replace(root, "")).filter((
      path,
    ) => /^\/(one|logs)/.test(path ?? ""));
  assert.deepEqual(await found("-P", "*.log"), ["/logs/two.LOG", "/logs/old/three.log"]);
  assert.deepEqual(await found("-P", `${root}/logs/*.log`), ["/logs/two.LOG"]);
  assert.deepEqual(await found("-P", `${root}/**.[lt]*[gt]`), [
    "/one.txt",
    "/logs/two.LOG",
    "/logs/old/three.log",
  ]);
  assert.deepEqual(await found("-P", "one,three", "--no-path", "zzz"), ["/one.txt", "/logs/old/three.log"]);
  const relative = `./${"../".repeat(Deno.cwd().split("/").length - 1)}${root.slice(1)}/logs`;
  assert.deepEqual(await found("-P", relative), ["/logs/two.LOG", "/logs/old/three.log"]);
});

Deno.test("--path finds a file by the name of a symbolic link to it, and says so", async () => {
  const { root, words } = readWords();
  Deno.symlinkSync(`${root}/logs`, `${root}/link`);
  const { stdout, stderr, code } = await runIor(
    [
      "stream",
      "--format",
      "ndjson",
      "-e",
      "openat",
      "-P",
      `^${root}/link/*`,
      "--",
      await actorProgram(),
      ...words,
    ],
  );
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`^ior: ${root}/link is ${root}/logs: both names are selected$`, "m"));
  assert.deepEqual(
    stdout.split("\n").map((line) => /"path":"([^"]*)"/.exec(line)?.[1]).filter((path) => path),
    [
      `${root}/logs/two.LOG`,
    ],
  );
});

const MIXED = ["access:/a", "sleep:0", "getuid", "access:/b"];
/** Call sets that leave out what a program does before its first own word, and what is left of MIXED. */
const CALL_SETS: [flags: string[], expected: string[]][] = [
  [["-e", "access"], ["access", "access"]],
  [["-e", "access,getuid"], ["access", "getuid", "access"]],
  [["-e", "getuid", "--syscall", "nanosleep"], ["nanosleep", "getuid"]],
  [["-e", "/^(nano|acc)/"], ["access", "nanosleep", "access"]],
  [["--family", "Time"], ["nanosleep"]],
  [["--family", "time,security"], ["nanosleep", "getuid"]],
  [["--family", "Time", "-e", "access"], ["access", "nanosleep", "access"]],
  [["--no-syscall", "readlink"], ["access", "access"]],
  // Kinds without a family are those of all families, see the help.
  [["--kind", "exec,stat"], ["execve", "access", "access"]],
  [["--no-kind", "stat,link"], []],
  [["-e", "trace=%clock,access"], ["access", "access"]],
  [["-e", "%pure"], ["getuid"]],
  [["--family", "Time,Security", "--kind", "wait"], ["nanosleep"]],
  [["--family", "all", "--no-family", "FS,Memory,Process,IPC,Sched,Misc,Signals"], ["nanosleep", "getuid"]],
  [["--family", "Time,Security", "--no-syscall", "/uid/"], ["nanosleep"]],
];

for (const [flags, expected] of CALL_SETS) {
  Deno.test(`${flags.join(" ")} selects ${expected.join(", ") || "nothing"}`, async () => {
    assert.deepEqual(calls(await traceActor(flags, MIXED)), expected);
  });
}

Deno.test("--family all shows every call of a program, from its exec to its end", async () => {
  const found = calls(await traceActor(["--family", "all"], MIXED));
  assert.equal(found[0], "execve");
  assert.equal(found.at(-1), "exit_group");
  for (const call of ["access", "nanosleep", "getuid", "brk"]) assert.ok(found.includes(call), call);
});

Deno.test("--failed shows only calls that failed", async () => {
  const rows = await traceActor(["-x", ...ACCESS], [
    "access:/",
    "access:/none",
    "access:/dev",
    "access:/dev/null/x",
  ]);
  assert.deepEqual(rows.map(({ path, errno }) => [path, errno]), [["/none", "ENOENT"], [
    "/dev/null/x",
    "ENOTDIR",
  ]]);
});

Deno.test("--slower shows only calls that took at least as long", async () => {
  const rows = await traceActor(["--slower", "300ms", "-e", "nanosleep,access"], [
    "access:/",
    "sleep:1",
    "sleep:400",
    "sleep:2",
    "sleep:350",
  ]);
  assert.deepEqual(calls(rows), ["nanosleep", "nanosleep"]);
  for (const { latency_ns } of rows) assert.ok(latency_ns! >= 350e6, `latency ${latency_ns}`);
});

Deno.test("--errno selects by the error, and --no-errno leaves out by it", async () => {
  const words = ["access:/", "access:/none", "access:/dev/null/x"];
  const found = async (...flags: string[]) => paths(await traceActor([...flags, ...ACCESS], words));
  assert.deepEqual(await found("--errno", "enotdir,EIO"), ["/dev/null/x"]);
  assert.deepEqual(await found("--errno", "ENOTDIR", "--errno", "ENOENT"), ["/none", "/dev/null/x"]);
  assert.deepEqual(await found("--no-errno", "ENOTDIR"), ["/", "/none"]);
  assert.deepEqual(await found("-x", "--no-errno", "ENOTDIR"), ["/none"]);
});

Deno.test("--where selects by any condition, live and from recordings", async () => {
  const folder = scratchDirectory("where");
  const words = [
    "access:/",
    "access:/none",
    "name:worker",
    "access:/none/too",
    "sleep:60",
    "getuid",
    "access:/dev/null/x",
  ];
  const command = ["--", await actorProgram(), ...words];
  const all = ["-e", "access,nanosleep,getuid"];
  for (const args of [["record", "run.parquet"], ["stream", "--json", "-o", "run.ndjson"]]) {
    const { code, stderr } = await runIor([...args, ...all, ...command], { cwd: folder });
    assert.equal(code, 0, stderr);
  }
  const conditions: [flags: string[], expected: string[]][] = [
    [["errno = ENOENT"], ["/none", "/none/too"]],
    [["failed and not errno = ENOENT or syscall = nanosleep and latency > 50ms"], [
      "nanosleep",
      "/dev/null/x",
    ]],
    [["comm = worker and path ~ ^/none/*"], ["/none/too"]],
    [["family = Time,Security"], ["nanosleep", "getuid"]],
    [["comm ~ actor", "not path =~ '^/(none|dev)'"], ["/"]],
    [["path != /,/none"], ["/none/too", "/dev/null/x"]],
    [["ret = -2,-20 and uid = 0", "(syscall = access)"], ["/none", "/none/too", "/dev/null/x"]],
    [["bytes >= 0 or fd >= 0"], []],
  ];
  for (const [texts, expected] of conditions) {
    const where = texts.flatMap((text) => ["--where", text]);
    const shown = (rows: RowRecord[]) => rows.map(({ path, syscall }) => path ?? syscall);
    assert.deepEqual(shown(await traceActor([...all, ...where], words)), expected, `${texts}, live`);
    for (const recording of ["run.parquet", "run.ndjson"]) {
      const args = ["stream", "--json", ...where, recording];
      const { stdout, stderr, code } = await runIor(args, { cwd: folder });
      assert.equal(code, 0, stderr);
      assert.deepEqual(shown(parseRows(stdout).rows), expected, `${texts}, from ${recording}`);
    }
  }
});

Deno.test("A report says the condition as a text that selects the same again", async () => {
  const folder = scratchDirectory("selection");
  const given = String.raw`path =~ '\.db$' or comm = 'it"s'`;
  const args = ["trace", "--where", given, "-o"];
  const command = ["--", await actorProgram(), "access:/x.db"];
  const text = await runIor([...args, "report.txt", ...command], { cwd: folder });
  assert.equal(text.code, 0, text.stderr);
  const json = await runIor([...args, "report.json", "--json", ...command], { cwd: folder });
  assert.equal(json.code, 0, json.stderr);
  const { selection, calls } = JSON.parse(Deno.readTextFileSync(`${folder}/report.json`));
  assert.equal(selection.where, String.raw`path =~ "\\.db$" or comm = "it\"s"`);
  assert.equal(calls, 1);
  const header = Deno.readTextFileSync(`${folder}/report.txt`);
  assert.ok(header.includes(`--where '${selection.where}'\n`), header);
  const again = await traceActor(["--where", selection.where], ["access:/x.db", "access:/x"]);
  assert.deepEqual(paths(again), ["/x.db"]);
});

const FAMILY_TREE = [
  "access:/command",
  "fork:access:/child",
  "fork:fork:access:/grandchild",
  "orphan:access:/orphan",
  "fork:exec:access:/exec",
  "thread:fork:access:/of a thread",
  "thread:access:/thread",
];

Deno.test("Children of a command are followed, with theirs, through exec and beyond their parents' end", async () => {
  const rows = await traceActor(ACCESS, FAMILY_TREE);
  const expected = ["/command", "/child", "/grandchild", "/orphan", "/exec", "/of a thread", "/thread"];
  assert.deepEqual(paths(rows), expected);
  const pids = new Map(rows.map(({ path, pid }) => [path, pid]));
  assert.equal(pids.get("/thread"), pids.get("/command"));
  assert.equal(new Set(pids.values()).size, expected.length - 1);
});

Deno.test("--no-follow leaves out the children of a command, not its threads", async () => {
  assert.deepEqual(paths(await traceActor(["--no-follow", ...ACCESS], FAMILY_TREE)), ["/command", "/thread"]);
});

Deno.test("--no-follow and --comm together select threads of the command by their names", async () => {
  assert.deepEqual(paths(await traceActor(["--no-follow", "--comm", "actor", ...ACCESS], NAMES)), ["/a"]);
  assert.deepEqual(paths(await traceActor(["--no-follow", "--comm", "worker", ...ACCESS], NAMES)), ["/b"]);
});

Deno.test("A command's trace has nothing of other processes", async () => {
  // Longer than a trace takes.
  const asks = Array(5_000).fill(["access:/other", "sleep:20"]).flat();
  await using other = await startActor(["tell", "wait", ...asks], 1);
  let hasEnded = false;
  other.ended.then(() => hasEnded = true);
  await other.go();
  const rows = await traceActor(["--family", "all"], ["access:/mine", "sleep:200"]);
  assert.ok(!hasEnded, "the other process made no calls meanwhile");
  assert.equal(new Set(rows.map((row) => row.pid)).size, 1);
  assert.ok(!paths(rows).includes("/other"));
});

Deno.test("--duration ends a trace that has nothing else to wait for", async () => {
  const output = `${scratchDirectory("report")}/report.json`;
  const { code, stderr } = await runIor(["trace", "--json", "-d", "300ms", "-e", "getpgid", "-o", output]);
  assert.equal(code, 0, stderr);
  const { wall_ns, command } = JSON.parse(Deno.readTextFileSync(output));
  assert.ok(wall_ns >= 300e6 && wall_ns < 5e9, `wall time ${wall_ns}`);
  assert.equal(command, null);
});

Deno.test("--duration ends the trace of a process that goes on", async () => {
  await using actor = await startActor(["tell", "wait", "access:/1", "wait"], 1);
  // Long enough for one call on a slow machine.
  const stream = await startStream(["-d", "3s", "-p", String(actor.pid), ...ACCESS]);
  await actor.go();
  const { rows, code } = await stream.rows();
  assert.equal(code, 0);
  assert.deepEqual(paths(rows), ["/1"]);
  assert.ok(
    await waitFor(() => Deno.statSync(`/proc/${actor.pid}`).isDirectory, {
      timeoutMs: 20_000,
      what: "the actor",
    }),
  );
});
