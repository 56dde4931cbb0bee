import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { LATENCY_ENDS, type Observed } from "../../../cli/metrics/mod.ts";
import { batchOf, type Call, taskName } from "../../engine/batches.ts";
import { header } from "../../engine/recording/fixture.ts";

/** Numbers of calls on x86-64. */
export const READ = 0;
export const WRITE = 1;

/** Statistics as `ior serve` keeps them, with room for `maxGroups` commands. */
export function engine(maxGroups = 100): StatsEngine {
  return new StatsEngine({
    arch: "x86_64",
    ...STATS_LIMITS,
    by: [["comm"]],
    maxGroups,
    groupsLast: true,
  });
}

/** A trace in which each command has made these calls. */
export function observed(
  callsOf: Readonly<Record<string, readonly Call[]>>,
  changes: Partial<Observed> = {},
  stats = engine(),
): Observed {
  Object.entries(callsOf).forEach(([comm, calls], i) => {
    const task = { ...taskName(i + 1, 70 + i), comm };
    const files = [{ slot: 1, path: "/a" }, { slot: 2, path: "pipe:[7]" }];
    stats.ingest(batchOf(calls.map((call) => ({ ...call, task: i + 1 })), { tasks: [task], files }));
  });
  return {
    header: header(),
    stats: stats.sums(LATENCY_ENDS),
    residentBytes: 1e8,
    startSeconds: 1000,
    recording: null,
    responses: new Map([[200, 3]]),
    refused: new Map(),
    exports: null,
    ...changes,
  };
}
