/** The live view in a real terminal, over calls that are really made. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type ViewId, viewKey } from "../../cli/top/model.ts";
import { formatDuration } from "../../cli/text/format.ts";
import type { Report } from "../../runtime/report.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { Terminal } from "../kernel_lib/tmux.ts";
import { waitFor } from "../wait.ts";

/** Reads, writes, syncs and fails, again and again, until it is killed. */
const BUSY =
  "while :; do echo x >busy.log; cat busy.log >/dev/null; cat missing.txt 2>/dev/null; sync -d busy.log; done";

/** What users start: it gives the runtime fewer rights than tests do. */
const LAUNCHER = fileURLToPath(new URL("../../ior", import.meta.url));

const MODES = "cursor 1 alternate 0 mouse 0 wrap 1";

/** A terminal in which a live view of a busy process is started, with these options. */
async function startTop(options: string, { columns = 100, rows = 30, variables = "" } = {}) {
  const resources = new DisposableStack();
  const cwd = scratchDirectory("top");
  const busy = new Deno.Command("sh", { args: ["-c", BUSY], cwd }).spawn();
  resources.defer(() => busy.kill("SIGKILL"));
  Deno.symlinkSync(LAUNCHER, `${cwd}/ior`);
  const terminal = resources.use(new Terminal({ columns, rows, cwd }));
  await terminal.shows(/^[$#]/m);
  terminal.run("clear; stty -a >before");
  await waitFor(() => exists(`${cwd}/before`) || null, { what: "stty", timeoutMs: 10_000 });
  // What is typed before the prompt stands to the left of it, and what ior writes begins behind it.
  await terminal.shows(/^[$#]\n*$/);
  terminal.run(`${variables} ./ior top ${options.replace("PID", String(busy.pid))}; echo "status $?"`);
  await terminal.shows(/ 1 Overview/);
  return { terminal, cwd, pid: busy.pid, [Symbol.dispose]: () => resources.dispose() };
}

type Top = Awaited<ReturnType<typeof startTop>>;

/** Asserts that the terminal is as it was before ior had it. */
async function assertRestored({ terminal, cwd }: { terminal: Terminal; cwd: string }): Promise<void> {
  await waitFor(() => terminal.modes === MODES || null, {
    what: `${MODES}: ${terminal.modes}`,
    timeoutMs: 10_000,
  });
  terminal.run("clear; stty -a >after; echo told");
  await terminal.shows(/^told/m);
  assert.equal(read(`${cwd}/after`), read(`${cwd}/before`));
}

/** Chooses a shell that is shown, for a trace that is started again. */
async function follow(terminal: Terminal, pid: number): Promise<void> {
  terminal.keys("p");
  await terminal.shows(/every process/);
  terminal.type(`${pid} sh`);
  await terminal.shows(new RegExp(`▸ *${pid} `));
  terminal.keys("Tab");
  await terminal.shows(/The trace runs again/);
}

/** Starts the trace again with a ring of 32 MiB; gives the screen. */
function withLargerRing(terminal: Terminal): Promise<string> {
  terminal.keys("B");
  terminal.type("32M");
  terminal.keys("Enter");
  return terminal.shows(/The trace runs again, with a ring of 32M/);
}

/** The report of a recording. */
async function reportOf(recording: string, cwd: string): Promise<Report> {
  return JSON.parse((await runIor(["report", "--json", recording], { cwd })).stdout);
}

const read = (path: string) => Deno.readTextFileSync(path);

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}

/** Keeps a screen for a person to look at. */
function keep(name: string, screen: string): void {
  const folder = Deno.env.get("IOR_TEST_OUTPUT");
  if (folder === undefined) return;
  Deno.mkdirSync(`${folder}/top`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/top/${name}.txt`, screen);
}

/** What each view shows of the busy process, of those that need no option. */
const SHOWN: Readonly<Record<string, RegExp>> = {
  overview: /on files +[\d.]+[mµ]?s\/s[^]*busy\.log/,
  syscalls: /fdatasync +[\d,]+/,
  files: /busy\.log/,
  processes: /▹ +\d+ sh/,
  latency: /Latency over time/,
  flame: /all\n[^]*fdatasync/,
  stream: /ENOENT +[\S ]*missing\.txt/,
  opens: /open, [^]*closed +(?:sh|cat) \(\d+\) +\S*busy\.log/,
};

Deno.test("Every view shows what is traced, and q leaves the terminal as it was", async () => {
  {
    using top = await startTop("-p PID");
    const { terminal } = top;
    for (const [id, shows] of Object.entries(SHOWN)) {
      terminal.keys(viewKey(id as ViewId));
      keep(id, await terminal.shows(shows));
    }
    terminal.keys("9");
    await terminal.shows(/start ior top with --cache/);
    assert.equal(terminal.modes, "cursor 0 alternate 1 mouse 1 wrap 0");
    terminal.keys("?");
    keep("help", await terminal.shows(/Keys of Opens/));
    terminal.keys("Escape", "q");
    await terminal.shows(/^status 0/m);
    assert.doesNotMatch(terminal.screen, /Overview/);
    await assertRestored(top);
  }
  await nothingLeftBehind();
});

Deno.test("Filters: narrowed to, widened, typed, and wrong ones are told in place", async () => {
  using top = await startTop("-p PID --view syscalls");
  const { terminal } = top;
  await terminal.shows(/fdatasync +[1-9]/);
  terminal.keys("/");
  terminal.type("fdatasync");
  terminal.keys("Enter");
  await terminal.shows(/▸fdatasync/);
  terminal.keys("Enter");
  keep("narrowed", await terminal.shows(/only syscall = fdatasync/));
  await terminal.shows(/\n▸fdatasync[^\n]*\n\n/);
  terminal.keys("BSpace");
  await terminal.shows(/all selected calls/);
  await terminal.shows(/openat/);
  terminal.keys("f");
  terminal.type("errno = ENOENTT");
  terminal.keys("Enter");
  keep("filter_error", await terminal.shows(/Column 9: [^\n]*ENOENT[^]*filter: errno = ENOENTT/));
  terminal.keys("End", "BSpace", "Enter");
  await terminal.shows(/only errno = ENOENT/);
  // Which of the two takes longer is the machine's affair, and so is which is marked.
  await terminal.shows(/TIME▾[^\n]*(?:\n[▸ ](?:openat|access) [^\n]*){2}\n\n/);
  terminal.keys("p");
  await terminal.shows(/every process/);
  terminal.keys("Escape", "q");
  await terminal.shows(/^status 0/m);
});

Deno.test("A call that is turned off has no more rows, until it is turned on", async () => {
  using top = await startTop("-p PID --view syscalls");
  const { terminal } = top;
  await terminal.shows(/fdatasync +[1-9]/);
  terminal.keys("o", "/");
  terminal.type("fdatasync");
  terminal.keys("Enter", "Space");
  keep("probes", await terminal.shows(/▸\[ \] fdatasync/));
  terminal.keys("Escape");
  await terminal.shows(/fdatasync +0 +0%/);
  terminal.keys("o", "/");
  terminal.type("fdatasync");
  terminal.keys("Enter", "Space");
  await terminal.shows(/▸\[x\] fdatasync/);
  terminal.keys("Escape");
  await terminal.shows(/fdatasync +[1-9]/);
  terminal.keys("q");
  await terminal.shows(/^status 0/m);
});

Deno.test("A recording that is started later has rows with names, and views are saved", async () => {
  using top = await startTop("-p PID --view files");
  const { terminal, cwd } = top;
  await terminal.shows(/busy\.log/);
  terminal.keys("R", "C-u");
  terminal.type("late.parquet");
  terminal.keys("Enter");
  keep("recording", await terminal.shows(/recording [1-9][\d,]* rows/));
  terminal.keys("R");
  await terminal.shows(/calls recorded in late\.parquet/);
  const { stdout, stderr, code } = await runIor(["report", "--json", "late.parquet"], { cwd });
  assert.equal(code, 0, stderr);
  const paths = JSON.parse(stdout).files.map(({ path }: { path: string }) => path);
  assert.ok(paths.includes(`${cwd}/busy.log`), paths.join());
  for (
    const [name, shown] of [
      ["view.txt", /busy\.log/],
      ["report.json", /"schema": "ior\.report\/1"/],
      ["rows.csv", /^seq,time,[^]*busy\.log/],
      ["flame.html", /<html[^]*busy\.log/],
      ["flame.svg", /<svg[^]*busy\.log/],
      ["flame.folded", /^sh;\w+;\/[^]*busy\.log \d+$/m],
      ["flame.speedscope.json", /speedscope[^]*busy\.log/],
    ] as const
  ) {
    terminal.keys("e", "C-u");
    terminal.type(name);
    terminal.keys("Enter");
    await terminal.shows(new RegExp(`Saved as ${name}`));
    assert.match(read(`${cwd}/${name}`), shown);
  }
  terminal.keys("e", "C-u");
  terminal.type("view.png");
  terminal.keys("Enter");
  await terminal.shows(/Cannot save view\.png: its name must end in \.txt, \.csv, /);
  terminal.keys("e", "C-u");
  terminal.type("nowhere/view.txt");
  terminal.keys("Enter");
  await terminal.shows(/Cannot [^\n]*nowhere/);
  terminal.keys("R", "C-u");
  terminal.type("until_the_end.parquet");
  terminal.keys("Enter");
  await terminal.shows(/recording [1-9][\d,]* rows/);
  terminal.keys("q");
  await terminal.shows(/calls recorded in until_the_end\.parquet\nstatus 0/);
  assert.ok(exists(`${cwd}/until_the_end.parquet`));
});

Deno.test("Rows that stand still are saved, and the user's editor has the terminal until it ends", async () => {
  using top = await startTop("-p PID --view stream", {
    variables: "SUDO_UID=1234 SUDO_GID=1234 VISUAL= EDITOR='sh ./editor'",
  });
  const { terminal, cwd } = top;
  Deno.chmodSync(cwd, 0o777);
  Deno.writeTextFileSync(
    `${cwd}/editor`,
    'echo "edits $1"; read typed; echo "$typed $(id -u) $1" >edited\n',
  );
  await terminal.shows(/ENOENT/);
  terminal.keys("E");
  await terminal.shows(/Nothing has been saved yet/);
  terminal.keys("x");
  await terminal.shows(/PAUSED [^]*Saved as ior-[\d-]+-rows-\d+\.csv/);
  terminal.keys("E");
  const [, name] = /edits (\S+)/.exec(await terminal.shows(/^edits ior-[\d-]+-rows-\d+\.csv$/m))!;
  terminal.type("all keys");
  terminal.keys("Enter");
  await terminal.shows(/PAUSED /);
  assert.equal(read(`${cwd}/edited`), `all keys 1234 ${name}\n`);
  assert.match(read(`${cwd}/${name}`), /^seq,time,[^]*busy\.log/);
  assert.equal(Deno.statSync(`${cwd}/${name}`).uid, 1234);
  terminal.keys("Space", "q");
  await terminal.shows(/^status 0/m);
  await assertRestored(top);
});

Deno.test("Started again with another ring: rows, numbers and the recording go on, and a wrong size changes nothing", async () => {
  {
    using top = await startTop("-p PID --view syscalls");
    const { terminal, cwd } = top;
    await terminal.shows(/fdatasync +[1-9]/);
    terminal.keys("R", "C-u");
    terminal.type("one.parquet");
    terminal.keys("Enter");
    await terminal.shows(/recording [1-9][\d,]* rows/);
    terminal.keys("o", "/");
    terminal.type("fdatasync");
    terminal.keys("Enter", "Space");
    await terminal.shows(/▸\[ \] fdatasync/);
    terminal.keys("Escape", "f");
    terminal.type("not failed");
    terminal.keys("Enter");
    await terminal.shows(/only not failed/);
    terminal.keys("B");
    terminal.type("33M");
    terminal.keys("Enter");
    await terminal.shows(/Cannot use ring size `33M`: it must be a power of two/);
    keep("restarted", await withLargerRing(terminal));
    await terminal.shows(/openat +[1-9]/);
    const screen = terminal.screen;
    assert.match(screen, /only not failed[^\n]*recording [1-9]/);
    assert.doesNotMatch(screen, /fdatasync/, "a call that was turned off stays off");
    terminal.keys("q");
    await terminal.shows(/calls recorded in one\.parquet\nstatus 0/);
    const { stdout } = await runIor(["stream", "--json", "one.parquet"], { cwd });
    const rows = stdout.trim().split("\n").map((line) => JSON.parse(line)).filter(({ type }) =>
      type === "row"
    );
    rows.forEach(({ seq }, i) => assert.equal(seq, rows[0].seq + i));
    rows.slice(1).forEach(({ time_ns }, i) => assert.ok(time_ns > rows[i].time_ns - 1e9, "times go on"));
    assert.ok(rows.every(({ comm }) => /^(?:sh|cat|sync|echo)$/.test(comm)));
  }
  await nothingLeftBehind();
});

Deno.test("A process is followed with its children by a trace that is started again for it", async () => {
  using top = await startTop("--view processes");
  const { terminal, pid } = top;
  await terminal.shows(new RegExp(` ${pid} sh`));
  await follow(terminal, pid);
  await terminal.shows(/\d+ cat/);
  assert.match(terminal.screen, /all selected calls/);
  terminal.keys("q");
  await terminal.shows(/^status 0/m);
});

Deno.test("Another ring size changes nothing about the process that is followed, though there is a command", async () => {
  const child = 'sh -c "while [ ! -e stop ]; do cat /dev/null; done" & echo $! >child';
  using top = await startTop(
    `--view processes -- sh -c '${child}; while [ ! -e stop ]; do head -1 /dev/null; done'`,
  );
  const { terminal, cwd } = top;
  await terminal.shows(/\d+ head/);
  const pid = Number(read(`${cwd}/child`));
  await follow(terminal, pid);
  await withLargerRing(terminal);
  await terminal.shows(/\d+ cat/);
  assert.doesNotMatch(terminal.screen, /\d+ head/);
  Deno.writeTextFileSync(`${cwd}/stop`, "");
  await terminal.shows(/ended /);
  terminal.keys("q");
  await terminal.shows(/^status 0/m);
});

for (const [kind, option] of [["processes", "-p"], ["threads", "-t"]]) {
  Deno.test(`A trace is started again for those of its ${kind} that have not ended`, async () => {
    const other = new Deno.Command("sleep", { args: ["infinity"] }).spawn();
    using top = await startTop(`--view processes ${option} PID,${other.pid}`);
    const { terminal, pid } = top;
    await terminal.shows(new RegExp(` ${pid} sh`));
    other.kill("SIGKILL");
    await other.status;
    await withLargerRing(terminal);
    await terminal.shows(new RegExp(` ${pid} sh`));
    terminal.keys("q");
    await terminal.shows(/^status 0/m);
  });
}

Deno.test("A recording is played: views, speed, pause, moments, a filter, its end, and its frames in a pipe", async () => {
  const cwd = scratchDirectory("top_play");
  const program = (seconds: number) => [
    ...["--", "sh", "-c", `echo x >made$0; sleep 1; cat made$0 missing; sleep ${seconds}; rm made$0`],
  ];
  // What is played is long enough to be seen while it plays.
  await Promise.all([
    runIor(["record", "run.parquet", ...program(6), ""], { cwd }),
    runIor(["record", "segments/", ...program(1), "_too"], { cwd }),
  ]);
  using resources = new DisposableStack();
  Deno.symlinkSync(LAUNCHER, `${cwd}/ior`);
  const terminal = resources.use(new Terminal({ columns: 100, rows: 30, cwd }));
  await terminal.shows(/^[$#]/m);
  const length = RegExp.escape(formatDuration((await reportOf("run.parquet", cwd)).wall_ns));
  terminal.run('./ior top run.parquet --view files; echo "status $?"');
  keep("playing", await terminal.shows(new RegExp(`▶ 1x [\\d.]+m?s of ${length}[^]*made`)));
  terminal.keys("Space");
  await terminal.shows(new RegExp(`PAUSED [^\n]* of ${length}`));
  terminal.keys("@");
  terminal.type("soon");
  terminal.keys("Enter");
  await terminal.shows(/Cannot go to `soon`/);
  terminal.keys("C-u");
  terminal.type("100%");
  terminal.keys("Enter");
  await terminal.shows(new RegExp(`end ${length} of ${length}`));
  for (const id of Object.keys(SHOWN)) {
    terminal.keys(viewKey(id as ViewId));
    keep(`played_${id}`, await terminal.shows(id === "latency" ? /Latency of calls/ : /made|openat|sleep/));
  }
  terminal.keys(viewKey("stream"), "f");
  terminal.type("errno = ENOENT and path ~ missing");
  terminal.keys("Enter");
  await terminal.shows(/only errno = ENOENT/);
  await terminal.shows(/missing[^\n]*\n\n/);
  terminal.keys("@");
  terminal.type("0.5s");
  terminal.keys("Enter");
  await terminal.shows(/PAUSED 500ms of/);
  await terminal.shows(/No calls yet/);
  terminal.keys("-", "-", "+", "Space");
  await terminal.shows(/▶ 1\/2x /);
  terminal.keys("+", "+", "+");
  await terminal.shows(/▶ 4x /);
  await terminal.shows(/The recording has ended; space plays it again/);
  terminal.keys("R");
  await terminal.shows(/Only for a trace/);
  terminal.keys("q");
  await terminal.shows(/^status 0/m);

  for (const [atLeast, ...from] of [[8, "run.parquet"], [3, "--from", "segments/"]] as const) {
    const json = await runIor(["top", "--json", "--interval", "1s", ...from], { cwd });
    assert.equal(json.code, 0, json.stderr);
    const reports = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
    const whole = await reportOf(from.at(-1)!, cwd);
    const indices = Array.from({ length: Math.ceil(whole.wall_ns / 1e9) }, (_, i) => i + 1);
    assert.deepEqual(reports.map(({ interval }) => interval.index), indices);
    assert.ok(indices.length >= atLeast, `${indices}`);
    const calls = reports.reduce((sum, report) => sum + report.calls, 0);
    assert.deepEqual([calls, reports.at(-1).interval.end_ns], [whole.calls, whole.wall_ns]);
  }
  const where = ["--where", "path ~ /made", "run.parquet"];
  const text = await runIor(["top", "--batch", "-n", "1", "--view", "files", ...where], { cwd });
  assert.match(text.stdout, /FILE\n[^\n]*\/made\n$/);
  const opens = await runIor(["top", "--batch", "--view", "opens", "run.parquet"], { cwd });
  assert.match(opens.stdout, /closed +cat \(\d+\) +[^\n]*\/made\n/);
  Deno.writeTextFileSync(`${cwd}/wrong.parquet`, "no recording");
  for (const name of ["wrong.parquet", "none.parquet"]) {
    const { code, stderr } = await runIor(["top", "--batch", name], { cwd });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^ior: Cannot read /);
  }
});

Deno.test("With --waits, --cache and --stacks the views say where time went, what was cached, and who asked", async () => {
  using top = await startTop("-p PID --waits --cache --stacks", { columns: 132 });
  const { terminal } = top;
  keep(
    "waits",
    await terminal.shows(
      /spent +[cibq]{10} +[cibq]{10} {2}I\/O [\d.<]+%[^]*CPU\/IO\/BLK\/Q CACHED% {2}FILES/,
    ),
  );
  terminal.keys("3");
  await terminal.shows(/CACHED% +TIME▾ +CPU\/IO\/BLK\/Q[^]*\d+% .* [cibq]{10} {2}\S*busy\.log/);
  terminal.keys("2");
  await terminal.shows(/[cibq]{10} [^\n]*\n/);
  terminal.keys("6");
  await terminal.shows(/by comm › stack › syscall › path/);
  terminal.keys("o");
  await terminal.shows(/by stack › comm › syscall/);
  terminal.keys("7");
  await terminal.shows(/LATENCY +BYTES[^]* fdatasync /);
  terminal.keys("/");
  terminal.type("fdatasync");
  terminal.keys("Enter", "Enter");
  keep("row_detail", await terminal.shows(/I\/O wait +[\d.]+[nµm]?s\n blocked [^]*\n stack +\S/));
  terminal.keys("Escape", "q");
  await terminal.shows(/^status 0/m);
});

Deno.test("The frame follows the size of the terminal, down to a message", async () => {
  using top = await startTop("-p PID --view syscalls");
  const { terminal } = top;
  for (const [columns, rows] of [[140, 40], [80, 24], [40, 10]]) {
    terminal.resize(columns, rows);
    const screen = await terminal.shows(new RegExp(`^(?:[^\\n]*\\n){${rows - 1}} q quit`));
    keep(`size_${columns}x${rows}`, screen);
  }
  terminal.resize(30, 6);
  await terminal.shows(/^Too small: 30x6, at least/);
  terminal.resize(100, 30);
  await terminal.shows(/SYSCALL +CALLS\/S/);
  terminal.keys("q");
  await terminal.shows(/^status 0/m);
});

Deno.test("Ctrl-Z gives the terminal back until fg, and so does another process that stops ior", async () => {
  using top = await startTop("-p PID --view syscalls");
  const { terminal } = top;
  await terminal.shows(/fdatasync/);
  for (const stop of [() => terminal.keys("C-z"), () => signalTop(top, "SIGTSTP")]) {
    stop();
    await terminal.shows(/Stopped/i);
    await assertRestored(top);
    terminal.run("clear; fg; echo ended $?");
    await terminal.shows(/fdatasync/);
    assert.equal(terminal.modes, "cursor 0 alternate 1 mouse 1 wrap 0");
  }
  terminal.keys("q");
  await terminal.shows(/^ended 0/m);
  await assertRestored(top);
});

for (
  const [way, end] of [
    ["Ctrl-C", ({ terminal }: Top) => terminal.keys("C-c")],
    ["SIGTERM", (top: Top) => signalTop(top, "SIGTERM")],
    ["SIGHUP", (top: Top) => signalTop(top, "SIGHUP")],
    ["SIGINT", (top: Top) => signalTop(top, "SIGINT")],
  ] as const
) {
  Deno.test(`${way} leaves the terminal as it was`, async () => {
    {
      using top = await startTop("-p PID");
      await top.terminal.shows(/busy\.log/);
      end(top);
      await top.terminal.shows(/^status 0/m);
      await assertRestored(top);
    }
    await nothingLeftBehind();
  });
}

/** Sends a signal to the live view in this terminal: others may look at something too. */
function signalTop({ cwd }: Top, signal: Deno.Signal): void {
  const directory = Deno.realPathSync(cwd);
  const pids = Array.from(Deno.readDirSync("/proc")).map(({ name }) => Number(name)).filter((pid) => {
    try {
      return pid > 0 && /main\.(?:ts|mjs)\0top\0/.test(read(`/proc/${pid}/cmdline`)) &&
        Deno.readLinkSync(`/proc/${pid}/cwd`) === directory;
    } catch {
      return false; // it has ended meanwhile
    }
  });
  assert.equal(pids.length, 1);
  Deno.kill(pids[0], signal);
}

Deno.test("A command is traced from its start, cannot draw over the view, and its status is that of ior", async () => {
  // Most of the time goes to the file, whatever else the commands open.
  const reads = "dd if=/etc/passwd of=/dev/null bs=1 status=none";
  using top = await startTop(`-- sh -c 'echo drawn over; cat /etc/passwd; ${reads}; sleep 1; exit 7'`);
  const { terminal } = top;
  const screen = await terminal.shows(/The trace has ended/);
  keep("ended", screen);
  assert.match(screen, /\/etc\/passwd/);
  assert.doesNotMatch(screen, /drawn over/);
  terminal.keys("q");
  await terminal.shows(/^status 7/m);
  await assertRestored(top);
});

Deno.test("Frames and reports for scripts: as many as asked, or until the command ends", async () => {
  const cwd = scratchDirectory("top_batch");
  const make = ["sh", "-c", "echo x >made; cat made >/dev/null"];
  const text = await runIor(["top", "--batch", "--view", "files", "--", ...make], { cwd });
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /calls\/s[^]*FILE\n[^]*\/made/);
  const asked = ["--interval", "200ms", "-n", "3", "-p", String(Deno.pid)];
  const json = await runIor(["top", "--json", ...asked], { cwd });
  const reports = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(reports.map(({ schema, interval }) => [schema, interval.index]), [
    ["ior.report/1", 1],
    ["ior.report/1", 2],
    ["ior.report/1", 3],
  ]);
  const all = await runIor(["top", "--json", "--interval", "100ms", "--", ...make], { cwd });
  const calls = all.stdout.trim().split("\n").reduce((sum, line) => sum + JSON.parse(line).calls, 0);
  assert.ok(calls > 10, `${calls} calls`);
  const refused = await runIor(["top"], { cwd });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^ior: Cannot show the live view: [^]*--batch/);
});

/** Reads a file through a mapping, after driving it out of the page cache. */
const MAPPED_READER = `
import mmap, os, sys, time
file = os.open(sys.argv[1], os.O_RDONLY)
os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
with mmap.mmap(file, 0, prot=mmap.PROT_READ) as data:
    total = sum(data[0::4096])
time.sleep(float(sys.argv[2]))
`;

Deno.test("Mapped files and stacks are views, live and of a recording, and frames in a pipe ask for what they need", async () => {
  // On a disk: what a file system in memory holds is nowhere else.
  const cwd = Deno.makeTempDirSync({ dir: "/var/tmp", prefix: "ior_top_" });
  try {
    const path = `${cwd}/data`;
    using file = Deno.openSync(path, { write: true, create: true });
    file.writeSync(new Uint8Array(4 << 20).fill(7));
    file.syncSync();
    const program = (seconds: string) => ["--", "python3", "-c", MAPPED_READER, path, seconds];
    const read = new RegExp(`4\\.00MiB .*python3 +${path}$`, "m");
    const asked = /^ .*;posix_fadvise$/m;
    const frame = async (...args: string[]) => {
      const { code, stdout, stderr } = await runIor(["top", "--batch", ...args], { cwd });
      assert.equal(code, 0, stderr);
      return stdout;
    };
    assert.match(await frame("--view", "mapped", ...program("0")), read);
    assert.match(await frame("--view", "stacks", ...program("0")), asked);
    const recorded = await runIor(["record", "run.parquet", "--cache", "--stacks", ...program("0")], { cwd });
    assert.equal(recorded.code, 0, recorded.stderr);
    assert.match(await frame("--view", "mapped", "run.parquet"), read);
    assert.match(
      await frame("--view", "mapped", "--where", "comm = sh", "run.parquet"),
      /No page fault has read/,
    );
    assert.match(await frame("--view", "stacks", "run.parquet"), asked);
    const json = await runIor(["top", "--json", "--cache", "--stacks", ...program("0")], { cwd });
    const reports: Report[] = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
    const bytes = reports.map(({ mapped_io }) => mapped_io!.mapped_bytes);
    assert.ok(bytes.reduce((sum, part) => sum + part, 0) >= 4 << 20, bytes.join());
    for (const { groups } of reports) assert.deepEqual(groups.map(({ by }) => by), [["stack"]]);
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
});
