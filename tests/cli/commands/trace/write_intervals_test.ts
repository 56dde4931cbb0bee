import assert from "node:assert/strict";
import { writeIntervals } from "../../../../cli/commands/trace/write_intervals.ts";
import type { RunningTrace } from "../../../../engine/mod.ts";
import type { StatsSnapshot } from "../../../../runtime/stats.ts";
import { waitFor } from "../../../wait.ts";
import { exampleSnapshot, HEADER } from "../../report/fixture.ts";

Deno.test("An interval ends where its calls do, however long their numbers take", async () => {
  let wallNs = 0;
  const written: [wallNs: number, missedSlow: number, snapshot: StatsSnapshot][] = [];
  const snapshot = exampleSnapshot();
  const running = {
    ended: new Promise<never>(() => {}),
    get wallNs() {
      return wallNs;
    },
    cut: (begin: () => Promise<unknown>) => {
      wallNs += 1_000;
      return begin();
    },
    figures: () => ({ missedSlow: wallNs }),
    stop: () => Promise.resolve(),
  };
  const sources = {
    header: () => ({ ...HEADER, wall_ns: wallNs }),
    stats: {
      async snapshotAndReset(sinceNs?: number) {
        assert.equal(sinceNs, wallNs);
        await Promise.resolve();
        wallNs += 500_000; // calls that end meanwhile are of the next interval
        return snapshot;
      },
    },
    reports: {
      writeInterval(now: { wall_ns: number }, { missedSlow }: { missedSlow: unknown }, of: StatsSnapshot) {
        written.push([now.wall_ns, missedSlow as number, of]);
        return Promise.resolve();
      },
    },
  };
  const plan = { intervalNs: 1, count: 2, durationNs: null };
  assert.equal(await writeIntervals(running as unknown as RunningTrace, sources, plan), false);
  assert.deepEqual(written, [[1_000, 1_000, snapshot], [502_000, 502_000, snapshot]]);
});

Deno.test("The interval that ends with the trace is not cut before its end, however near that is", async () => {
  const ends = Promise.withResolvers<void>();
  const written: number[] = [];
  let [wallNs, asked] = [0, 0];
  const running = {
    get ended() {
      asked++;
      return ends.promise;
    },
    get wallNs() {
      return wallNs;
    },
    cut(begin: () => Promise<unknown>) {
      wallNs += 1_000;
      return begin();
    },
    figures: () => ({ missedSlow: null }),
    stop: () => Promise.resolve(),
  };
  const sources = {
    header: () => ({ ...HEADER, wall_ns: wallNs }),
    stats: { snapshotAndReset: () => Promise.resolve(exampleSnapshot()) },
    reports: {
      writeInterval(now: { wall_ns: number }) {
        written.push(now.wall_ns);
        return Promise.resolve();
      },
    },
  };
  const plan = { intervalNs: 1_000, count: null, durationNs: 3_000 };
  const writing = writeIntervals(running as unknown as RunningTrace, sources, plan);
  // The second time it waits for it.
  await waitFor(() => asked === 2 || written.length > 2, { timeoutMs: 10_000, what: "two intervals" });
  ends.resolve();
  assert.equal(await writing, true);
  assert.deepEqual(written, [1_000, 2_000]);
});
