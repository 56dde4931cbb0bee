/** What the kernel sends of calls on files that a trace does not want, by the positions of the ring. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Capture } from "../../bpf/mod.ts";
import { Size } from "../../bpf/wire.ts";
import { RowSequencer } from "../../engine/sequencer.ts";
import type { Expression } from "../../runtime/expression/mod.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { actorProgram } from "../kernel_lib/actor.ts";
import { compile } from "../kernel_lib/compile.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** A record of a call with the ring's header. */
const RECORD_BYTES = 8 + Size.call_record;

/** What a name may take, with the ring's header. */
const NAME_BYTES = 512;

const CALLS = ["openat", "pread64", "close"];

/** Reads of the file that is not wanted; of the other, one for each hundred. */
const READS = 20_000;

function captureOf(pid: number, where: Expression, ringBytes: number): Promise<Capture> {
  return Capture.load({
    selection: { ...emptyFilter(), pids: [pid], syscalls: CALLS, where },
    launches: false,
    ringBytes,
    sequencer: new RowSequencer(),
    epoch: 1,
  });
}

/** A condition on paths, as `-P` has it. */
const inside = (directory: string): Expression => ({
  kind: "text",
  field: "path",
  operator: "~",
  values: [`^${directory}/`],
});

/** Takes what is in the ring; the calls of it that are rows. */
function drain(capture: Capture): number {
  let rows = 0;
  for (let full = true; full;) {
    const taken = capture.drain();
    full = taken.full;
    rows += taken.batch?.length ?? 0;
    if (taken.batch) capture.recycle(taken.batch.columns);
  }
  return rows;
}

const CONDITIONS: readonly [name: string, condition: (root: string) => Expression][] = [
  ["what matches -P", (root) => inside(`${root}/wanted`)],
  ["all but what matches --no-path", (root) => ({ kind: "not", term: inside(`${root}/other`) })],
];

for (const [name, condition] of CONDITIONS) {
  Deno.test(`Once a file has its verdict, the kernel sends ${name}, and not one record more`, async () => {
    const root = scratchDirectory("verdict");
    for (const directory of ["wanted", "other"]) {
      Deno.mkdirSync(`${root}/${directory}`);
      Deno.writeTextFileSync(`${root}/${directory}/file`, "x");
    }
    const program = await compile(fileURLToPath(new URL("../kernel_lib/two_files.c", import.meta.url)));
    const child = new Deno.Command(program, {
      args: [`${root}/other/file`, `${root}/wanted/file`, String(READS)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const input = child.stdin.getWriter(), output = child.stdout.getReader();
    using capture = await captureOf(child.pid, condition(root), 16 * 1024 * 1024);
    capture.attach();
    const round = async () => {
      await input.write(Uint8Array.of(1));
      assert.equal((await output.read()).value?.length, 1);
      const bytes = capture.pendingBytes;
      return { bytes, rows: drain(capture) };
    };
    const wanted = CALLS.length * READS / 100;
    // Before the verdict all calls are sent, and names.
    const all = CALLS.length * READS + wanted;
    const first = await round();
    assert.equal(first.rows, wanted);
    assert.ok(first.bytes - all * RECORD_BYTES < 4 * NAME_BYTES, `${first.bytes} bytes of ${all} calls`);
    const second = await round();
    assert.deepEqual(second, { bytes: wanted * RECORD_BYTES, rows: wanted });
    capture.disable();
    assert.equal(capture.loss().state, "none");
    await input.close();
    await output.cancel();
    await child.status;
  });
}

Deno.test("A call on a file whose name did not fit into the ring is lost, and not taken for one that is not wanted", async () => {
  const root = scratchDirectory("unnamed");
  const files = Array.from({ length: 200 }, (_, i) => `${root}/file-${i}`);
  for (const file of files) Deno.writeTextFileSync(file, "x");
  const child = new Deno.Command(await actorProgram(), {
    args: ["wait", ...files.map((file) => `read:${file}`)],
    stdin: "piped",
  }).spawn();
  using capture = await captureOf(child.pid, inside(root), 4096);
  capture.attach();
  const input = child.stdin.getWriter();
  await input.write(Uint8Array.of(1));
  await child.status;
  await input.close().catch(() => {});
  capture.disable();
  const rows = drain(capture);
  const { calls } = capture.loss();
  assert.ok(rows > 0 && calls! > 0, `${rows} rows, ${calls} lost`);
  assert.equal(rows + calls!, CALLS.length * files.length);
});
