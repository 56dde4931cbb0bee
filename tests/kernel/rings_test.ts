/** Several rings on two CPUs: what a large machine has. The same calls are traced with one ring and with two, at once. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { CALL_PROGRAMS, SECOND_LOOKS } from "../../bpf/capture.ts";
import { Capture, type CaptureOptions, machineArch } from "../../bpf/mod.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { KernelTypes } from "../../bpf/machine.ts";
import { RowBuilder } from "../../engine/mod.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import { emptyFilter, type Filter } from "../../runtime/filter/mod.ts";
import { SYSCALLS } from "../../runtime/syscalls/mod.ts";
import type { StreamRow } from "../../runtime/row.ts";
import { testSeed } from "../engine/batches.ts";
import { compile } from "../kernel_lib/compile.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { waitFor } from "../wait.ts";

const REQUEST = "io_uring:";
const CALLS = SYSCALLS.filter(({ family, name }) => family === "FS" || name.startsWith(REQUEST)).map((
  { name },
) => name);
const THREADS = 6;
const ROUNDS = 800;

/** A sixteenth of it has room for all records: one of eight rings, should nothing be read and no thread move. */
const LARGE_RING = 64 * 1024 * 1024;

/** Two pages of names and one for the rows of each CPU. */
const TINY_RING = 4 * 4096;

const DEADLINE_MS = 60_000;
/** Longest wait for a record that was being written when the programs were detached. */
const LAST_RECORD_MS = 20_000;

const ARCH = machineArch();

/** A capture, and its rows so far. */
class Traced implements Disposable {
  readonly capture: Capture;
  readonly rows: StreamRow[] = [];
  readonly #builder = new RowBuilder(ARCH);

  private constructor(capture: Capture) {
    this.capture = capture;
  }

  static async start(pid: number, options: Partial<CaptureOptions>): Promise<Traced> {
    const selection: Filter = { ...emptyFilter(), syscalls: CALLS, pids: [pid] };
    const capture = await Capture.load({
      selection,
      launches: false,
      ringBytes: LARGE_RING,
      sequencer: new RowSequencer(),
      epoch: 1,
      ...options,
    });
    return new Traced(capture);
  }

  /** Takes what is in the rings. */
  drain(): void {
    for (let full = true; full;) {
      const drained = this.capture.drain();
      full = drained.full;
      if (!drained.batch) continue;
      this.#builder.apply(drained.batch);
      for (let i = 0; i < drained.batch.length; i++) this.rows.push(this.#builder.row(i));
      this.capture.recycle(drained.batch.columns);
    }
  }

  /** Ends the trace and takes the rest. */
  async end(): Promise<void> {
    this.capture.disable();
    await waitFor(() => {
      this.drain();
      return this.capture.pendingBytes === 0;
    }, { timeoutMs: LAST_RECORD_MS, what: "the rings to be empty" });
  }

  [Symbol.dispose](): void {
    this.capture[Symbol.dispose]();
  }
}

/** Traces a program of kernel_lib with each of these options at once. */
async function trace(
  source: string,
  args: readonly string[],
  options: readonly Partial<CaptureOptions>[],
  drains = true,
): Promise<Traced[]> {
  using stack = new DisposableStack();
  const program = await compile(fileURLToPath(new URL(`../kernel_lib/${source}.c`, import.meta.url)));
  const child = new Deno.Command("sh", {
    args: ["-c", `read go; exec "$0" "$@"`, program, scratchDirectory("rings"), ...args],
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const traced: Traced[] = [];
  for (const option of options) traced.push(stack.use(await Traced.start(child.pid, option)));
  for (const { capture } of traced) capture.attach();
  await child.stdin.close();
  let status: Deno.CommandStatus | null = null;
  child.status.then((ended) => status = ended);
  await waitFor(() => {
    if (drains) { for (const one of traced) one.drain(); }
    return status;
  }, { timeoutMs: DEADLINE_MS, what: "the threads to end" });
  assert.equal((await child.status).code, 0);
  for (const one of traced) await one.end();
  stack.move();
  return traced;
}

const traceMigrants = (options: readonly Partial<CaptureOptions>[], rounds = ROUNDS, drains = true) =>
  trace("migrants", [THREADS, rounds].map(String), options, drains);

/** What a row says of its call besides its time, by thread, in the order of the rows. */
function callsByThread(rows: readonly StreamRow[]): Map<number, string[]> {
  const calls = new Map<number, string[]>();
  for (const { tid, pid, comm, syscall, path, oldPath, fd, ret, errno } of rows) {
    const call = JSON.stringify([pid, comm, syscall, path, oldPath, fd, String(ret), errno]);
    const known = calls.get(tid);
    if (known) known.push(call);
    else calls.set(tid, [call]);
  }
  return calls;
}

/** The first place at which two lists of calls differ; `null` for none. */
function firstDifference(found: readonly string[] = [], expected: readonly string[]): string | null {
  const at = expected.findIndex((call, i) => call !== found[i]);
  if (at < 0 && found.length === expected.length) return null;
  return `${found[at]} instead of ${expected[at]}, ${found.length} of ${expected.length} calls`;
}

/** How many rows ended before one that came earlier. */
function outOfOrder(rows: readonly StreamRow[]): number {
  let [last, count] = [0, 0];
  for (const { timeNs, latencyNs } of rows) {
    const end = timeNs + (latencyNs ?? 0);
    if (end < last) count++;
    last = Math.max(last, end);
  }
  return count;
}

Deno.test("Threads that move between CPUs have the same rows with two rings as with one, and with eight, of which six are idle", async (t) => {
  const [one, two, eight] = await traceMigrants([{}, { ringGroups: 2 }, { ringGroups: 8 }]);
  using _one = one, _two = two, _eight = eight;
  await t.step("and none is lost", () => {
    for (const { capture } of [one, two, eight]) {
      assert.equal(capture.loss().state, "none", JSON.stringify(capture.loss()));
    }
    assert.ok(one.rows.length > THREADS * ROUNDS * 6, `${one.rows.length} rows`);
    assert.deepEqual([two.rows.length, eight.rows.length], [one.rows.length, one.rows.length]);
  });
  await t.step("with the same names and results, in the order of each thread", () => {
    const [expected, ...found] = [one, two, eight].map(({ rows }) => callsByThread(rows));
    assert.equal(expected.size, THREADS + 1); // and the first one
    for (const [tid, calls] of expected) {
      for (const rows of found) assert.equal(firstDifference(rows.get(tid), calls), null, `thread ${tid}`);
    }
  });
  await t.step("numbered without a hole", () => {
    two.rows.forEach(({ seq }, i) => assert.equal(seq, i + 1));
  });
  await t.step("each gap from the end of the row before to the begin of the next", () => {
    const ends = new Map<number, number>();
    for (const { tid, timeNs, latencyNs, gapNs } of two.rows) {
      const end = ends.get(tid);
      assert.equal(gapNs, end === undefined ? null : timeNs - end, `thread ${tid}`);
      ends.set(tid, timeNs + latencyNs!);
    }
  });
  await t.step("by time", () => {
    const most = two.rows.length / 100;
    const found = outOfOrder(two.rows);
    assert.ok(
      found < most,
      `${found} of ${two.rows.length} rows are out of order, ${outOfOrder(one.rows)} with one ring`,
    );
  });
});

Deno.test("Requests to io_uring have the same rows with two rings as with one", async () => {
  const [one, two] = await trace("uring_requests", [String(testSeed() % 1000), "2000"], [{}, {
    ringGroups: 2,
  }]);
  using _one = one, _two = two;
  // They complete in other threads, at the same time as others: their order is no one's.
  const [expected, found] = [one, two].map(({ rows }) =>
    [...callsByThread(rows).values()].map((calls) => calls.sort())
  );
  assert.deepEqual(found, expected);
  const requests = one.rows.filter(({ syscall }) => syscall.startsWith(REQUEST)).length;
  assert.ok(requests > 1000, `${requests} requests`);
});

Deno.test("What does not fit into several tiny rings is counted", async () => {
  const [all, tiny] = await traceMigrants([{}, { ringGroups: 2, ringBytes: TINY_RING }], 200, false);
  using _all = all, _tiny = tiny;
  const loss = tiny.capture.loss();
  assert.equal(all.capture.loss().state, "none");
  assert.ok(tiny.rows.length > 0);
  assert.equal(tiny.rows.length + (loss.calls ?? NaN), all.rows.length, JSON.stringify(loss));
});

/** Whether this kernel lets programs prevent that they are preempted: since 6.10. */
const HAS_HOLD = hasHold();

function hasHold(): boolean {
  using types = new KernelTypes(Libc.open());
  return types.has("bpf_preempt_disable");
}

Deno.test({
  name:
    "Programs that prevent that they are preempted see the same calls, whichever the kernel skips of two" +
    (HAS_HOLD ? "" : " (skipped: this kernel does not let programs prevent it)"),
  ignore: !HAS_HOLD,
  fn: async () => {
    const [exit, enter, exitAgain, enterAgain] = [...CALL_PROGRAMS, ...SECOND_LOOKS];
    const attached = [
      [exit, enter, exitAgain, enterAgain],
      [exit, exitAgain, enterAgain],
      [enter, exitAgain, enterAgain],
      [exitAgain, enterAgain],
      [exit, enterAgain],
      [exitAgain, enter],
      [exit, enter],
    ];
    const traced = await traceMigrants([
      { preemptible: false },
      ...attached.map((callPrograms) => ({ preemptible: true, callPrograms })),
    ]);
    using stack = new DisposableStack();
    for (const one of traced) stack.use(one);
    const [expected, ...found] = traced.map(({ rows }) => callsByThread(rows));
    for (const [i, calls] of found.entries()) {
      const loss = traced[i + 1].capture.loss();
      assert.equal(loss.state, "none", `${attached[i]}: ${JSON.stringify(loss)}`);
      assert.deepEqual([...calls.keys()].sort(), [...expected.keys()].sort());
      for (const [tid, rows] of expected) {
        assert.equal(firstDifference(calls.get(tid), rows), null, `${attached[i]}`);
      }
    }
  },
});
