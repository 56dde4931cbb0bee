/** Which share of the CPUs ior takes: it reads as fast as others make calls, and its command does not notice. */
import assert from "node:assert/strict";
import { Capture } from "../../bpf/mod.ts";
import { OwnProcess } from "../../bpf/own_process.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { RowSequencer } from "../../engine/mod.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** A command that prints its own niceness and that of each of ior's threads, fields of `man 5 proc_pid_stat`. */
const SHOW = [
  "sh",
  "-c",
  `for s in /proc/self/stat /proc/$PPID/task/*/stat; do sed 's/.*) //' $s | cut -d' ' -f17; done`,
];

/** The niceness of a traced command, and those that ior's threads have meanwhile. */
async function nicenessUnder(...wrapper: string[]): Promise<[number, Set<number>]> {
  const output = `${scratchDirectory("priority")}/report.txt`;
  const { code, stdout, stderr } = await runIor(["trace", "-o", output, "--", ...SHOW], { wrapper });
  assert.equal(code, 0, stderr);
  const [command, ...threads] = stdout.trim().split("\n").map(Number);
  assert.ok(threads.length > 2, stdout);
  return [command, new Set(threads)];
}

Deno.test("While it traces ior runs before others, and its command in turn with them", async () => {
  assert.deepEqual(await nicenessUnder(), [0, new Set([-20])]);
});

Deno.test("A niceness that somebody has chosen stays, for ior and for its command", async () => {
  assert.deepEqual(await nicenessUnder("nice", "-n", "5"), [5, new Set([5])]);
});

Deno.test("Without the capability for it ior traces in turn with others", async () => {
  assert.deepEqual(await nicenessUnder("setpriv", "--bounding-set", "-sys_nice"), [0, new Set([0])]);
});

Deno.test("A process that traces for itself has its niceness again at the end", async () => {
  const libc = Libc.open();
  const all = () => new Set(libc.threads().map((thread) => libc.niceness(thread)));
  assert.deepEqual(all(), new Set([0]));
  {
    using capture = await Capture.load({
      selection: { ...emptyFilter(), pids: [Deno.pid] },
      launches: false,
      ringBytes: 65536,
      sequencer: new RowSequencer(),
      epoch: 1,
    });
    assert.deepEqual(all(), new Set([0]));
    capture.attach();
    assert.deepEqual(all(), new Set([-20]));
    const child = OwnProcess.open().startInTurn(() => new Deno.Command("sleep", { args: ["60"] }).spawn());
    assert.equal(libc.niceness(child.pid), 0);
    assert.deepEqual(all(), new Set([-20]));
    child.kill();
    await child.status;
    capture.disable();
  }
  assert.deepEqual(all(), new Set([0]));
});
