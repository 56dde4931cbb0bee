/** Probes on the real kernel: which calls it has, and what turning them on and off does to the calls of a busy program. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Capture, machineArch } from "../../bpf/mod.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { Probes } from "../../engine/session/probes.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { REQUEST_PREFIX } from "../../runtime/syscalls/aio.ts";
import { syscallByName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { compile } from "../kernel_lib/compile.ts";
import { missingFeatures } from "../kernel_lib/features.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { run, withTracefs } from "../kernel_lib/system.ts";
import { plainCells } from "../engine/cells.ts";

const ARCH = machineArch();
const CLOSE = syscallNumber(ARCH, syscallByName("close")!)!;
const EBADF = 9n;

Deno.test("The calls that ior says the kernel has are those of the kernel's own tables", async () => {
  const { stdout, code } = await runIor(["probes", "--json"]);
  assert.equal(code, 0);
  const { calls } = JSON.parse(stdout) as {
    calls: { syscall: string; number: number | null; in_kernel: boolean }[];
  };
  assert.equal(calls.length, SYSCALLS.length);
  await withTracefs((tracefs) => {
    const traced = Array.from(Deno.readDirSync(`${tracefs}/events/syscalls`), ({ name }) => name)
      .filter((name) => name.startsWith("sys_enter_"))
      .map((name) => syscallByName(name.replace("sys_enter_", ""))?.name);
    for (const { syscall, number, in_kernel } of calls) {
      if (syscall.startsWith(REQUEST_PREFIX)) assert.equal(number, null, syscall);
      else assert.equal(in_kernel, number !== null && traced.includes(syscall), syscall);
    }
  });
});

/** Prints the last operation of io_uring that the kernel knows, and those that it takes (IORING_REGISTER_PROBE). */
const ASK_RING = `
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
ring = libc.syscall(425, 1, ctypes.create_string_buffer(120))
probe = ctypes.create_string_buffer(16 + 256 * 8)
assert ring >= 0 and libc.syscall(427, ring, 8, probe, 256) == 0, ctypes.get_errno()
taken = [op for op in range(probe.raw[1]) if struct.unpack_from("<H", probe.raw, 16 + 8 * op + 2)[0] & 1]
print(probe.raw[0], *taken)
`;

const LACKING = missingFeatures(["io_uring"]);

Deno.test({
  name: "The requests to io_uring that ior says the kernel has are those that a ring says it takes" +
    (LACKING.length > 0 ? " (skipped: this kernel makes no rings)" : ""),
  ignore: LACKING.length > 0,
  async fn() {
    const { stdout } = await runIor(["probes", "--json", "--family", "AIO"]);
    const calls: { syscall: string; in_kernel: boolean }[] = JSON.parse(stdout).calls;
    const hasOperation = calls.filter(({ syscall }) => syscall.startsWith(REQUEST_PREFIX))
      .map(({ in_kernel }) => in_kernel);
    const [last, ...taken] = run("python3", "-c", ASK_RING).trim().split(" ").map(Number);
    assert.ok(taken.length > 30, `${taken.length} operations`);
    for (const op of taken.filter((op) => op < hasOperation.length)) {
      assert.equal(hasOperation[op], true, `${op}`);
    }
    // Between these, the kernel may have been built without one that its types have.
    assert.deepEqual(hasOperation.slice(last + 1).filter((has) => has), []);
  },
});

/** A time in which all calls were off: when turning them off began and ended, and likewise turning them on. */
interface OffTime {
  offBeginNs: number;
  offEndNs: number;
  onBeginNs: number;
  onEndNs: number;
}

/** Calls without a row between two rows of a thread. */
interface Gap {
  calls: number;
  beforeNs: number;
  afterNs: number;
}

/** The rows of a thread, whose calls have consecutive numbers. */
class Numbered {
  rows = 0;
  readonly gaps: Gap[] = [];
  /** Enters, for those that the thread made around a time when all was off. */
  readonly enters: number[] = [];
  #last = 999_999;
  #lastNs = -Infinity;

  take(number: number, enterNs: number): void {
    assert.ok(number > this.#last, `call ${number} after ${this.#last}: a call has two rows`);
    assert.ok(enterNs >= this.#lastNs);
    if (number > this.#last + 1) {
      this.gaps.push({ calls: number - this.#last - 1, beforeNs: this.#lastNs, afterNs: enterNs });
    }
    this.rows++;
    this.enters.push(enterNs);
    [this.#last, this.#lastNs] = [number, enterNs];
  }

  /** The thread has made this many calls in all. */
  end(calls: number): void {
    const rest = 999_999 + calls - this.#last;
    if (rest > 0) this.gaps.push({ calls: rest, beforeNs: this.#lastNs, afterNs: Infinity });
  }
}

Deno.test("All probes toggled a thousand times under load: every call has one whole row, or was made while they were off, or is counted as lost", async () => {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/serials.c", import.meta.url)));
  const child = new Deno.Command(program, { args: ["2"], stdin: "piped", stdout: "piped" }).spawn();
  const selection = { ...emptyFilter(), pids: [child.pid], syscalls: ["close"] };
  using capture = await Capture.load({
    selection,
    launches: false,
    ringBytes: 64 * 1024 * 1024,
    sequencer: new RowSequencer(),
    epoch: 1,
  });
  const probes = new Probes(capture, ARCH, selection, null);
  const threads = new Map<number, Numbered>();
  const tids: number[] = [];
  const take = ({ length, columns, tasks }: EventBatch) => {
    for (const { slot, tid } of tasks) tids[slot] = tid;
    for (let i = 0; i < length; i++) {
      if (columns.nr[i] !== CLOSE) continue; // what the threads do at their end, under all probes
      const { ret, durationNs, flags, restarts, task, fd, enterNs } = columns;
      if (
        ret[i] !== -EBADF || flags[i] !== 0 || restarts[i] !== 0 ||
        !(durationNs[i] >= 0 && durationNs[i] < 60e9)
      ) {
        assert.fail(`${ret[i]}, flags ${flags[i]}, ${restarts[i]} restarts, ${durationNs[i]} ns`);
      }
      const tid = tids[task[i]];
      if (!threads.has(tid)) threads.set(tid, new Numbered());
      threads.get(tid)!.take(fd[i], enterNs[i]);
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
  const off: OffTime[] = [{ offBeginNs: -Infinity, offEndNs: -Infinity, onBeginNs: 0, onEndNs: 0 }];
  capture.attach();
  off[0].onEndNs = capture.elapsedNs();
  for (let times = 0; times < 500; times++) {
    const offBeginNs = capture.elapsedNs();
    probes.setAll(false);
    const offEndNs = capture.elapsedNs();
    assert.equal(probes.activeCount().active, 0);
    drain();
    const onBeginNs = capture.elapsedNs();
    probes.setAll(true);
    const onEndNs = capture.elapsedNs();
    const { active, total } = probes.activeCount();
    assert.equal(active, total);
    off.push({ offBeginNs, offEndNs, onBeginNs, onEndNs });
    drain();
  }
  await child.stdin.close();
  const { stdout } = await child.output();
  capture.disable();
  drain();
  const made = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(" ").map(Number));
  assert.equal(made.length, 2);
  let unexplained = 0, rows = 0;
  for (const [tid, calls] of made) {
    const thread = threads.get(tid)!;
    thread.end(calls);
    rows += thread.rows;
    const missing = thread.gaps.reduce((sum, gap) => sum + gap.calls, 0);
    assert.equal(thread.rows + missing, calls);
    unexplained += checkGaps(thread.gaps, off);
    checkOffTimes(thread.enters, off);
  }
  assert.ok(rows > 1000, `${rows} rows`);
  const { state, calls: lost } = capture.loss();
  assert.notEqual(state, "unknown");
  assert.ok(
    unexplained <= lost!,
    `${unexplained} calls have no row while probes were on, ${lost} are counted as lost`,
  );
});

/** Calls in gaps that no time explains in which all was off. */
function checkGaps(gaps: readonly Gap[], off: readonly OffTime[]): number {
  let unexplained = 0, at = 0;
  for (const { calls, beforeNs, afterNs } of gaps) {
    while (at < off.length && off[at].onEndNs < beforeNs) at++;
    if (at === off.length || off[at].offBeginNs > afterNs) unexplained += calls;
  }
  return unexplained;
}

/** A thread has at most one call in a time when all was off: one that had been let pass before, and took its time later. */
function checkOffTimes(enters: readonly number[], off: readonly OffTime[]): void {
  let at = 0;
  for (const { offEndNs, onBeginNs } of off) {
    let inside = 0;
    for (; at < enters.length && enters[at] < onBeginNs; at++) if (enters[at] > offEndNs) inside++;
    assert.ok(inside <= 1, `${inside} rows while all was off`);
  }
}

Deno.test("All other probes toggled a thousand times in a sampled trace: the calls made are the rows, the sums and the counted losses", async () => {
  const folder = scratchDirectory("toggled");
  for (const name of ["a", "b"]) Deno.writeTextFileSync(`${folder}/${name}`, "x");
  const rounds = 100_000;
  const program = await compile(fileURLToPath(new URL("../kernel_lib/two_files.c", import.meta.url)));
  const args = [`${folder}/a`, `${folder}/b`, String(rounds)];
  const child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped" }).spawn();
  const names = ["openat", "pread64", "close"];
  const kept = { ...emptyFilter(), pids: [child.pid], syscalls: names };
  const all = { ...kept, syscalls: SYSCALLS.map(({ name }) => name), unknownSyscalls: true };
  const numbers = names.map((name) => syscallNumber(ARCH, syscallByName(name)!)!);
  using capture = await Capture.load({
    selection: all,
    launches: false,
    ringBytes: 64 * 1024 * 1024,
    sequencer: new RowSequencer(),
    epoch: 1,
    sampling: { openat: 5, pread64: 10, close: 0 },
  });
  capture.attach();
  let [rows, sums] = [0, 0];
  const take = () => {
    for (let full = true; full;) {
      const { batch, full: more } = capture.drain();
      full = more;
      for (let i = 0; i < (batch?.length ?? 0); i++) if (numbers.includes(batch!.columns.nr[i])) rows++;
      if (batch) capture.recycle(batch.columns);
    }
    for (const { nr, calls } of plainCells(capture.takeSums(1))) if (numbers.includes(nr)) sums += calls;
  };
  const input = child.stdin.getWriter(), output = child.stdout.getReader();
  await input.write(Uint8Array.of(1));
  for (let times = 0; times < 500; times++) {
    capture.selectCalls(kept);
    take();
    capture.selectCalls(all);
    take();
  }
  assert.equal((await output.read()).value?.length, 1);
  capture.disable();
  take();
  const { state, calls: lost } = capture.loss();
  assert.notEqual(state, "unknown");
  const made = names.length * (rounds + rounds / 100);
  assert.ok(rows > made / 20 && sums > made / 2, `${rows} rows and ${sums} in sums`);
  assert.equal(rows + sums + lost!, made);
  await input.close();
  await output.cancel();
  await child.status;
});
