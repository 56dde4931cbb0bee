/** Which share of the CPUs ior takes: it runs before others while calls fill its ring, and its command does not notice. */
import assert from "node:assert/strict";
import { Capture } from "../../bpf/mod.ts";
import { OwnProcess } from "../../bpf/own_process.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { openEditor } from "../../cli/commands/top/editor.ts";
import { HeldCommand, RowSequencer } from "../../engine/mod.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Prints the niceness of itself and of each of ior's threads, in one line: a field of `man 5 proc_pid_stat`. */
const SHOW = String
  .raw`awk '{ sub(/.*\) /, ""); printf "%s ", $17 } END { print "" }' /proc/self/stat /proc/$PPID/task/*/stat`;

/** Makes more calls than ior lets come without hurry. */
const FILL = "dd if=/dev/zero of=/dev/null bs=1 count=400000 2>&-";

/** Longer than ior runs first after its ring was filling. */
const REST = "sleep 8";

/** The niceness of the traced command, and those that ior's threads have, at each line of a script that shows them. */
async function nicenessIn(script: string, ...wrapper: string[]): Promise<[number, Set<number>][]> {
  const output = `${scratchDirectory("priority")}/report.txt`;
  const words = ["--rows", "-o", output, "--", "sh", "-c", script];
  const { code, stdout, stderr } = await runIor(["trace", ...words], { wrapper });
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n").map((line) => {
    const [command, ...threads] = line.trim().split(" ").map(Number);
    assert.ok(threads.length > 2, stdout);
    return [command, new Set(threads)];
  });
}

Deno.test("While calls fill the ring ior runs before others, its command does not, and later each has its turn again", async () => {
  assert.deepEqual(await nicenessIn(`${FILL}; ${SHOW}; ${REST}; ${SHOW}`), [
    [0, new Set([-20])],
    [0, new Set([0])],
  ]);
});

Deno.test("A niceness that somebody has chosen stays, for ior and for its command", async () => {
  for (const niceness of [5, -20]) {
    const seen = await nicenessIn(`${FILL}; ${SHOW}`, "nice", "-n", String(niceness));
    assert.deepEqual(seen, [[niceness, new Set([niceness])]]);
  }
});

Deno.test("Without the capability for it ior takes its turn", async () => {
  const without = ["setpriv", "--bounding-set", "-sys_nice"];
  assert.deepEqual(await nicenessIn(`${FILL}; ${SHOW}`, ...without), [[0, new Set([0])]]);
});

Deno.test("What ior starts takes its turn also while ior runs first: a command, and an editor", async () => {
  const libc = Libc.open();
  using _first = OwnProcess.open().runFirst();
  assert.equal(libc.niceness(0), -20);
  const plan = { argv: ["true"], stdoutToStderr: false, user: null, environment: null };
  using held = HeldCommand.start(plan);
  await held.ready();
  assert.equal(libc.niceness(held.pid), 0);
  held.release();
  assert.deepEqual(await held.ended, { exit: 0 });
  const file = `${scratchDirectory("priority")}/niceness`;
  const before = Deno.env.get("VISUAL") ?? "";
  Deno.env.set("VISUAL", `sh -c 'nice >"$0"'`);
  try {
    await openEditor(file);
  } finally {
    Deno.env.set("VISUAL", before);
  }
  assert.equal(Deno.readTextFileSync(file), "0\n");
  assert.equal(libc.niceness(0), -20);
});

Deno.test("A process runs first as long as one of its traces wants it, and has its niceness again at the end", async () => {
  const libc = Libc.open();
  const all = () => new Set(libc.threads().map((thread) => libc.niceness(thread)));
  const load = () =>
    Capture.load({
      selection: { ...emptyFilter(), pids: [Deno.pid] },
      launches: false,
      ringBytes: 65536,
      sequencer: new RowSequencer(),
      epoch: 1,
    });
  assert.deepEqual(all(), new Set([0]));
  {
    using one = await load();
    for (const on of [true, true, false, true]) {
      one.runFirst(on);
      assert.deepEqual(all(), new Set([on ? -20 : 0]));
    }
    {
      using other = await load();
      other.runFirst(true);
    }
    assert.deepEqual(all(), new Set([-20]));
  }
  assert.deepEqual(all(), new Set([0]));
});
