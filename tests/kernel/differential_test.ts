import assert from "node:assert/strict";
import {
  callsOfRows,
  differencesOfOneRun,
  differencesOfTwoRuns,
  unusedExplanations,
} from "../kernel_lib/differences.ts";
import { makeTree, type Program, PROGRAMS, surroundings } from "../kernel_lib/differences_programs.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { readRows, type RowRecord } from "../kernel_lib/rows.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { parseStrace, STRACE_FLAGS } from "../kernel_lib/strace_log.ts";
import { type ComparedCall, comparedCalls } from "../kernel_lib/strace_log_rows.ts";

/** What a program makes at least, also without a locale to load; fewer, and it did not do its work. */
const CALLS_AT_LEAST = 400;

/** Traces a command in a fresh tree with ior. */
async function iorRows(root: string, words: string[]): Promise<RowRecord[]> {
  const output = `${scratchDirectory("rows")}/rows.ndjson`;
  const flags = ["stream", "--format", "ndjson", "--family", "all", "-o", output];
  const { code, stderr } = await runIor([...flags, "--", ...words], { cwd: root });
  assert.equal(code, 0, stderr);
  const { rows, end } = readRows(output);
  assert.equal(end.loss.state, "none");
  return rows;
}

const straceWords = (log: string) => ["strace", ...STRACE_FLAGS, "-o", log];

function straceCalls(log: string, root: string): ComparedCall[] {
  compared++;
  const calls = comparedCalls(parseStrace(Deno.readTextFileSync(log)), root);
  assert.ok(calls.length >= CALLS_AT_LEAST, `strace saw only ${calls.length} calls`);
  return calls;
}

const command = (program: Program, root: string) => [...surroundings(root), ...program.words];

function assertAlike(difference: string[], what: string) {
  assert.ok(difference.length === 0, `${what}\n(- strace, + ior)\n${difference.join("\n")}`);
}

/** Programs of which two runs make the same calls. */
const REPEATABLE = PROGRAMS.filter(({ differs }) => differs === undefined);

/** Comparisons so far. */
let compared = 0;

for (const program of PROGRAMS) {
  Deno.test(`${program.name}: of each thread ior and strace say the same, call by call, watching one run`, async () => {
    const root = makeTree();
    const log = `${scratchDirectory("strace")}/log`;
    const rows = await iorRows(root, [...straceWords(log), ...command(program, root)]);
    const strace = straceCalls(log, root);
    // strace itself is traced as well, and its child until that becomes the program.
    const found = callsOfRows(rows.filter(({ comm }) => comm !== "strace"));
    assertAlike(
      differencesOfOneRun(strace, found),
      `${strace.length} calls by strace, ${found.length} by ior`,
    );
  });
}

for (const program of REPEATABLE) {
  Deno.test(`${program.name}: ior's run makes the same calls as strace's run`, async () => {
    const root = makeTree();
    const found = callsOfRows(await iorRows(root, command(program, root)));
    assert.equal(makeTree(), root); // the same place, made anew
    const log = `${scratchDirectory("strace")}/log`;
    const [name, ...args] = [...straceWords(log), ...command(program, root)];
    const { success, stderr } = new Deno.Command(name, { args, cwd: root, stdin: "null", stderr: "piped" })
      .outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
    const strace = straceCalls(log, root);
    assertAlike(
      differencesOfTwoRuns(strace, found),
      `${strace.length} calls by strace, ${found.length} by ior`,
    );
  });
}

Deno.test("Every explanation of a difference has explained one", () => {
  // With a filter some are not asked for.
  if (compared < PROGRAMS.length + REPEATABLE.length) return;
  assert.deepEqual(unusedExplanations(), []);
});

/** A log with what is hard to read in it. */
const LOG = `7 openat(AT_FDCWD</r>, "a, (b\\303\\251\\"", O_RDONLY) = 3</r/a, (b\\303\\251"> <0.000002000>
7 read(3</r/a, (b\\303\\251">,  <unfinished ...>
8 newfstatat(4</r/d>, "x/./y/", {st_mode=S_IFREG|0644, ...}, 0) = -1 ENOENT (No such file or directory) <0.000001000>
7 <... read resumed>""..., 10)       = 10 <0.000005000>
8 dup2(1</dev/null<char 1:3>>, 9)   = 9</dev/null<char 1:3>> <0.000001000>
7 chdir("sub/..//e")                = 0 <0.000001000>
7 unlink("f")                       = 0 <0.000001000>
7 poll([{fd=3</r/f>(deleted), events=POLLIN}], 1, -1) = ? ERESTART_RESTARTBLOCK (Interrupted by signal) <0.000004000>
7 --- SIGCHLD {si_signo=SIGCHLD} ---
7 close(3</r/f>(deleted))           = 0 <0.000001000>
7 rt_sigreturn({mask=[]})           = -1 EINTR (Interrupted system call) <0.000001000>
8 wait4(-1,  <unfinished ...>
8 +++ killed by SIGKILL +++
7 umask(022)                        = 0777 <0.000001000>
7 exit_group(0)                     = ?
7 +++ exited with 0 +++
`;

const call = (tid: number, syscall: string, values: Partial<ComparedCall>): ComparedCall => ({
  tid,
  syscall,
  fd: null,
  path: null,
  old_path: null,
  ret: 0n,
  errno: null,
  durationNs: 1000,
  ...values,
});

const LOG_CALLS: ComparedCall[] = [
  call(7, "openat", { fd: 3, path: '/r/a, (bé"', ret: 3n, durationNs: 2000 }),
  call(8, "newfstatat", { path: "/r/d/x/y", ret: null, errno: "ENOENT" }),
  call(7, "read", { fd: 3, path: '/r/a, (bé"', ret: 10n, durationNs: 5000 }),
  call(8, "dup2", { fd: 1, path: "/dev/null", ret: 9n }),
  call(7, "chdir", { path: "/r/sub/../e" }),
  call(7, "unlink", { path: "/r/e/f" }),
  call(7, "close", { fd: 3, path: "/r/f (deleted)" }),
  call(7, "rt_sigreturn", { ret: null, errno: "EINTR" }),
  call(7, "poll", { ret: null, errno: "EINTR", durationNs: null }),
  call(8, "wait4", { ret: null, durationNs: null }),
  call(7, "umask", { ret: 511n }),
  call(7, "exit_group", { ret: null, durationNs: null }),
];

Deno.test("A log of strace is read with cut lines, escapes, restarts, signals and the working directory", () => {
  assert.deepEqual(comparedCalls(parseStrace(LOG), "/r"), LOG_CALLS);
});

Deno.test("A log of strace that is not understood is a fault", () => {
  assert.throws(() => parseStrace("7 what is this\n"), /Line 1/);
  assert.throws(() => parseStrace("7 read(3</a>,  <unfinished ...>\n"), /ends inside/);
  const unknown = parseStrace("7 frobnicate(3</a>) = 0\n");
  assert.throws(() => comparedCalls(unknown, "/"), /give the call a shape/);
  const moved = parseStrace('7 openat(AT_FDCWD</b>, "a", 0) = -1 ENOENT (No)\n');
  assert.throws(() => comparedCalls(moved, "/a"), /working directory/);
});

const DEFECTS: Record<string, (calls: ComparedCall[]) => void> = {
  "another path": (calls) => calls[2].path = "/r/b",
  "a path that is missing": (calls) => calls[2].path = null,
  "another descriptor": (calls) => calls[2].fd = 4,
  "another result": (calls) => calls[2].ret = 11n,
  "another error": (calls) => calls[1].errno = "EACCES",
  "a call that is missing": (calls) => calls.splice(3, 1),
  "a call too many": (calls) => calls.push({ ...calls[0] }),
  "a call of another thread": (calls) => calls[2].tid = 8,
};

for (const [name, plant] of Object.entries(DEFECTS)) {
  Deno.test(`The comparison with strace finds ${name}`, () => {
    const found = LOG_CALLS.map((one) => ({ ...one }));
    assert.deepEqual(differencesOfOneRun(LOG_CALLS, found), []);
    assert.deepEqual(differencesOfTwoRuns(LOG_CALLS, found), []);
    plant(found);
    assert.notDeepEqual(differencesOfOneRun(LOG_CALLS, found), []);
    if (name !== "a call of another thread") assert.notDeepEqual(differencesOfTwoRuns(LOG_CALLS, found), []);
  });
}

Deno.test("The comparison with strace finds another order and a time that is too long", () => {
  const swapped = [...LOG_CALLS];
  [swapped[4], swapped[5]] = [swapped[5], swapped[4]];
  assert.notDeepEqual(differencesOfOneRun(LOG_CALLS, swapped), []);
  const slow = LOG_CALLS.map((one, i) => i === 2 ? { ...one, durationNs: 5001 } : one);
  assert.notDeepEqual(differencesOfOneRun(LOG_CALLS, slow), []);
});

Deno.test("Only the closed end of a socket may be missing in ior's name of the other", () => {
  const socket = (path: string, fd: number) => call(7, "read", { path, fd });
  const strace = [socket("UNIX-STREAM:[1->2]", 3), socket("UNIX-STREAM:[1->2]", 3)];
  const closed = [socket("UNIX-STREAM:[1->2]", 3), socket("UNIX-STREAM:[1]", 3)];
  assert.deepEqual(differencesOfOneRun(strace, closed), []);
  const use = socket("UNIX-STREAM:[2->1]", 4);
  assert.notDeepEqual(differencesOfOneRun([...strace, use], [...closed, use]), []);
});
