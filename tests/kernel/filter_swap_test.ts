/** A filter that changes all the time, under load, while the trace is recorded. */
import assert from "node:assert/strict";
import { Capture, type CaptureOptions } from "../../bpf/mod.ts";
import { machineArch, RecorderClient, RowBuilder } from "../../engine/mod.ts";
import { openRecording } from "../../engine/recording/mod.ts";
import { liveFilterSetter } from "../../engine/session/live_filter.ts";
import { prepareWith } from "../../engine/session/prepare.ts";
import { Probes } from "../../engine/session/probes.ts";
import {
  compileCalls,
  compileCondition,
  emptyFilter,
  type Filter,
  formatFilter,
} from "../../runtime/filter/mod.ts";
import { CALL_EXTRAS } from "../../runtime/expression/mod.ts";
import type { StreamRow } from "../../runtime/row.ts";
import { SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { header } from "../engine/recording/fixture.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { draws } from "../runtime/expression/draw.ts";
import { randomExpression } from "../runtime/filter/random_filters.ts";
import { waitFor } from "../wait.ts";

/** How often the filter changes, and for how long. */
const EVERY_MS = 10;
const FOR_MS = 10_000;

const ARCH = machineArch();
const FS = SYSCALLS.filter(({ family }) => family === "FS").map(({ name }) => name);

/** Calls by path and by descriptor, that fail and that do not, of several processes and names. */
const LOAD = "echo x >a; while :; do cat a b.log >/dev/null; mv a A; mv A a; done 2>/dev/null";

function spawn(command: string, args: string[], cwd: string): Deno.ChildProcess {
  return new Deno.Command(command, { args, cwd, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

for (const [where, ringGroups] of [["", 1], [", with a ring for each of two CPUs", 2]] as const) {
  Deno.test(`With a filter that changes every 10 ms for 10 s under load, each recorded row satisfies the filter of its epoch${where}`, async () => {
    const draw = draws();
    const folder = scratchDirectory("swap");
    const path = `${folder}/run.parquet`;
    const loads = [
      spawn("sh", ["-c", LOAD], folder),
      // Thousands of short reads and writes between two changes, and not as many as a core can do.
      spawn("sh", ["-c", "while :; do dd if=/dev/zero of=/dev/null bs=1 count=2000; done"], folder),
    ];
    const scope = { ...emptyFilter(), pids: loads.map(({ pid }) => pid) };
    const drawFilter = (): Filter => ({
      ...scope,
      syscalls: FS.filter(() => draw.whole(3) > 0),
      where: draw.whole(6) === 0 ? null : randomExpression(draw),
    });
    const filters: Filter[] = [drawFilter()];
    let calls: number;
    try {
      const load = (options: CaptureOptions) => Capture.load({ ...options, ringGroups });
      await using prepared = await prepareWith(load, {
        selection: filters[0],
        groups: { selected: [], nameOf: (path) => path },
        extras: CALL_EXTRAS,
        ringBytes: 16 * 1024 * 1024,
        command: null,
      });
      await using recorder = await RecorderClient.open({
        arch: ARCH,
        target: { kind: "file", path },
        owner: null,
      });
      const attached = prepared.attach();
      const known = header({ arch: ARCH });
      await recorder.start({ startedWallNs: attached.facts.startedWallNs, header: known });
      const running = attached.run([recorder], null);
      const probes = new Probes(running.calls, ARCH, filters[0], null);
      const setFilter = liveFilterSetter(filters[0], { running, probes, baselines: [], rows: null });
      const end = performance.now() + FOR_MS;
      for (let next = performance.now(); next < end; next += EVERY_MS) {
        await waitFor(() => performance.now() >= next, { timeoutMs: FOR_MS, what: "the next change" });
        const filter = drawFilter();
        filters.push(filter);
        assert.equal(await setFilter(filter), filters.length, "epochs are counted");
      }
      calls = (await running.stop()).calls;
      const status = await recorder.stop({ header: known, running: [] });
      assert.deepEqual([status.lastError, status.rows], [null, calls]);
    } finally {
      for (const load of loads) {
        load.kill("SIGKILL");
        await load.status;
      }
    }
    const wants = filters.map((filter) => {
      const isSelected = compileCalls(filter);
      const matches = filter.where === null ? () => true : compileCondition(filter.where);
      return (row: StreamRow) => isSelected(row.syscall) && matches(row);
    });
    const epochs = new Set<number>();
    const builder = new RowBuilder(ARCH);
    let rows = 0;
    let last = 1;
    for await (const batch of (await openRecording([path])).batches()) {
      builder.apply(batch);
      assert.ok(batch.epoch >= last, `epoch ${batch.epoch} after ${last}`);
      last = batch.epoch;
      epochs.add(last);
      for (let i = 0; i < batch.length; i++) {
        const row = builder.row(i);
        if (wants[last - 1](row)) continue;
        assert.fail(`Epoch ${last}, ${formatFilter(filters[last - 1])}, has ${Deno.inspect(row)}`);
      }
      rows += batch.length;
    }
    assert.equal(rows, calls);
    console.log(`${filters.length} filters, ${epochs.size} with rows, ${rows} rows`);
    assert.ok(epochs.size > 20 && rows > 1000, `${rows} rows of ${epochs.size} epochs`);
  });
}
