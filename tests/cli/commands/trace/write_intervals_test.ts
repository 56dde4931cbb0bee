import assert from "node:assert/strict";
import { writeIntervals } from "../../../../cli/commands/trace/write_intervals.ts";
import type { RunningTrace } from "../../../../engine/mod.ts";
import type { StatsSnapshot } from "../../../../runtime/stats.ts";
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
      async snapshotAndReset() {
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
  assert.equal(await writeIntervals(running as unknown as RunningTrace, sources, 1, 2), false);
  assert.deepEqual(written, [[1_000, 1_000, snapshot], [502_000, 502_000, snapshot]]);
});
