/** What counting a call costs in the stats engine, beside a loop that only reads the same columns. */
import { StatsEngine } from "../../engine/stats/stats_engine.ts";
import { STATS_LIMITS } from "../../runtime/messages.ts";
import { measureNewFiles, measureStream, type StreamCost, STREAMS } from "./streams.ts";

/** Counts each stream, and files that are all new. Takes about ten seconds and needs nothing but a processor. */
export function runStatsBench(): StreamCost[] {
  return [...STREAMS.map((stream) => measureStream(stream, newEngine())), measureNewFiles(newEngine())];
}

/** The results as lines, beside the budget of the design. */
export function statsBenchLines(results: readonly StreamCost[], budgetNs: number): string[] {
  return results.map(({ stream, nsPerCall, ratio }) =>
    `  stats engine, ${stream}: ${nsPerCall.toFixed(0)} ns a call (budget ${budgetNs}), ` +
    `${ratio.toFixed(1)}x of reading the columns`
  );
}

function newEngine(): StatsEngine {
  return new StatsEngine({ arch: "x86_64", ...STATS_LIMITS });
}

if (import.meta.main) console.log(statsBenchLines(runStatsBench(), 60).join("\n"));
